#include "payment_request_reader.hpp"

#include <array>

namespace payments {
namespace {

using payload::Kind;
using payload::Rule;

constexpr std::array item_rules{Rule{"sku", Kind::word, 1, 100},
                                Rule{"qty", Kind::integer, 1, 1'000'000},
                                Rule{"price", Kind::integer, 0, payload::largest_amount}};
enum { sku, qty, price };

constexpr std::array rules{Rule{"orderId", Kind::integer, 1, payload::largest_id},
                           Rule{"userId", Kind::integer, 1, payload::largest_id},
                           Rule{"amount", Kind::integer, 1, payload::largest_amount},
                           Rule{"currency", Kind::currency, 3, 3},
                           Rule{"items", Kind::list, 0, 1000, false, item_rules}};
enum { order_id, user_id, amount, currency };

}  // namespace

PaymentRequestReader::PaymentRequestReader() : reader_{rules, payload::Unknown::refuse, "body"} {}

const payload::Problem* PaymentRequestReader::read(std::string_view body, PaymentRequest& into) {
  if (const payload::Problem* problem = reader_.read(body)) return problem;
  into.order_id = reader_.value(order_id).integer;
  into.user_id = reader_.value(user_id).integer;
  into.amount = reader_.value(amount).integer;
  into.currency = reader_.value(currency).text;
  into.items.clear();
  for (std::size_t i = 0; i < reader_.item_count(); ++i) {
    into.items.push_back({reader_.item_value(i, sku).text, reader_.item_value(i, qty).integer,
                          reader_.item_value(i, price).integer});
  }
  return nullptr;
}

}  // namespace payments
