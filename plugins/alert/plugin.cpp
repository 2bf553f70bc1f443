#include "alert.hpp"

GANTRY_PLUGIN("alert", "1.0.0",
              gantry::handler<notifications::Alert>(
                  "alert", "notifies the user of each OrderCreatedEvent through AlertTalk, once"));
