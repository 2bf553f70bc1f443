#include "payment.hpp"

GANTRY_PLUGIN("payment", "1.0.0",
              gantry::handler<payments::PaymentHandler>(
                  "payment", "takes the payment of an order, once, and tells of it"));
