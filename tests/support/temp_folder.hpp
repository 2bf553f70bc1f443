// A private folder under ${TMPDIR:-/tmp}, or another one, that is removed with everything in it.
// Owned by the test, used on its thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace gantry::test {

class TempFolder {
 public:
  explicit TempFolder(const std::filesystem::path& parent = std::filesystem::temp_directory_path());
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

void write_file(const std::filesystem::path& file, std::string_view content);  // makes its folders
std::string read_file(const std::filesystem::path& file);  // empty when it is not there

}  // namespace gantry::test
