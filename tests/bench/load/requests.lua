-- What the scripts for wrk share: numbers that no other request has, a pace, and the figures as one line of JSON.
local requests = {}

local threads = 0
function setup(thread)
  thread:set("thread_number", threads)
  threads = threads + 1
end

local count = tonumber(os.getenv("FIRST") or "0") -- where another run of wrk has left off, or beyond
function requests.next_number()
  count = count + 1
  return 1 + thread_number * 1000000000 + count
end

-- At a pace, requests begin at fixed times, whatever the answers take: what comes late is caught up with. wrk asks
-- before each request how many milliseconds to wait, and measures from there.
local rate = tonumber(os.getenv("RATE") or "0") -- a second, of this thread
if rate > 0 then
  local ffi = require("ffi")
  ffi.cdef("struct now { long seconds, nanoseconds; }; int clock_gettime(int clock, struct now* into);")
  local time = ffi.new("struct now")
  local due
  function delay()
    ffi.C.clock_gettime(1, time) -- CLOCK_MONOTONIC
    local now = tonumber(time.seconds) * 1000 + tonumber(time.nanoseconds) / 1e6
    due = (due or now) + 1000 / rate
    return math.max(0, math.floor(due - now + 0.5))
  end
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format('\n{"answers": %d, "errors": %d, "seconds": %f, "p50_us": %d, "p99_us": %d}\n', summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout, summary.duration / 1e6,
    latency:percentile(50), latency:percentile(99)))
end

return requests
