#include "kafka/commits.hpp"

#include <algorithm>
#include <utility>

#include "observe/log.hpp"

namespace gantry::kafka {
namespace {

// One that has no answer by then is given up, and all of it goes with the next: librdkafka may have
// put it aside until there is a coordinator.
constexpr route::Milliseconds kAnswerWithin{15'000};
constexpr int kPollMs = 100;

// Below this a commit goes without what is settled above its offset.
constexpr std::size_t kLeastMetadata = 256;

// That of the whole commit is no error where only some of its partitions have one.
rd_kafka_resp_err_t error_in(rd_kafka_resp_err_t result,
                             const rd_kafka_topic_partition_list_t* list) {
  for (int i = 0; list != nullptr && i < list->cnt; ++i)
    if (result == RD_KAFKA_RESP_ERR_NO_ERROR) result = list->elems[i].err;
  return result;
}

}  // namespace

void Commits::open(rd_kafka_t* client, route::Milliseconds within) {
  client_ = client;
  within_ = within;
  answers_ = rd_kafka_queue_new(client);
  waits_for_ = 0;
}

void Commits::close() {
  if (answers_ != nullptr) rd_kafka_queue_destroy(std::exchange(answers_, nullptr));
}

void Commits::send_moved() {
  take_answers(0);
  if (on_its_way() && route::Clock::now() < sent_ + kAnswerWithin) return;
  if (on_its_way()) give_up();
  send(route_.committable());
}

bool Commits::send_and_wait(const std::vector<route::Offset>& offsets) {
  do {
    send(offsets);
    wait();
  } while (too_large_);
  return taken_;
}

void Commits::send(const std::vector<route::Offset>& offsets) {
  taken_ = true;
  too_large_ = false;
  if (offsets.empty()) return;
  const List list = to_commit(offsets, metadata_bytes_);
  sent_ = route::Clock::now();
  waits_for_ = ++last_id_;
  void* const id = reinterpret_cast<void*>(static_cast<std::uintptr_t>(last_id_));
  const auto error = rd_kafka_commit_queue(client_, list.get(), answers_, nullptr, id);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) answered(last_id_, error, list.get());
}

void Commits::wait() {
  const route::Time until = route::Clock::now() + within_;
  while (on_its_way() && route::Clock::now() < until) take_answers(kPollMs);
  if (on_its_way()) give_up();
}

void Commits::give_up() {
  waits_for_ = 0;
  too_large_ = false;
  failed(RD_KAFKA_RESP_ERR__TIMED_OUT, 0);
}

void Commits::take_answers(int timeout_ms) {
  while (rd_kafka_event_t* event = rd_kafka_queue_poll(answers_, timeout_ms)) {
    if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_OFFSET_COMMIT)
      answered(reinterpret_cast<std::uintptr_t>(rd_kafka_event_opaque(event)),
               rd_kafka_event_error(event), rd_kafka_event_topic_partition_list(event));
    rd_kafka_event_destroy(event);
    timeout_ms = 0;
  }
}

void Commits::answered(std::uint64_t id, rd_kafka_resp_err_t result,
                       const rd_kafka_topic_partition_list_t* list) {
  // One that was given up and has arrived after all may have put offsets back.
  if (id != waits_for_) return route_.commit_failed();
  waits_for_ = 0;
  const rd_kafka_resp_err_t error = error_in(result, list);
  taken_ = error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR__NO_OFFSET;
  if (taken_) return;
  std::size_t longest = 0;
  for (int i = 0; list != nullptr && i < list->cnt; ++i) {
    too_large_ |= list->elems[i].err == RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE;
    longest = std::max(longest, list->elems[i].metadata_size);
  }
  too_large_ |= error == RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE;
  too_large_ &= longest != 0;
  failed(error, longest);
}

void Commits::failed(rd_kafka_resp_err_t error, std::size_t longest_metadata) {
  taken_ = false;
  route_.commit_failed();  // the same offsets go with the next commit
  if (too_large_)
    metadata_bytes_ = longest_metadata / 2 < kLeastMetadata ? 0 : longest_metadata / 2;
  log::warning("kafka",
               too_large_ ? "the brokers' offset.metadata.max.bytes is smaller than a commit's "
                            "metadata; it is tried again with less"
                          : "a commit failed; it is tried again",
               {{"route", route_.config().name},
                {"error", rd_kafka_err2str(error)},
                {"metadata_bytes", metadata_bytes_}});
}

}  // namespace gantry::kafka
