#include "identity/event_id.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace identity {
namespace {

// Chosen once for all events of this project; another one would give every event a new id.
constexpr std::string_view events = "5d0f2d3c-0a3e-4a6b-9d0e-7c3b6a1f4e52";

std::string generate(const boost::uuids::name_generator_sha1& generator, std::string_view name) {
  return boost::uuids::to_string(generator(name.data(), name.size()));
}

boost::uuids::uuid parsed(std::string_view uuid) {
  return boost::uuids::string_generator()(uuid.begin(), uuid.end());
}

}  // namespace

std::string uuid_v5(std::string_view space, std::string_view name) {
  return generate(boost::uuids::name_generator_sha1(parsed(space)), name);
}

std::string event_id(std::string_view type, std::string_view key) {
  static const boost::uuids::name_generator_sha1 generator(parsed(events));
  std::string name(type);
  name += '/';
  name += key;
  return generate(generator, name);
}

}  // namespace identity
