#include "http/message.hpp"

#include <boost/beast/http/status.hpp>
#include <ostream>  // which status.hpp uses and does not include
#include <string>

#include "observe/escape.hpp"

namespace gantry::http {

Response problem(int status, std::string_view detail, std::string_view instance) {
  const std::string_view title =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(unsigned(status)));
  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = "{\"title\":" + observe::json_string(title) +
                  ",\"status\":" + std::to_string(status) +
                  ",\"detail\":" + observe::json_string(detail);
  if (!instance.empty()) response.body += ",\"instance\":" + observe::json_string(instance);
  response.body += "}\n";
  return response;
}

}  // namespace gantry::http
