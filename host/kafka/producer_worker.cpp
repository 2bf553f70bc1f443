#include "kafka/producer_worker.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "kafka/no_signals.hpp"
#include "observe/log.hpp"

namespace gantry::kafka {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds poll_time{100};
constexpr milliseconds poll_time_with_two{10};  // per client, while records are sent alone
constexpr milliseconds shortest_pause{100};
constexpr milliseconds longest_pause{10'000};
// After a fatal error: what is being written is not sent twice.
constexpr milliseconds for_the_wire{1'000};

// Never will be, however often it is tried (DESIGN, section 6). All else may pass the next time.
bool refused(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || error == RD_KAFKA_RESP_ERR_INVALID_MSG ||
         error == RD_KAFKA_RESP_ERR_INVALID_RECORD;
}

}  // namespace

Producer::Worker::Worker(ProducerSettings settings) : settings_(std::move(settings)) {
  const NoSignals no_signals;
  client_ = make(false);
  watch_ = std::make_unique<BrokerWatch>([this] { return current(); }, settings_.status);
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "kafka-producer");
}

Producer::Worker::~Worker() {
  {
    const std::unique_lock lock(client_mutex_);
    closing_ = true;
  }
  {
    const std::lock_guard lock(stop_mutex_);
    stop_ = true;
  }
  stopped_.notify_all();
  thread_.join();
  watch_.reset();
}

std::shared_ptr<ProducerClient> Producer::Worker::make(bool alone) {
  ClientConf conf;
  conf.set("enable.idempotence", "true");
  conf.set("acks", "all");
  conf.set("partitioner", "murmur2_random");
  conf.set("linger.ms", std::to_string(settings_.linger.count()));
  conf.set(settings_.properties);
  conf.set("message.timeout.ms", std::to_string(settings_.message_timeout.count()));
  if (settings_.in_order) conf.set("retries", "2147483647");
  // A batch that fails for good is then a fatal error, and nothing goes out behind it.
  if (settings_.in_order && !alone) conf.set("enable.gapless.guarantee", "true");
  if (alone) conf.set("batch.num.messages", "1");
  ProducerEvents& events = *this;
  return std::make_shared<ProducerClient>(std::move(conf), events,
                                          "the Kafka producer for " + settings_.name);
}

std::shared_ptr<ProducerClient> Producer::Worker::current() const {
  const std::shared_lock lock(client_mutex_);
  return client_;
}

void Producer::Worker::publish(std::unique_ptr<Sending> sending) {
  if (sending->record.alone) {
    const std::lock_guard lock(stop_mutex_);
    if (!stop_) return lonely_.push_back(std::move(sending));
  }
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__DESTROY;
  std::string why;
  {
    const std::shared_lock lock(client_mutex_);
    if (client_ && !closing_) {
      error = client_->send(sending);
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
    } else {
      why = closing_ ? "the producer is being closed" : why_none_;
    }
  }
  if (why.empty()) return finish(*sending, error);
  sending->done({route::PublishStatus::failed, why, false, &sending->record});
}

void Producer::Worker::flush() {
  if (settings_.properties.contains("linger.ms") ||
      settings_.properties.contains("queue.buffering.max.ms"))
    return;
  if (const std::shared_ptr<ProducerClient> client = current()) client->flush();
}

// Those that are sent alone stay on their way: whoever wants an order has nothing of their key
// beside them.
void Producer::Worker::recall() {
  if (const std::shared_ptr<ProducerClient> client = current()) client->recall();
}

void Producer::Worker::run() {
  for (;;) {
    {
      std::unique_lock lock(stop_mutex_);
      // Without a client there is nothing to poll for until the next may be made.
      stopped_.wait_for(lock, client_ ? milliseconds(0) : pause_, [&] { return stop_; });
      if (stop_) break;
    }
    if (client_) {
      poll_once();
    } else {
      remake();
    }
  }
  if (client_) client_->drain();
  if (alone_) alone_->drain();
  for (const auto& sending : lonely_) finish(*sending, RD_KAFKA_RESP_ERR__DESTROY);
}

void Producer::Worker::send_lonely() {
  std::vector<std::unique_ptr<Sending>> lonely;
  {
    const std::lock_guard lock(stop_mutex_);
    lonely.swap(lonely_);
  }
  for (auto& sending : lonely) {
    const rd_kafka_resp_err_t error = send_alone(sending);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) finish(*sending, error);
  }
}

