#include "order_saver.hpp"

GANTRY_PLUGIN("order-saver", "1.0.0",
              gantry::handler<orders::OrderSaver>(
                  "order-saver", "saves the order of each OrderCreatedEvent, once"));
