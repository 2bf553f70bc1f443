// An answer as bytes. Pure.
#pragma once

#include <ctime>
#include <string>

#include "route/message/handler.hpp"

namespace gantry::http {

struct AnswerForm {
  bool keep_alive = true;
  bool http_10 = false;  // to be told that the connection is kept
  bool head = false;     // to HEAD: the length of the body, not the body
};

// Status line and fields, with the empty line. Date is `now`.
std::string answer_head(const route::HttpReply& reply, const AnswerForm& form, std::time_t now);

// Whether an answer of this status has a body at all.
bool has_body(int status);

}  // namespace gantry::http
