#include "cli/scaffold.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace gantry::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongest = 50;  // a table's name has at most 63 bytes in PostgreSQL

// C++'s, as far as they look like a plugin's name, of which its array of migrations has its own.
constexpr std::array kKeywords = std::to_array<std::string_view>(
    {"and",       "asm",       "auto",      "bitand",    "bitor",     "bool",     "break",
     "case",      "catch",     "char",      "class",     "compl",     "concept",  "const",
     "consteval", "constexpr", "constinit", "continue",  "decltype",  "default",  "delete",
     "do",        "double",    "else",      "enum",      "explicit",  "export",   "extern",
     "false",     "float",     "for",       "friend",    "goto",      "if",       "inline",
     "int",       "long",      "mutable",   "namespace", "new",       "noexcept", "not",
     "nullptr",   "operator",  "or",        "private",   "protected", "public",   "register",
     "requires",  "return",    "short",     "signed",    "sizeof",    "static",   "struct",
     "switch",    "template",  "this",      "throw",     "true",      "try",      "typedef",
     "typeid",    "typename",  "union",     "unsigned",  "using",     "virtual",  "void",
     "volatile",  "while",     "xor"});

void check_keyword(const std::string& name) {
  if (std::ranges::find(kKeywords, name) == kKeywords.end()) return;
  throw std::runtime_error("\"" + name +
                           "\" can't be a plugin's name, being a keyword of C++: "
                           "write another, as in acme-" +
                           name);
}

// What is a library's name, and as well part of a table's and a class's.
void check_name(const std::string& name) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto may_be = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  if (!name.empty() && name.size() <= kLongest && is_letter(name.front()) && name.back() != '-' &&
      name.find("--") == std::string::npos && std::ranges::all_of(name, may_be))
    return check_keyword(name);
  throw std::runtime_error("\"" + name +
                           "\" can't be a plugin's name: write at most 50 lower case letters, "
                           "digits and single -, a letter first, as in acme-audit");
}

std::string identifier_of(std::string name) {
  std::ranges::replace(name, '-', '_');
  return name;
}

std::string class_of(const std::string& name) {
  std::string word;
  bool begins = true;
  for (const char c : name) {
    if (c != '-') word += begins ? static_cast<char>(std::toupper(c)) : c;
    begins = c == '-';
  }
  return word;
}

class Filler {
 public:
  explicit Filler(const std::string& name)
      : words_{{{"@NAME@", name}, {"@ID@", identifier_of(name)}, {"@CLASS@", class_of(name)}}} {}

  std::string fill(std::string text) const {
    for (const auto& [mark, word] : words_)
      for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += word.size())
        text.replace(at, mark.size(), word);
    return text;
  }

 private:
  std::array<std::pair<std::string, std::string>, 3> words_;
};

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error))
    if (at->path().extension() == ".in") files.push_back(at->path().lexically_relative(folder));
  if (files.empty())
    throw std::runtime_error("no templates in " + folder.string() +
                             ": install the package gantry-plugin-dev");
  std::ranges::sort(files);
  return files;
}

void check_empty(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return;
  if (!fs::is_directory(folder, error) || !fs::is_empty(folder, error))
    throw std::runtime_error(folder.string() +
                             " is there and not an empty folder: choose another with --folder");
}

void write(const fs::path& from, const fs::path& to, const Filler& filler) {
  std::ifstream in(from, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  std::ofstream out(to, std::ios::binary);
  out << filler.fill(text) << std::flush;
  if (!in || !out || error)
    throw std::runtime_error(to.string() + " can't be written: check the folder and its disk");
}

}  // namespace

std::vector<fs::path> write_plugin(const fs::path& templates, const std::string& name,
                                   const fs::path& folder) {
  check_name(name);
  const std::vector<fs::path> files = files_below(templates);
  check_empty(folder);
  const Filler filler(name);
  std::vector<fs::path> written;
  for (const fs::path& file : files) {
    written.emplace_back(filler.fill(fs::path(file).replace_extension().string()));
    write(templates / file, folder / written.back(), filler);
  }
  return written;
}

}  // namespace gantry::cli
