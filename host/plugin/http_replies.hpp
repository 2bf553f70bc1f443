// gantry.http/1: what a handler answers to an HTTP request. Checked here, so that no handler can
// break the framing of an answer. Any thread.
#pragma once

#include <gantry/abi.h>

namespace gantry::plugin {

// For the Extensions of a route with an http source, and of no other.
const gantry_http_v1& http_replies();

}  // namespace gantry::plugin
