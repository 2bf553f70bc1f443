// The file of a crash journal, for one process at a time: what is there is read; a new one is
// written beside it and takes its place when it is complete, so that a full disk leaves the old one
// as it is. Grows by sections, each mapped for as long as this lives.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace gantry::route {

class JournalFile {
 public:
  // Keeps others out by a lock file beside it. Throws std::system_error; EWOULDBLOCK: another
  // process has it.
  explicit JournalFile(const std::filesystem::path& file);
  ~JournalFile();
  JournalFile(const JournalFile&) = delete;
  JournalFile& operator=(const JournalFile&) = delete;

  std::string read() const;  // empty: there is none

  void begin();  // a new one, not in its place yet
  // At its end: at least this many bytes, zero, of whole pages. Their space is taken from the disk
  // now: a page that finds none when it is first written to is a SIGBUS.
  char* append(std::size_t size);
  void take_place();
  void remove();  // what is mapped stays so

  static std::size_t whole_pages(std::size_t size);

 private:
  struct Mapped {
    char* at;
    std::size_t size;
  };
  std::filesystem::path beside(const char* suffix) const;

  const std::filesystem::path path_;
  int lock_ = -1;
  int file_ = -1;
  std::size_t size_ = 0;
  std::vector<Mapped> mapped_;
};

}  // namespace gantry::route
