/* A plugin in plain C, as it was with ABI 1.0: rejects what is larger than its setting. */
#include <gantry/abi.h>
#include <stdlib.h>

typedef struct { int64_t max_bytes; } instance;

static int32_t create(void *shared, const gantry_host *host, const gantry_config *config, void **self, char *err,
                      size_t err_size) {
  instance *made = malloc(sizeof *made);
  (void)shared;
  if (made == NULL || !host->config_integer(config, "max_bytes", &made->max_bytes)) {
    free(made);
    if (err_size > 0) err[0] = '\0';
    return 1;
  }
  *self = made;
  return 0;
}

static void handle(void *self, const gantry_message *const *messages, size_t count, gantry_outcome *rest) {
  static const char reason[] = "too large";
  (void)count;
  if ((int64_t)messages[0]->value.size <= ((const instance *)self)->max_bytes) return;
  rest->verdict = GANTRY_REJECT;
  rest->reason.data = reason;
  rest->reason.size = sizeof reason - 1;
}

static void destroy(void *self) { free(self); }

static const gantry_option max_bytes = {sizeof(gantry_option), "max_bytes", "reject above this", "65536", "1..1048576",
                                        GANTRY_INTEGER, 0};
static const gantry_option *const options[] = {&max_bytes};
static const gantry_handler_type audit = {
    .struct_size = sizeof(gantry_handler_type), .id = "audit-in-c", .summary = "rejects what is too large",
    .flags = GANTRY_SOURCE_TOPIC, .max_batch = 1, .options = options, .option_count = 1,
    .create = create, .handle = handle, .destroy = destroy};
static const gantry_handler_type *const handlers[] = {&audit};
const gantry_plugin gantry_plugin_v1 = {sizeof(gantry_plugin), GANTRY_MAGIC, GANTRY_ABI_MAJOR, 0, 0, "audit-in-c",
                                        "1.0.0", "C11", handlers, 1};
