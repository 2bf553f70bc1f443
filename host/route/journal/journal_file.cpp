#include "route/journal/journal_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace gantry::route {
namespace {

[[noreturn]] void fail(int error, const std::filesystem::path& file) {
  throw std::system_error(error, std::generic_category(), file.string());
}

int open_file(const std::filesystem::path& file, int flags) {
  const int opened = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | flags, 0600);
  if (opened < 0) fail(errno, file);
  return opened;
}

}  // namespace

std::filesystem::path JournalFile::beside(const char* suffix) const {
  return path_.string() + suffix;
}

// The lock file stays for ever: one that is removed can be locked by two.
JournalFile::JournalFile(const std::filesystem::path& file)
    : path_(file), lock_(open_file(beside(".lock"), 0)) {
  if (flock(lock_, LOCK_EX | LOCK_NB) == 0) return;
  const int error = errno;
  close(lock_);
  fail(error, path_);
}

JournalFile::~JournalFile() {
  for (const Mapped& section : mapped_) munmap(section.at, section.size);
  if (file_ >= 0) close(file_);
  close(lock_);
}

std::string JournalFile::read() const {
  std::ifstream in{path_, std::ios::binary};
  if (!in && std::filesystem::exists(path_)) fail(errno, path_);
  return {std::istreambuf_iterator<char>{in}, {}};
}

void JournalFile::begin() { file_ = open_file(beside(".new"), O_TRUNC); }

char* JournalFile::append(std::size_t size) {
  size = whole_pages(size);
  const auto end = static_cast<off_t>(size_);
  if (const int error = posix_fallocate(file_, end, static_cast<off_t>(size))) fail(error, path_);
  void* map = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file_, end);
  if (map == MAP_FAILED) fail(errno, path_);
  size_ += size;
  mapped_.push_back({static_cast<char*>(map), size});
  return mapped_.back().at;
}

void JournalFile::take_place() { std::filesystem::rename(beside(".new"), path_); }

void JournalFile::remove() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

std::size_t JournalFile::whole_pages(std::size_t size) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

}  // namespace gantry::route
