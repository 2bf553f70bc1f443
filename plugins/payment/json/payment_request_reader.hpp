// A payment request out of the body of an HTTP request. One thread at a time; a handler instance
// owns one.
#pragma once

#include <payload/object_reader.hpp>
#include <payments/payment.hpp>
#include <string_view>

namespace payments {

class PaymentRequestReader {
 public:
  PaymentRequestReader();

  // nullptr: `into` is filled in. Otherwise what is wrong, valid until the next call.
  const payload::Problem* read(std::string_view body, PaymentRequest& into);

 private:
  payload::ObjectReader reader_;
};

}  // namespace payments
