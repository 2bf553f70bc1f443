#include "route/dispatch/send_order.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace gantry::route {

SendOrder::~SendOrder() {
  for (SendChain& chain : pool_)
    while (chain.head != nullptr) delete std::exchange(chain.head, chain.head->after);
}

SendChain* SendOrder::chain_of(const OutRecord& record) {
  SendChain** shared = nullptr;
  std::uint64_t hash = 0;
  if (record.key) {  // two keys with the same hash would wait for each other, which harms nobody
    hash = std::hash<std::string_view>{}(*record.key) ^
           (std::hash<std::string_view>{}(record.topic) * 0x9e3779b97f4a7c15u);
    shared = &by_hash_[hash];
    if (*shared != nullptr) return *shared;
  }
  SendChain* chain = nullptr;
  if (free_.empty()) {
    chain = &pool_.emplace_back();
  } else {
    chain = free_.back();
    free_.pop_back();
  }
  chain->topic = &topics_[record.topic];
  chain->hash = hash;
  chain->shared = shared != nullptr;
  if (shared != nullptr) *shared = chain;
  return chain;
}

void SendOrder::add(std::unique_ptr<Outgoing> outgoing) {
  Outgoing* added = outgoing.release();
  SendChain* chain = chain_of(added->record);
  added->chain = chain;
  added->number = ++added_;
  added->before = chain->tail;
  (chain->tail != nullptr ? chain->tail->after : chain->head) = added;
  chain->tail = added;
  if (chain->unsent == nullptr) chain->unsent = added;
  ++count_;
  make_ready(chain);
}

void SendOrder::make_ready(SendChain* chain) {
  if (chain->state != SendChain::idle || !sendable(*chain)) return;
  chain->state = SendChain::ready;
  ready_.push_back(chain);
}

Outgoing* SendOrder::next(Time now) {
  while (ready()) {
    SendChain* chain = ready_.front();
    ready_.pop_front();
    if (chain->state != SendChain::ready) continue;
    chain->state = SendChain::idle;
    if (!sendable(*chain)) continue;
    Outgoing* sent = std::exchange(chain->unsent, chain->unsent->after);
    take_off(sent, now);
    make_ready(chain);
    return sent;
  }
  return nullptr;
}

void SendOrder::take_off(Outgoing* sent, Time now) {
  sent->in_flight = true;
  sent->since = now;
  sent->older = newest_;
  sent->newer = nullptr;
  (newest_ != nullptr ? newest_->newer : oldest_) = sent;
  newest_ = sent;
  sent->chain->alone_in_flight = sent->record.alone;
  ++sent->chain->in_flight;
  ++in_flight_;
}

void SendOrder::unlink(Outgoing* outgoing) {
  SendChain& chain = *outgoing->chain;
  (outgoing->before != nullptr ? outgoing->before->after : chain.head) = outgoing->after;
  (outgoing->after != nullptr ? outgoing->after->before : chain.tail) = outgoing->before;
  if (chain.unsent == outgoing) chain.unsent = outgoing->after;
  --count_;
}

void SendOrder::come_down(Outgoing* sent) {
  sent->in_flight = false;
  (sent->older != nullptr ? sent->older->newer : oldest_) = sent->newer;
  (sent->newer != nullptr ? sent->newer->older : newest_) = sent->older;
  if (--in_flight_ == 0) recalling_ = false;
  if (--sent->chain->in_flight == 0) sent->chain->alone_in_flight = false;
}

std::unique_ptr<Outgoing> SendOrder::land(Outgoing* sent, bool well, Time now) {
  SendChain* chain = sent->chain;
  come_down(sent);
  unlink(sent);
  go_on(chain, well, now);
  return std::unique_ptr<Outgoing>(sent);
}

