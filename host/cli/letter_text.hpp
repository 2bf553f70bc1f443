// Dead letters and records for people and, as JSON, for programs. Never more of a terminal's
// control characters than tabs and line ends. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "dlq/letter.hpp"
#include "dlq/selection.hpp"

namespace gantry::cli {

std::string time_text(std::int64_t ms);  // RFC 3339 in UTC; "-": none

void print_groups(std::ostream& out, const std::vector<dlq::Group>& groups);
void print_letters(std::ostream& out, const std::vector<dlq::Letter>& letters);  // one a line
void print_letter(std::ostream& out, const dlq::Letter& letter);                 // all of it

// A record's key, headers and value, as print_letter() ends.
void print_record(std::ostream& out, const route::OutRecord& record);

boost::json::object group_json(const dlq::Group& group);
boost::json::object letter_json(const dlq::Letter& letter);  // without key, headers and value
// Text where it is text ("value"), else in hex ("valueHex"); null where it is Kafka's null.
void add_record_json(boost::json::object& object, const route::OutRecord& record);

// "name   text" with the texts of several lines under each other.
void print_field(std::ostream& out, const std::string& name, const std::string& text);

}  // namespace gantry::cli
