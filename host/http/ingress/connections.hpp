// All connections of the ingress and what they share: who is there, who is idle, how much they hold
// in memory. Owned by the ingress; its thread alone.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <unordered_set>

#include "config/model.hpp"
#include "http/ingress/admission.hpp"
#include "http/ingress/answers.hpp"

namespace gantry::http {

class Session;

struct Connections {
  const config::HttpLimits limits;
  Admission admission;
  std::shared_ptr<Answers> answers;

  std::unordered_set<std::shared_ptr<Session>> sessions;
  std::list<Session*> idle;      // the longest first
  std::size_t body_bytes = 0;    // of requests that are read or not answered yet
  bool draining = false;         // each connection ends with its next answer
  std::function<void()> on_end;  // of a session

  explicit Connections(const config::Http& config) : limits(config.limits), admission(config) {}
  void add(std::shared_ptr<Session> session);  // at the limit whoever is idle the longest goes
  void remove(Session& session);
  void drain();
  void close_all();
};

}  // namespace gantry::http
