// Text of unknown origin made safe for one line of a log or a JSON string: control characters are
// escaped, bytes that are not UTF-8 become U+FFFD. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

namespace gantry::observe {

// Appends `text` as the inside of a JSON string, without the quotes. What would break a line (also
// U+0085, U+2028 and U+2029) is escaped. quotes = false leaves `"` and `\` as they are: for text
// that stands for itself.
void append_escaped(std::string& out, std::string_view text, bool quotes = true);

// Whether it is UTF-8 without control characters, so that it may be shown as it is. lines: it may
// have tabs and line ends.
bool is_readable(std::string_view text, bool lines = false);

// `text` as a whole JSON string, with its quotes.
std::string json_string(std::string_view text);

}  // namespace gantry::observe
