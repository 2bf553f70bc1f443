#include "cli/table.hpp"

#include <algorithm>
#include <utility>

#include "observe/escape.hpp"

namespace gantry::cli {
namespace {

// Characters, not bytes: UTF-8's continuation bytes begin with the bits 10.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string one_line(const std::string& text) {
  std::string line;
  observe::append_escaped(line, text, false);
  return line;
}

Table::Table(std::vector<std::string> heads) : numbers_(heads.size()) {
  rows_.push_back(std::move(heads));
}

void Table::row(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = one_line(cell);
  rows_.push_back(std::move(cells));
}

void Table::number_column(std::size_t column) { numbers_[column] = true; }

void Table::print(std::ostream& out) const {
  std::vector<std::size_t> widths(numbers_.size());
  for (const auto& cells : rows_)
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], width(cells[i]));
  for (const auto& cells : rows_) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string padding(widths[i] - width(cells[i]), ' ');
      line += numbers_[i] ? padding + cells[i] : cells[i] + padding;
      line += "  ";
    }
    line.resize(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

}  // namespace gantry::cli
