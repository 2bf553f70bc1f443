-- A request for coupon 1 by a new user each.
package.path = (debug.getinfo(1, "S").source:match("^@(.*/)") or "./") .. "?.lua;" .. package.path
local requests = require("requests")

function request()
  return wrk.format("POST", "/coupons/1/requests", { ["Content-Type"] = "application/json" },
    string.format('{"userId":%d}', requests.next_number()))
end
