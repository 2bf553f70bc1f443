#include "config/interpolate.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace gantry::config {
namespace {

constexpr const char* kForms =
    "write ${env:NAME}, ${env:NAME:-otherwise}, ${file:PATH}, ${credential:NAME} or ${hostname}; "
    "$${ is the text ${";

std::string content_of(const std::filesystem::path& path, const std::string& what) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw InterpolationFailed(what + " is a folder: " + path.string(), "name a file");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const std::string reason = std::generic_category().message(errno);
    throw InterpolationFailed("cannot read " + what + " " + path.string() + ": " + reason,
                              "create the file, or make it readable for the user of this process");
  }
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!text.empty() && text.back() == '\n') text.pop_back();
  if (!text.empty() && text.back() == '\r') text.pop_back();
  return text;
}

std::string environment(std::string_view argument) {
  const std::size_t separator = argument.find(":-");
  const std::string name(argument.substr(0, separator));
  if (name.empty()) throw InterpolationFailed("${env:} names no variable", kForms);
  if (const char* value = std::getenv(name.c_str())) return value;
  if (separator != std::string_view::npos) return std::string(argument.substr(separator + 2));
  throw InterpolationFailed("the environment variable " + name + " is not set",
                            "set it, or give a default: ${env:" + name + ":-otherwise}");
}

std::string credential(std::string_view name) {
  if (name.empty() || name.find('/') != std::string_view::npos) {
    throw InterpolationFailed("\"" + std::string(name) + "\" is not the name of a credential",
                              "name a file in $CREDENTIALS_DIRECTORY or /etc/credstore, without /");
  }
  std::string searched;
  std::error_code error;
  if (const char* folder = std::getenv("CREDENTIALS_DIRECTORY")) {
    const std::filesystem::path path = std::filesystem::path(folder) / name;
    if (std::filesystem::exists(path, error)) return content_of(path, "the credential");
    searched = path.string() + " and ";
  }
  const std::filesystem::path path = std::filesystem::path("/etc/credstore") / name;
  if (std::filesystem::exists(path, error)) return content_of(path, "the credential");
  throw InterpolationFailed("the credential " + std::string(name) + " does not exist; looked for " +
                                searched + path.string(),
                            "write it there, or pass it with LoadCredential= in the systemd unit");
}

}  // namespace

Interpolated interpolate(std::string_view text, const std::filesystem::path& folder) {
  Interpolated result;
  while (!text.empty()) {
    const std::size_t dollar = text.find("${");
    if (dollar == std::string_view::npos) {
      result.text += text;
      break;
    }
    result.text += text.substr(0, dollar);
    if (dollar > 0 && text[dollar - 1] == '$') {
      result.text += "{";  // the first $ is there already
      text.remove_prefix(dollar + 2);
      continue;
    }
    const std::size_t end = text.find('}', dollar);
    if (end == std::string_view::npos) {
      throw InterpolationFailed("${ without a closing }", kForms);
    }
    const std::string_view inner = text.substr(dollar + 2, end - dollar - 2);
    if (inner == "hostname") {
      result.text += host_name();
    } else if (inner.starts_with("env:")) {
      result.text += environment(inner.substr(4));
      result.hidden = true;
    } else if (inner.starts_with("file:")) {
      result.text += content_of(folder / inner.substr(5), "the file");
      result.hidden = true;
    } else if (inner.starts_with("credential:")) {
      result.text += credential(inner.substr(11));
      result.hidden = true;
    } else {
      throw InterpolationFailed("${" + std::string(inner) + "} is not known", kForms);
    }
    text.remove_prefix(end + 1);
  }
  return result;
}

std::string host_name() {
  char name[256] = {};
  if (gethostname(name, sizeof name - 1) != 0) return "localhost";
  return name;
}

}  // namespace gantry::config
