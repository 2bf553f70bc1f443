#include "http/ingress/connections.hpp"

#include <vector>

#include "http/ingress/session.hpp"

namespace gantry::http {

void Connections::add(std::shared_ptr<Session> session) {
  if (sessions.size() >= limits.connections) {
    // Idle connections never shut out a request; where none is idle, the new one is one too many.
    if (idle.empty()) return session->turn_away();
    idle.front()->close();
  }
  sessions.insert(session);
  session->start();
}

void Connections::remove(Session& session) {
  sessions.erase(session.shared_from_this());
  if (on_end) on_end();
}

void Connections::drain() {
  draining = true;
  while (!idle.empty()) idle.front()->close();
}

void Connections::close_all() {
  const std::vector<std::shared_ptr<Session>> all(sessions.begin(), sessions.end());
  for (const auto& session : all) session->close();
}

}  // namespace gantry::http
