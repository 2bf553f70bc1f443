// What handlers say of a message that they have, by its slot, and that nobody waits for it any
// more. From any thread.
#include <utility>

#include "route/route.hpp"

namespace gantry::route {

bool Route::settle(gantry_slot slot, const gantry_outcome& outcome) {
  const bool final = outcome.verdict >= GANTRY_OK && outcome.verdict < GANTRY_PENDING;
  bool accepted = false;
  if (final && (parts_.traits.may_pend || !Lane::settle_in_call(this, slot, outcome, accepted)) &&
      parts_.traits.may_pend) {
    Effects effects;
    {
      const Lock lock{mutex_};
      accepted = dispatcher_.settle_slot(slot, outcome, Clock::now(), effects);
      after_settle();
      wake_waiting_lane();
    }
    apply(effects);
  }
  return accepted;
}

bool Route::read_headers(gantry_slot slot, const ReadHeaders& read) {
  return with_unsettled(slot, [&](Delivery& delivery) {
    route::read_headers(delivery);
    read({delivery.headers.data(), delivery.headers.size()});
  });
}

std::int32_t Route::publish(gantry_slot slot, const MakeRecord& make) {
  std::int32_t code = GANTRY_UNKNOWN_SLOT;
  with_unsettled(slot, [&](Delivery& delivery) {
    route::read_headers(delivery);
    OutRecord record;
    code = make({delivery.headers.data(), delivery.headers.size()}, record);
    if (code != GANTRY_DONE) return;
    code = wire_size(record) > parts_.outputs->most_bytes()
               ? GANTRY_TOO_LARGE
               : dispatcher_.publish(delivery, std::move(record));
  });
  return code;
}

bool Route::reply(gantry_slot slot, HttpReply&& reply) {
  return parts_.store_reply != nullptr && with_unsettled(slot, [&](const Delivery& delivery) {
           parts_.store_reply(delivery.fetched, reply);
         });
}

void Route::withdraw(const void* fetched) {
  Effects effects;
  {
    const Lock lock{mutex_};
    dispatcher_.withdraw(fetched, effects);
    after_settle();
  }
  apply(effects);
}

}  // namespace gantry::route
