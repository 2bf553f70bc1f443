// The endpoints that tell how the host is: /healthz and /readyz. They read Health; the server's
// thread calls them.
#pragma once

#include "http/message.hpp"
#include "observe/health.hpp"

namespace gantry::http {

// /healthz: 200 while the process answers at all. /readyz: 200 when each part is ready, else 503,
// with the parts:
//   {"ready":false,"parts":{"kafka":{"ready":false,"state":"waiting","reason":"…","since":"2026-11-23T12:00:00.123Z"}}}
// `health` must live as long as what is returned.
Endpoints health_endpoints(const observe::Health& health);

}  // namespace gantry::http
