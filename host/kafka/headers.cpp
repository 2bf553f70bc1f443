#include "kafka/headers.hpp"

#include <cstring>
#include <new>

namespace gantry::kafka {

rd_kafka_resp_err_t read_headers(const rd_kafka_message_t* message,
                                 std::vector<gantry_header>& out) {
  out.clear();
  rd_kafka_headers_t* headers = nullptr;
  const rd_kafka_resp_err_t parsed = rd_kafka_message_headers(message, &headers);
  if (parsed == RD_KAFKA_RESP_ERR__NOENT) return RD_KAFKA_RESP_ERR_NO_ERROR;
  if (parsed != RD_KAFKA_RESP_ERR_NO_ERROR) return parsed;
  const std::size_t count = rd_kafka_header_cnt(headers);
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    rd_kafka_header_get_all(headers, i, &name, &value, &size);
    out.push_back({{name, std::strlen(name)}, {static_cast<const std::uint8_t*>(value), size}});
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

Headers write_headers(const std::vector<route::OutHeader>& headers) {
  if (headers.empty()) return nullptr;
  Headers result(rd_kafka_headers_new(headers.size()));
  for (const route::OutHeader& header : headers) {
    const rd_kafka_resp_err_t added = rd_kafka_header_add(
        result.get(), header.name.data(), static_cast<ssize_t>(header.name.size()),
        header.value ? header.value->data() : nullptr,
        header.value ? static_cast<ssize_t>(header.value->size()) : 0);
    if (added != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::bad_alloc();  // its only reason
  }
  return result;
}

}  // namespace gantry::kafka
