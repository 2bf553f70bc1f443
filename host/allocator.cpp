// What jemalloc reads before main(), from whoever defines it; MALLOC_CONF in the environment goes
// before it. librdkafka allocates a record on the thread of its broker, and a lane frees it: glibc
// locks the arena of the first thread for each of them, against that thread.
#include <jemalloc/jemalloc.h>

// Few arenas, since threads are many and hand most of what they allocate to each other. What is
// free goes back to the system within about a second of work, and not in jemalloc's ten.
const char* malloc_conf = "narenas:4,dirty_decay_ms:1000,muzzy_decay_ms:0";
