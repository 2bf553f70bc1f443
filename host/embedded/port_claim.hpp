// Which development environment of this machine has the ports that its configuration names: the
// first. Without it two that start at the same moment would find them free, and one would fail.
// Given up by the kernel, too, when the process ends. Main thread.
#pragma once

namespace gantry::embedded {

class PortClaim {
 public:
  PortClaim();
  ~PortClaim();
  PortClaim(const PortClaim&) = delete;
  PortClaim& operator=(const PortClaim&) = delete;

  bool granted() const { return socket_ >= 0; }

 private:
  int socket_;
};

}  // namespace gantry::embedded
