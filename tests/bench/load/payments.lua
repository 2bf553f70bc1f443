-- A payment of a new order each.
package.path = (debug.getinfo(1, "S").source:match("^@(.*/)") or "./") .. "?.lua;" .. package.path
local requests = require("requests")

function request()
  local body = string.format('{"orderId":%d,"userId":7,"amount":12000,"currency":"KRW",' ..
    '"items":[{"sku":"tea","qty":2,"price":6000}]}', requests.next_number())
  return wrk.format("POST", "/payments", { ["Content-Type"] = "application/json" }, body)
end
