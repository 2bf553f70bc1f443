#include "route/crash_journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace gantry::route {
namespace {

// Of the calling thread, for a signal handler that runs on it.
thread_local std::uint32_t this_thread = journal::kUnknownThread;

[[noreturn]] void fail(int error, const std::filesystem::path& file) {
  throw std::system_error(error, std::generic_category(), file.string());
}

std::string read_all(int file, const std::filesystem::path& path) {
  struct stat status {};
  if (fstat(file, &status) != 0) fail(errno, path);
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t read = 0;
  while (read < bytes.size()) {
    const ssize_t count =
        pread(file, bytes.data() + read, bytes.size() - read, static_cast<off_t>(read));
    if (count < 0) fail(errno, path);
    if (count == 0) break;
    read += static_cast<std::size_t>(count);
  }
  bytes.resize(read);
  return bytes;
}

}  // namespace

void JournalHand::enter_thread() const { this_thread = thread_; }

CrashJournal::CrashJournal(const std::filesystem::path& file)
    : path_(file), file_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (file_ < 0) fail(errno, path_);
  try {
    if (flock(file_, LOCK_EX | LOCK_NB) != 0) fail(errno, path_);
    last_ = read_journal(read_all(file_, path_));
  } catch (...) {
    ::close(file_);
    throw;
  }
}

CrashJournal::~CrashJournal() {
  if (map_ != nullptr) munmap(map_, size_);
  ::close(file_);
}

void CrashJournal::begin(const std::vector<JournaledRoute>& routes) {
  size_ = lay_out(routes);
  // Taken from the disk now: a page that finds no room when it is first written to is a SIGBUS.
  if (ftruncate(file_, 0) != 0) fail(errno, path_);
  if (const int error = posix_fallocate(file_, 0, static_cast<off_t>(size_))) fail(error, path_);
  void* map = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
  if (map == MAP_FAILED) fail(errno, path_);
  map_ = static_cast<char*>(map);

  header_ = new (map_) journal::Header{};
  header_->version = journal::kVersion;
  header_->topics = static_cast<std::uint32_t>(topics_.size());
  header_->suspects = static_cast<std::uint32_t>(last_.suspects.size());
  header_->crashes = last_.crashes;
  write_topics();
  char* at = map_ + sizeof(journal::Header) + topics_.size() * sizeof(journal::Topic);
  for (const JournaledRoute& route : routes) {
    Route& made = routes_[route.name];
    for (const std::string& topic : route.topics)
      made.topics[topic] = topics_.at({route.group, topic});
    const std::uint32_t capacity = std::min(route.capacity, kMostInHand);
    for (std::uint32_t i = 0; i < route.hands; ++i, at += journal::hand_size(capacity)) {
      auto* hand = new (at) journal::Hand{};
      hand->capacity = capacity;
      hand->pends = route.pends ? 1 : 0;
      made.hands.emplace_back(hand, header_->hands++);
    }
  }
  suspects_ = reinterpret_cast<journal::SuspectRecord*>(at);
  write_suspects();
  __atomic_thread_fence(__ATOMIC_RELEASE);
  std::memcpy(header_->magic, journal::kMagic, sizeof header_->magic);
}

// The size of all, and the number of each topic: those of the routes, then those of suspects whose
// route is not there now.
std::size_t CrashJournal::lay_out(const std::vector<JournaledRoute>& routes) {
  const auto number = [this](const std::string& group, const std::string& topic) {
    topics_.try_emplace({group, topic}, static_cast<std::uint32_t>(topics_.size()));
  };
  std::size_t hands = 0;
  for (const JournaledRoute& route : routes) {
    for (const std::string& topic : route.topics) number(route.group, topic);
    hands += route.hands * journal::hand_size(std::min(route.capacity, kMostInHand));
  }
  for (const Suspect& suspect : last_.suspects)
    number(suspect.message.group, suspect.message.topic);
  return sizeof(journal::Header) + topics_.size() * sizeof(journal::Topic) + hands +
         last_.suspects.size() * sizeof(journal::SuspectRecord);
}

void CrashJournal::write_topics() {
  auto* all = reinterpret_cast<journal::Topic*>(map_ + sizeof(journal::Header));
  for (const auto& [names, number] : topics_) {
    const auto& [group, topic] = names;
    auto* one = new (all + number) journal::Topic{};
    // A group's name that does not fit is cut, and then nobody is found by it and suspected.
    one->topic_size = static_cast<std::uint32_t>(std::min(topic.size(), sizeof one->text));
    one->group_size =
        static_cast<std::uint32_t>(group.copy(one->text, sizeof one->text - one->topic_size));
    topic.copy(one->text + one->group_size, one->topic_size);
  }
}

void CrashJournal::write_suspects() {
  for (std::size_t i = 0; i < last_.suspects.size(); ++i) {
    const auto& [message, crashes] = last_.suspects[i];
    new (suspects_ + i)
        journal::SuspectRecord{{.offset = message.offset,
                                .timestamp_ms = message.timestamp_ms,
                                .partition = message.partition,
                                .topic = topics_.at({message.group, message.topic})},
                               crashes,
                               0};
  }
}

CrashJournal::Route CrashJournal::route(const std::string& name) const {
  const auto found = routes_.find(name);
  return found == routes_.end() ? Route{} : found->second;
}

void CrashJournal::clear(std::uint32_t suspect) {
  __atomic_store_n(&suspects_[suspect].record.offset, std::int64_t{-1}, __ATOMIC_RELAXED);
}

bool CrashJournal::cleared(std::uint32_t suspect) const {
  return __atomic_load_n(&suspects_[suspect].record.offset, __ATOMIC_RELAXED) < 0;
}

void CrashJournal::alone(std::uint32_t suspect, bool strictly) {
  header_->alone_strictly = strictly ? 1 : 0;
  __atomic_store_n(&header_->alone, suspect + 1, __ATOMIC_RELEASE);
}

void CrashJournal::not_alone() { __atomic_store_n(&header_->alone, 0u, __ATOMIC_RELEASE); }

void CrashJournal::mark(std::int32_t signal) noexcept {
  if (__atomic_load_n(&header_->signal, __ATOMIC_RELAXED) != 0) return;
  header_->thread = this_thread;
  __atomic_store_n(&header_->signal, signal, __ATOMIC_RELEASE);
}

bool CrashJournal::in_lane() noexcept {
  return this_thread != journal::kUnknownThread && this_thread != journal::kUnjournaled;
}

// The file is not cut: its pages are still mapped.
void CrashJournal::close() {
  std::memset(header_->magic, 0, sizeof header_->magic);
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace gantry::route
