#include "unit/route/fake_route.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

namespace gantry::route {

bool eventually(const std::function<bool()>& predicate, std::chrono::milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!predicate()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

void Gate::open() {
  const std::lock_guard lock{mutex_};
  open_ = true;
  opened_.notify_all();
}

void Gate::wait() {
  std::unique_lock lock{mutex_};
  ++waiting_;
  opened_.wait(lock, [this] { return open_; });
  --waiting_;
}

int Gate::waiting() const {
  const std::lock_guard lock{mutex_};
  return waiting_;
}

FetchedRecords& fetched_records() {
  static auto* records = new FetchedRecords;
  return *records;
}

class FakeRoute::Queue final : public PartitionQueue {
 public:
  Queue(FakeRoute& owner, std::int32_t number, Committed from)
      : owner_(owner),
        number_(number),
        committed_(std::move(from)),
        next_(static_cast<std::size_t>(committed_.offset)) {}
  const std::string& topic() const override { return topic_; }
  std::int32_t number() const override { return number_; }
  Committed committed() const override { return committed_; }
  std::string_view ended() const override { return ended_; }
  std::size_t take(std::span<Delivery* const> into) override {
    const std::lock_guard lock{owner_.mutex_};
    ended_ = owner_.ended_[number_];
    if (!ended_.empty()) return 0;
    const auto& log = owner_.log_[number_];
    std::size_t count = 0;
    for (; count < into.size() && next_ < log.size(); ++count, ++next_)
      fetched_records().fill(*into[count], topic_, number_, static_cast<std::int64_t>(next_),
                             log[next_]);
    return count;
  }

 private:
  FakeRoute& owner_;
  const std::string topic_ = "trace-topic";
  const std::int32_t number_;
  const Committed committed_;
  std::size_t next_;
  std::string ended_;
};

class FakeRoute::Instance final : public HandlerInstance {
 public:
  explicit Instance(FakeRoute& owner) : owner_(owner) { ++owner_.instances_; }
  ~Instance() override { --owner_.instances_; }
  void handle(Messages messages, gantry_outcome& rest) override {
    ASSERT_FALSE(busy_.exchange(true)) << "an instance was called twice at once";
    owner_.handle_(messages, rest);
    busy_ = false;
  }
  void cancel(gantry_slot slot) override {
    {
      const std::lock_guard lock{owner_.mutex_};
      owner_.cancelled_.insert(slot);
    }
    owner_.on_cancel(slot);
  }
  void drain(std::chrono::milliseconds) override {
    EXPECT_FALSE(busy_) << "drain() ran beside handle()";
  }

 private:
  FakeRoute& owner_;
  std::atomic<bool> busy_{false};
};

FakeRoute::FakeRoute(HandlerTraits traits, int lanes, Handle handle, config::Route config,
                     Publisher* outputs, const std::function<void(RouteParts&)>& adjust)
    : handle_(std::move(handle)) {
  config.concurrency = lanes;
  on_dead_letter = [](const DeadLetterJob&, const RouteParts::Done& done) { done(true, ""); };
  RouteParts parts;
  parts.config = std::move(config);
  parts.traits = traits;
  parts.outputs = outputs;
  parts.release = [](void* fetched) { fetched_records().release(fetched); };
  parts.send_dead_letter = [this](const DeadLetterJob& job, RouteParts::Done done) {
    on_dead_letter(job, std::move(done));
  };
  parts.report = [this](bool, std::string_view state, std::string_view) {
    const std::lock_guard lock{mutex_};
    state_ = state;
  };
  if (adjust) adjust(parts);
  route = std::make_unique<Route>(std::move(parts));
  for (int lane = 0; lane < lanes; ++lane) route->add_lane(std::make_unique<Instance>(*this));
}

FakeRoute::~FakeRoute() {
  route.reset();
  EXPECT_EQ(instances_, 0);
}

void FakeRoute::produce(std::int32_t partition, const std::vector<std::string>& keys) {
  {
    const std::lock_guard lock{mutex_};
    auto& log = log_[partition];
    log.insert(log.end(), keys.begin(), keys.end());
  }
  route->wake();
}

void FakeRoute::end(std::int32_t partition, std::string why) {
  {
    const std::lock_guard lock{mutex_};
    ended_[partition] = std::move(why);
  }
  route->wake();
}

void FakeRoute::assign(std::vector<std::int32_t> partitions) {
  std::vector<std::unique_ptr<PartitionQueue>> queues;
  for (const std::int32_t number : partitions) {
    const std::lock_guard lock{mutex_};
    const Committed from{committed_[number], metadata_[number]};
    queues.push_back(std::make_unique<Queue>(*this, number, from));
  }
  route->assigned(std::move(queues));
}

void FakeRoute::commit(std::vector<Offset> offsets) {
  const std::lock_guard lock{mutex_};
  for (const Offset& offset : offsets) {
    EXPECT_GE(offset.offset, committed_[offset.partition]) << "a commit went back";
    committed_[offset.partition] = offset.offset;
    metadata_[offset.partition] =
        encode_settled({offset.topic, offset.partition, offset.offset}, offset.settled);
  }
}

void FakeRoute::write_metadata(std::int32_t partition, std::string metadata) {
  const std::lock_guard lock{mutex_};
  metadata_[partition] = std::move(metadata);
}

std::int64_t FakeRoute::committed(std::int32_t partition) {
  const std::lock_guard lock{mutex_};
  return committed_[partition];
}

bool FakeRoute::all_committed() {
  commit(route->committable());
  const std::lock_guard lock{mutex_};
  return std::ranges::all_of(log_, [this](const auto& entry) {
    return committed_[entry.first] == static_cast<std::int64_t>(entry.second.size());
  });
}

std::string FakeRoute::state() {
  const std::lock_guard lock{mutex_};
  return state_;
}

std::set<gantry_slot> FakeRoute::cancelled() {
  const std::lock_guard lock{mutex_};
  return cancelled_;
}

void leave_alone(std::unique_ptr<FakeRoute> route) {
  static auto* left = new std::vector<std::unique_ptr<FakeRoute>>;
  left->push_back(std::move(route));
}

}  // namespace gantry::route
