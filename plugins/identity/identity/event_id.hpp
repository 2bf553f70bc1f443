// Event ids that are a function of the event: UUID version 5 (RFC 9562), so that the same event has
// the same id whoever makes it and however often. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

namespace identity {

// UUIDv5 in lower case, of a namespace UUID given as text and a name. Throws where the namespace is
// no UUID.
std::string uuid_v5(std::string_view space, std::string_view name);

// Of an event's type and what is unique among events of that type: "OrderCreatedEvent" and "41".
std::string event_id(std::string_view type, std::string_view key);

}  // namespace identity
