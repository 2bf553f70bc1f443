// How the crash journal lies in its file: what the running process writes through its mapping and
// the next one reads. The machine's own byte order: it never leaves the machine.
//
//   Header, then sections, each of whole pages:
//   Section, Topic × topics, hands × (Hand, Record × capacity, up to the next 64 bytes),
//   SuspectRecord × suspects
//
// The first section is of the routes that the process starts with, and of the suspects; each
// further one of routes that came later. Topics, hands and routes are numbered through.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gantry::route::journal {

constexpr char kMagic[8] = {'g', 'a', 'n', 't', 'r', 'y', ' ', 'j'};
constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kLine = 64;  // of the cache: no two lanes write to the same

constexpr std::int32_t kExit = -1;  // in place of a signal: exit() or _exit()

struct Header {
  char magic[8];  // written last, when all else is in its place
  std::uint32_t version;
  std::uint32_t page;      // where the first section begins
  std::uint32_t sections;  // that are whole
  std::uint32_t crashes;   // runs before this one that crashed, since the last clean end
  std::uint32_t ended;     // 1: in order, and the suspects are all that is left to tell
  std::uint32_t strictly;  // 1: only a suspect is in any handler's hands, also of requests
  std::uint32_t thread;    // that crashed, see thread_owner.hpp
  std::int32_t signal;     // what the process died of; 0: it lives, or nobody could say
  std::uint32_t reserved[6];
};
static_assert(sizeof(Header) == kLine);

struct Section {
  std::uint64_t size;  // with this, in bytes
  std::uint32_t topics;
  std::uint32_t hands;
  std::uint32_t suspects;
  std::uint32_t reserved[11];
};
static_assert(sizeof(Section) == kLine);

struct Topic {
  std::uint32_t group_size;
  std::uint32_t topic_size;
  char text[1016];  // the consumer group, then the topic
};
static_assert(sizeof(Topic) == 1024);

// What one lane has in its handler's hands, or all lanes of a route whose messages may stay there
// beyond the call.
struct Hand {
  std::uint32_t capacity;
  std::uint32_t pends;  // 1: of all lanes; which of its messages crashed can't be told
  std::uint32_t count;  // of its records, those with an offset below 0 left out
  std::uint32_t route;
};
static_assert(sizeof(Hand) == 16);

struct Record {
  std::int64_t offset;
  std::int64_t timestamp_ms;
  std::int32_t partition;
  std::uint32_t topic;
};
static_assert(sizeof(Record) == 24);

struct SuspectRecord {
  Record record;  // offset below 0: cleared
  std::uint32_t crashes;
  std::uint32_t reserved;
};
static_assert(sizeof(SuspectRecord) == 32);

constexpr std::size_t hand_size(std::uint32_t capacity) {
  return (sizeof(Hand) + capacity * sizeof(Record) + kLine - 1) / kLine * kLine;
}

}  // namespace gantry::route::journal
