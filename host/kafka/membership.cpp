#include "kafka/membership.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "kafka/committed_offsets.hpp"
#include "kafka/consumer_conf.hpp"
#include "kafka/partition_queue.hpp"
#include "observe/log.hpp"

namespace gantry::kafka {
namespace {

constexpr int kPollMs = 100;
constexpr route::Milliseconds kCommitEvery{200};
constexpr route::Milliseconds kReopenAfter{10'000};
constexpr route::Milliseconds kStep{100};
constexpr route::Milliseconds kLeaveWithin{3'000};  // beyond what the drain takes

}  // namespace

Consumer::Membership::Membership(const config::Config& config, route::Route& route,
                                 Prefetch prefetch, Report report, ReplaysExpected replays_expected)
    : config_(config),
      route_(route),
      prefetch_(prefetch),
      report_(std::move(report)),
      commits_(route),
      gaps_(route),
      replays_(route, std::move(replays_expected)) {}

Consumer::Membership::~Membership() {
  retire();
  for (const std::future<void>& client : retired_) client.wait();
}

void Consumer::Membership::start() {
  open();
  control_ = std::thread{&Consumer::Membership::run, this};
}

void Consumer::Membership::open() {
  const config::Route& route = route_.config();
  ClientConf conf = consumer_conf(config_, route, prefetch_);
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_rebalance_cb(
      conf.get(), [](rd_kafka_t*, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* list,
                     void* opaque) { static_cast<Membership*>(opaque)->rebalance(what, list); });
  fetch_wake_ = FetchWake(conf);
  route_.start_lease(lease_of(conf));
  const auto within = commit_within(conf, route.drain_timeout);
  client_ = std::move(conf).make(RD_KAFKA_CONSUMER, "the consumer of route \"" + route.name + "\"");
  rd_kafka_poll_set_consumer(client_);
  commits_.open(client_, within);

  replays_.hold_topic(client_);
  const List topics{rd_kafka_topic_partition_list_new(static_cast<int>(route.topics.size()) + 1)};
  rd_kafka_topic_partition_list_add(topics.get(), replays_.topic().c_str(), RD_KAFKA_PARTITION_UA);
  for (const std::string& topic : route.topics)
    rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  const auto error = rd_kafka_subscribe(client_, topics.get());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error("route \"" + route.name +
                             "\" can't subscribe: " + rd_kafka_err2str(error));
}

// In a thread that nobody joins: rd_kafka_destroy() waits for each message that a handler holds,
// and the route does not wait for that handler.
void Consumer::Membership::retire() {
  if (client_ == nullptr) return;
  commits_.close();
  replays_.let_topic_go();
  std::packaged_task<void()> destroy{
      [client = std::exchange(client_, nullptr)] { rd_kafka_destroy(client); }};
  std::erase_if(retired_, [](const std::future<void>& gone) {
    return gone.wait_for(route::Milliseconds{0}) == std::future_status::ready;
  });
  retired_.push_back(destroy.get_future());
  std::thread{std::move(destroy)}.detach();
}

void Consumer::Membership::abandon() {
  client_ = nullptr;
  retired_.clear();
}

void Consumer::Membership::run() {
  while (!ends_) {
    poll();
    if (!fatal_) continue;
    close();
    retire();
    reopen();
  }
  if (client_ == nullptr) return;
  if (leave_ == Leave::yes) leave();
  close();
}

void Consumer::Membership::stop(Leave leave) {
  leave_ = leave;
  ends_ = true;
  if (control_.joinable()) control_.join();
}

void Consumer::Membership::reopen() {
  fatal_ = false;
  while (!ends_ && client_ == nullptr) {
    const route::Time until = route::Clock::now() + kReopenAfter;
    while (!ends_ && route::Clock::now() < until) std::this_thread::sleep_for(kStep);
    try {
      if (!ends_) open();
    } catch (const std::exception& error) {
      retire();  // one that could not subscribe
      report_(error.what());
    }
  }
}

// librdkafka never leaves the group for a static member that closes, but for one that unsubscribes:
// after the rebalance callback, and it forgets the id of the member when it says so to the brokers.
void Consumer::Membership::leave() {
  const route::Time until = route::Clock::now() + route_.config().drain_timeout + kLeaveWithin;
  if (rd_kafka_unsubscribe(client_) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  bool member = true;
  while (member && route::Clock::now() < until) {
    if (rd_kafka_message_t* message = rd_kafka_consumer_poll(client_, kPollMs))
      rd_kafka_message_destroy(message);
    char* id = rd_kafka_memberid(client_);
    member = id != nullptr && *id != '\0';
    if (id != nullptr) rd_kafka_mem_free(client_, id);
  }
}

void Consumer::Membership::close() {
  // Runs the rebalance callback, which drains and commits. A broken connection must not keep the
  // process from ending, and does not: librdkafka gives up on its own.
  const auto error = rd_kafka_consumer_close(client_);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    log::warning("kafka", "the consumer did not close cleanly",
                 {{"route", route_.config().name}, {"error", rd_kafka_err2str(error)}});
  // One that has failed for good runs no callback any more, and its partitions are another's.
  if (assigned_) revoked(true);
}

void Consumer::Membership::poll() {
  if (rd_kafka_message_t* message = rd_kafka_consumer_poll(client_, kPollMs)) {
    failed(*message);  // records come through the partition queues; what comes here is news
    rd_kafka_message_destroy(message);
  }
  replays_.look();
  if (route::Clock::now() >= next_commit_) commit_moved();
}

void Consumer::Membership::failed(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  char text[512] = {};
  if (message.err == RD_KAFKA_RESP_ERR__FATAL) {
    const auto cause = rd_kafka_fatal_error(client_, text, sizeof text);
    fatal_ = true;
    const bool fenced = cause == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID;
    const std::string reason = fenced ? "another host has taken over group.instance.id " +
                                            config_.name + "-" + route_.config().name +
                                            "; give each host its own `name`"
                                      : std::string{text};
    report_(reason);
    log::error("kafka", "the consumer has failed for good; a new one is made in 10 s",
               {{"route", route_.config().name}, {"error", reason}});
    return;
  }
  const std::string reason = rd_kafka_message_errstr(&message);
  if (message.rkt != nullptr && rd_kafka_topic_name(message.rkt) == replays_.topic()) {
    // It need not be there: whoever makes the topics has said so, and the other topics are read.
    log::debug("kafka", "replayed dead letters can't be read",
               {{"route", route_.config().name}, {"error", reason}});
    return;
  }
  report_(reason);
  log::warning("kafka", "the consumer reports an error and goes on",
               {{"route", route_.config().name}, {"error", reason}});
}

void Consumer::Membership::rebalance(rd_kafka_resp_err_t what,
                                     rd_kafka_topic_partition_list_t* partitions) {
  if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS)
    assign(partitions);
  else
    revoke();
}

void Consumer::Membership::assign(rd_kafka_topic_partition_list_t* partitions) {
  const std::string error = read_committed(client_, *partitions);
  if (!error.empty())
    log::warning("kafka",
                 "committed offsets can't be read with their metadata; what was settled above them "
                 "comes again",
                 {{"route", route_.config().name}, {"error", error}});
  std::vector<std::unique_ptr<route::PartitionQueue>> queues;
  for (int i = 0; i < partitions->cnt; ++i) {
    const rd_kafka_topic_partition_t& one = partitions->elems[i];
    queues.push_back(std::make_unique<PartitionQueue>(client_, one.topic, one.partition,
                                                      committed_of(one), route_, fetch_wake_));
  }
  rd_kafka_assign(client_, partitions);
  replays_.assigned(client_, *partitions);
  log::info("kafka", "partitions assigned",
            {{"route", route_.config().name}, {"count", partitions->cnt}});
  route_.assigned(std::move(queues));
  assigned_ = true;
  report_({});
}

void Consumer::Membership::revoke() {
  const bool lost = rd_kafka_assignment_lost(client_) != 0;
  // What others may own by now is neither waited for nor committed.
  if (!lost) {
    commits_.wait();
    commits_.send_and_wait(route_.drain(route_.config().drain_timeout));
  }
  revoked(lost);
}

void Consumer::Membership::revoked(bool lost) {
  assigned_ = false;
  route_.revoked();
  gaps_.forget();
  replays_.revoked();
  rd_kafka_assign(client_, nullptr);
  log::info("kafka", lost ? "the assignment was lost" : "partitions given up",
            {{"route", route_.config().name}});
}

void Consumer::Membership::commit_moved() {
  next_commit_ = route::Clock::now() + kCommitEvery;
  if (route_.lease_lapsed()) return confirm();
  commits_.send_moved();
  gaps_.look(client_);
}

// After this process stood still: a commit is refused where the group has gone on without it, also
// one of what is committed already. Where this group has never committed and this process has
// settled nothing yet, there is nothing to ask with, and the client's next heartbeat will tell.
void Consumer::Membership::confirm() {
  commits_.wait();
  if (commits_.send_and_wait(route_.positions())) route_.grant_lease();
}

}  // namespace gantry::kafka
