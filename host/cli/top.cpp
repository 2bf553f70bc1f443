// gantry top
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/host_view.hpp"
#include "cli/terminal.hpp"
#include "cli/top_text.hpp"

namespace gantry::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Options {
  HostAddress host;
  double interval = 1;    // seconds
  std::size_t times = 0;  // 0: until it is ended
};

// The host as it was last seen. A host that is away for a while comes back.
class Watched {
 public:
  explicit Watched(const HostAddress& host)
      : host_(host), view_(parse_routes(fetch_routes(host))) {}

  void look() {
    try {
      HostView now = parse_routes(fetch_routes(host_));
      use_rates_between(view_, now);
      view_ = std::move(now);
      trouble_.clear();
    } catch (const std::runtime_error& error) {
      trouble_ = error.what();
    }
  }
  const HostView& view() const { return view_; }
  const std::string& trouble() const { return trouble_; }

 private:
  const HostAddress& host_;
  HostView view_;
  std::string trouble_;
};

bool print_plain(const Watched& host) {
  if (!host.trouble().empty()) std::cerr << "gantry: " << host.trouble() << '\n';
  if (host.trouble().empty()) std::cout << top_lines(host.view()) << std::flush;
  return std::cout.good();
}

int watch(const Options& options) {
  signal(SIGPIPE, SIG_IGN);  // who reads may go away: `gantry top | head`
  Watched host(options.host);
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  Waiting waiting(terminal && isatty(STDIN_FILENO) != 0);
  std::optional<Screen> screen;
  if (terminal) screen.emplace();
  const milliseconds interval{static_cast<std::int64_t>(options.interval * 1000)};
  auto next = Clock::now() + interval;
  for (std::size_t shown = 1;; ++shown) {
    const auto draw = [&] {
      return screen ? screen->show(top_screen(host.view(), host.trouble())) : print_plain(host);
    };
    if (!draw() || shown == options.times) return kDone;
    for (auto left = interval; left > milliseconds{0};
         left = std::chrono::duration_cast<milliseconds>(next - Clock::now())) {
      const Waiting::What what = waiting.wait(left);
      if (what == Waiting::What::end) return kDone;
      if (what == Waiting::What::key && (waiting.key() == 'q' || waiting.key() == 'Q'))
        return kDone;
      if (what == Waiting::What::resized && screen && !draw()) return kDone;
    }
    host.look();
    next = Clock::now() + interval;
  }
}

}  // namespace

void add_top(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "top", "The routes of the running host, live; plain lines where the output is no terminal");
  const auto options = std::make_shared<Options>();
  add_host_options(*command, options->host);
  command->add_option("--interval", options->interval, "Seconds between two looks")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  command->add_option("--times", options->times, "Look so often and end; 0: until q or Ctrl-C")
      ->capture_default_str();
  command->footer(
      "Rates are of the time since the look before. Ends with 1 when no host answers at first; one "
      "that goes away later is waited for.\nExample: gantry top --interval 5");
  command->callback([options, &action] { action = [options] { return watch(*options); }; });
}

}  // namespace gantry::cli
