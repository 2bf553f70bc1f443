#include "embedded/port_claim.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace gantry::embedded {
namespace {

// In Linux's abstract namespace, behind a zero: no file, and as far-reaching as ports are.
constexpr std::string_view kName{"\0gantry-dev", 11};

int claim() {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(kName.begin(), kName.end(), address.sun_path);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + kName.size());
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0) return fd;
  close(fd);
  return -1;
}

}  // namespace

PortClaim::PortClaim() : socket_(claim()) {}

PortClaim::~PortClaim() {
  if (granted()) close(socket_);
}

}  // namespace gantry::embedded
