// Columns that line up.
#include "cli/table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace gantry::cli {
namespace {

std::string printed(const Table& table) {
  std::ostringstream out;
  table.print(out);
  return out.str();
}

TEST(Table, lines_its_columns_up_numbers_to_the_right) {
  Table table({"ROUTE", "COUNT", "LAST"});
  table.number_column(1);
  table.row({"alert", "7", "today"});
  table.row({"order-saver", "1234567", ""});
  EXPECT_EQ(printed(table),
            "ROUTE          COUNT  LAST\n"
            "alert              7  today\n"
            "order-saver  1234567\n");
}

TEST(Table, counts_characters_not_bytes) {
  Table table({"KEY", "N"});
  table.row({"주문", "1"});
  table.row({"ab", "2"});
  EXPECT_EQ(printed(table), "KEY  N\n주문   1\nab   2\n");
}

TEST(Table, lets_no_cell_break_its_line_or_control_the_terminal) {
  Table table({"A"});
  table.row({"x\ny\x1b[2J"});
  EXPECT_EQ(printed(table), "A\nx\\ny\\u001b[2J\n");
}

}  // namespace
}  // namespace gantry::cli
