// Handlers for tests that publish each message to their output `out`, with its key as text, its
// value, and a header `from` that says where it came from. Two words in a value are heeded:
//   reject      is published all the same, and says reject "asked to"
//   fail        the same with retry, on the first attempt
#include <gantry/plugin.hpp>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr auto kOutputs = gantry::outputs(gantry::output("out", "where messages go"));

// Publishes it, and says what the message asks for.
gantry::Verdict forward(const gantry::Publisher& publisher, const gantry::Message& message) {
  const std::string from =
      std::to_string(message.partition()) + "/" + std::to_string(message.offset());
  gantry::Record record{"out", {}, {}, {{"from", from}}};
  if (message.has_key()) record.key = message.key();
  if (message.has_value()) record.value = message.value();
  if (const auto published = publisher.publish(message.slot(), record); !published)
    return published.verdict();
  if (message.value() == "reject") return gantry::reject("asked to");
  if (message.value() == "fail" && message.attempt() == 1) return gantry::retry("asked to");
  return gantry::ok();
}

class Forward {
 public:
  static constexpr auto source = gantry::Source::topic | gantry::Source::http;
  static constexpr auto outputs = kOutputs;
  static constexpr const char* required_extensions[] = {GANTRY_PUBLISH_V1};
  explicit Forward(const gantry::Context& context)
      : publisher_(context.extension<gantry::Publisher>()) {}
  gantry::Verdict handle(const gantry::Message& message) { return forward(publisher_, message); }

 private:
  gantry::Publisher publisher_;
};

// Settles from another thread.
class ForwardLater {
 public:
  static constexpr auto outputs = kOutputs;
  static constexpr bool may_pend = true;
  static constexpr const char* required_extensions[] = {GANTRY_PUBLISH_V1};
  explicit ForwardLater(const gantry::Context& context)
      : publisher_(context.extension<gantry::Publisher>()) {}
  ~ForwardLater() {
    for (std::thread& thread : threads_) thread.join();
  }
  gantry::Verdict handle(const gantry::Message& message) {
    threads_.emplace_back(
        [this, message] { (void)message.slot().settle(forward(publisher_, message)); });
    return gantry::pending();
  }

 private:
  gantry::Publisher publisher_;
  std::vector<std::thread> threads_;
};

}  // namespace

GANTRY_PLUGIN("forward", "1.0.0", gantry::handler<Forward>("forward", "publishes what it gets"),
              gantry::handler<ForwardLater>("forward-later", "the same from other threads"));
