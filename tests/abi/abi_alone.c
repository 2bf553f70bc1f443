/* Nothing but the contract: it needs no other header, in C and in C++. */
#include <gantry/abi.h>

const gantry_plugin *entry_of_this_library(void);
const gantry_plugin *entry_of_this_library(void) { return &gantry_plugin_v1; }