void Producer::Worker::poll_once() {
  send_lonely();
  const bool two = alone_ && !alone_->idle();
  client_->poll(two ? poll_time_with_two : poll_time);
  if (alone_) {
    polling_alone_ = true;
    alone_->poll(two ? poll_time_with_two : milliseconds(0));
    polling_alone_ = false;
  }
  if (alone_ && alone_->fatal_error()) {
    alone_->drain();
    alone_.reset();
  }
  if (const auto fatal = client_->fatal_error()) replace(*fatal);
}

// Nobody can add a record to the old client once the lock was held: what it has is all that has to
// be given back.
void Producer::Worker::replace(const std::string& reason) {
  const std::shared_ptr<ProducerClient> old = client_;
  {
    const std::unique_lock lock(client_mutex_);
    client_.reset();
    why_none_ = "the producer is being made anew after a fatal error: " + reason;
  }
  log::error("kafka", "the producer had a fatal error and is made anew",
             {{"producer", settings_.name}, {"error", reason}});
  watch_->down("the producer had a fatal error and is made anew: " + reason);
  pause_ = std::clamp(pause_ * 2, shortest_pause, longest_pause);
  old->drain(for_the_wire);
}

void Producer::Worker::remake() {
  try {
    auto client = make(false);
    const std::unique_lock lock(client_mutex_);
    client_ = std::move(client);
  } catch (const std::exception& error) {
    pause_ = std::clamp(pause_ * 2, shortest_pause, longest_pause);
    log::error("kafka", "the producer can't be made anew",
               {{"producer", settings_.name}, {"error", error.what()}});
  }
  watch_->suspect();
}

void Producer::Worker::delivered(std::unique_ptr<Sending> sending, rd_kafka_resp_err_t error,
                                 bool from_broker) noexcept {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    pause_ = {};
    watch_->up();
  } else if (refused(error) && from_broker && !polling_alone_) {
    if (settings_.in_order) return finish(*sending, error, true);
    error = send_alone(sending);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  } else {
    watch_->suspect();
  }
  finish(*sending, error);
}

// The brokers refuse a batch as a whole for one bad record in it. Its neighbours are as good as
// ever.
rd_kafka_resp_err_t Producer::Worker::send_alone(std::unique_ptr<Sending>& sending) {
  {
    const std::lock_guard lock(stop_mutex_);
    if (stop_) return RD_KAFKA_RESP_ERR__DESTROY;
  }
  try {
    if (!alone_) alone_ = make(true);
    return alone_->send(sending);
  } catch (const std::exception& error) {
    log::error("kafka", "a refused record can't be sent alone",
               {{"producer", settings_.name}, {"error", error.what()}});
    return RD_KAFKA_RESP_ERR__FAIL;
  }
}

void Producer::Worker::failed(rd_kafka_resp_err_t error, const std::string& text) noexcept {
  if (error == RD_KAFKA_RESP_ERR__FATAL) return;  // poll_once sees it
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
    log::info("kafka", "no broker can be reached", {{"producer", settings_.name}, {"error", text}});
    return watch_->brokers_down(text);
  }
  watch_->remember_error(text);
  // librdkafka has written it to the log itself.
  log::debug("kafka", "a client reports an error",
             {{"producer", settings_.name}, {"code", rd_kafka_err2name(error)}, {"error", text}});
}

void Producer::Worker::finish(Sending& sending, rd_kafka_resp_err_t error, bool suspect) noexcept {
  route::PublishResult result{route::PublishStatus::acknowledged, {}};
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    result.status =
        refused(error) && !suspect ? route::PublishStatus::refused : route::PublishStatus::failed;
    result.suspect = suspect;
    result.record = &sending.record;
    result.error = std::string(rd_kafka_err2name(error)) + ": " + rd_kafka_err2str(error);
  }
  sending.done(result);
}

}  // namespace gantry::kafka