void SendOrder::failed(Outgoing* sent, Time now, const std::string& error) {
  SendChain* chain = sent->chain;
  come_down(sent);
  if (chain->unsent == nullptr || sent->number < chain->unsent->number) chain->unsent = sent;
  if (!std::exchange(chain->troubled, true)) ++troubled_;
  trouble_ = "topic \"" + sent->record.topic + "\": " + error;
  go_on(chain, false, now);
}

void SendOrder::put_back(Outgoing* unsent) {
  SendChain* chain = unsent->chain;
  come_down(unsent);
  if (chain->unsent == nullptr || unsent->number < chain->unsent->number) chain->unsent = unsent;
  make_ready(chain);
}

// After something of it has come back.
void SendOrder::go_on(SendChain* chain, bool well, Time now) {
  if (chain->in_flight == 0 && chain->troubled) {
    if (well)
      out_of_trouble(chain);
    else if (chain->head != nullptr)
      return wait(chain, now);
  }
  if (chain->head == nullptr) return erase(chain);
  make_ready(chain);
}

void SendOrder::wait(SendChain* chain, Time now) {
  SendTopic& topic = *chain->topic;
  if (std::exchange(chain->asks, false)) topic.asked = false;
  chain->state = SendChain::waiting;
  topic.waiting.push_back(chain);
  if (topic.until > now) return;  // those that failed together wait for one pause
  topic.backoff = std::clamp(topic.backoff * 2, kFirstBackoff, kLastBackoff);
  topic.until = now + topic.backoff;
}

// Its topic works, as far as it is concerned: the others may try.
void SendOrder::out_of_trouble(SendChain* chain) {
  SendTopic& topic = *chain->topic;
  if (std::exchange(chain->asks, false)) topic.asked = false;
  chain->troubled = false;
  if (--troubled_ == 0) trouble_.clear();
  topic.backoff = Milliseconds{0};
  topic.until = Time{};
  for (SendChain* other : std::exchange(topic.waiting, {})) {
    other->state = SendChain::idle;
    make_ready(other);
  }
}

void SendOrder::erase(SendChain* chain) {
  if (chain->asks) chain->topic->asked = false;
  if (chain->troubled && --troubled_ == 0) trouble_.clear();
  if (chain->shared) by_hash_.erase(chain->hash);
  *chain = SendChain{};
  free_.push_back(chain);
}

void SendOrder::drop_waiting(const std::function<void(std::unique_ptr<Outgoing>)>& take) {
  ready_.clear();
  for (auto& [name, topic] : topics_) topic.waiting.clear();
  for (SendChain& chain : pool_) {
    if (chain.head == nullptr) continue;
    chain.state = SendChain::idle;
    for (Outgoing* one = chain.head; one != nullptr;) {
      Outgoing* dropped = std::exchange(one, one->after);
      if (dropped->in_flight) continue;
      unlink(dropped);
      take(std::unique_ptr<Outgoing>(dropped));
    }
    if (chain.head == nullptr) erase(&chain);
  }
}

std::optional<Time> SendOrder::recall_at() const {
  if (oldest_ == nullptr) return std::nullopt;
  return std::max(oldest_->since + kRecallAfter, next_recall_);
}

std::optional<Time> SendOrder::next_due() const {
  std::optional<Time> due = recall_at();
  if (troubled_ == 0) return due;
  for (const auto& [name, topic] : topics_)
    if (!topic.waiting.empty() && !topic.asked && (!due || topic.until < *due)) due = topic.until;
  return due;
}

bool SendOrder::tick(Time now) {
  for (auto& [name, topic] : topics_) {
    if (topic.waiting.empty() || topic.asked || topic.until > now) continue;
    SendChain* chain = topic.waiting.front();
    topic.waiting.pop_front();
    topic.asked = chain->asks = true;
    chain->state = SendChain::idle;
    make_ready(chain);
  }
  const auto due = recall_at();
  if (!due || *due > now) return false;
  next_recall_ = now + kRecallEvery;
  return begin_recall();
}

bool SendOrder::begin_recall() {
  recalling_ = in_flight_ != 0;
  return recalling_;
}

}  // namespace gantry::route
