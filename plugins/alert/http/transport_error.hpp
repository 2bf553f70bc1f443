// What it means that there was no whole HTTP answer: refused, DNS, TLS, time-outs. Pure function,
// any thread.
#pragma once

#include <curl/curl.h>

#include <outcome/failure.hpp>

namespace notifications {

// `was_sent`: whether any of the request left. An answer that does not come in time may be this
// message's own fault; a connection that does not come never is.
outcome::Failure transport_failure(CURLcode error, bool was_sent);

}  // namespace notifications
