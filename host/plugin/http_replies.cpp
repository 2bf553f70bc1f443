#include "plugin/http_replies.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "plugin/host_services.hpp"

namespace gantry::plugin {
namespace {

// The server's own: where an answer ends, and whether the connection goes on.
constexpr std::array<std::string_view, 8> kOwned{"connection", "content-length",   "content-type",
                                                 "date",       "keep-alive",       "trailer",
                                                 "upgrade",    "transfer-encoding"};

std::string_view view(gantry_str text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || (c != '\0' && std::strchr("!#$%&'*+-.^_`|~", c) != nullptr);
  });
}

bool is_value(std::string_view value) {
  return std::ranges::none_of(value,
                              [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

bool is_owned(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::ranges::find(kOwned, lower) != kOwned.end();
}

// What is wrong with it; what is wrong is left out of it.
std::optional<std::string> read(route::HttpReply& reply, std::int32_t status, gantry_str type,
                                const gantry_header* headers, std::size_t count) {
  std::optional<std::string> wrong;
  reply.status = status;
  if (status < 200 || status > 599) {
    wrong = "respond() got the status " + std::to_string(status);
    reply.status = 500;
  }
  if (is_value(view(type)))
    reply.content_type = view(type);
  else
    wrong = "respond() got a content type with a control character";
  for (std::size_t i = 0; i < count; ++i) {
    const gantry_header& header = headers[i];
    const std::string_view name = view(header.name);
    const std::string_view value{reinterpret_cast<const char*>(header.value.data),
                                 header.value.data == nullptr ? 0 : header.value.size};
    if (is_name(name) && is_value(value) && !is_owned(name))
      reply.fields.emplace_back(name, value);
    else
      wrong = "respond() got a field that is not one, or that the server writes itself";
  }
  return wrong;
}

std::int32_t respond(const gantry_host* host, gantry_slot slot, std::int32_t status,
                     gantry_str content_type, const gantry_header* headers,
                     std::size_t header_count, gantry_bytes body) {
  HostServices& services = HostServices::of(host);
  route::HttpReply reply;
  if (const auto wrong = read(reply, status, content_type, headers, header_count))
    services.misbehaviour().count("bad_reply", *wrong);
  if (body.data != nullptr) reply.body.assign(reinterpret_cast<const char*>(body.data), body.size);
  return services.reply(slot, std::move(reply)) ? GANTRY_DONE : GANTRY_UNKNOWN_SLOT;
}

constexpr gantry_http_v1 kTable{sizeof(gantry_http_v1), &respond};

}  // namespace

const gantry_http_v1& http_replies() { return kTable; }

}  // namespace gantry::plugin
