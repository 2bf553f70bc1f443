#include "outbox/letter_box.hpp"

#include <pthread.h>

#include <memory>
#include <utility>

#include "outbox/relay_sql.hpp"
#include "outbox/sql.hpp"

namespace gantry::outbox {

struct LetterBox::Connection {
  std::unique_ptr<pqxx::connection> pqxx;
};

LetterBox::LetterBox(std::string dsn, std::function<void()> stored)
    : dsn_(std::move(dsn)),
      stored_(std::move(stored)),
      connection_(std::make_unique<Connection>()),
      thread_(&LetterBox::run, this) {
  pthread_setname_np(thread_.native_handle(), "letter-box");
}

LetterBox::~LetterBox() { close(); }

void LetterBox::close() {
  {
    const std::lock_guard lock{mutex_};
    ends_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void LetterBox::store(std::string route, route::OutRecord letter, Done done) {
  {
    const std::lock_guard lock{mutex_};
    if (!ends_) {
      waiting_.push_back({std::move(route), std::move(letter), std::move(done)});
      changed_.notify_one();
      return;
    }
  }
  done(false, "the host is ending");
}

void LetterBox::run() {
  std::unique_lock lock{mutex_};
  while (true) {
    changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
    const std::vector<Letter> letters = std::exchange(waiting_, {});
    if (letters.empty()) return;  // and everything has been told
    lock.unlock();
    const std::string error = write(letters);
    if (error.empty()) stored_();
    for (const Letter& letter : letters) letter.done(error.empty(), error);
    lock.lock();
  }
}

std::string LetterBox::write(const std::vector<Letter>& letters) {
  try {
    if (connection_->pqxx == nullptr) connection_->pqxx = connect(dsn_);
    during("writing dead letters into gantry_outbox", [&] {
      pqxx::work work(*connection_->pqxx);
      for (const Letter& letter : letters) insert_letter(work, letter.route, letter.record);
      work.commit();
    });
    return {};
  } catch (const std::exception& error) {
    connection_->pqxx.reset();
    return error.what();
  }
}

}  // namespace gantry::outbox
