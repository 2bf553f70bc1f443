/* ABI 1.0 on 64-bit machines, number by number. A failure here means that libraries which are already built would be
 * read wrongly: change abi.h back. Only a field appended to a growable struct is right: it changes its SIZE and adds a line. */
#include <gantry/abi.h>

#define SIZE(type, bytes) _Static_assert(sizeof(type) == bytes, #type " has another size than in ABI 1.0")
#define AT(type, field, place) _Static_assert(offsetof(type, field) == place, #type "." #field " has moved since ABI 1.0")
#define VALUE(name, number) _Static_assert(name == number, #name " has another value than in ABI 1.0")

SIZE(gantry_str, 16);
AT(gantry_str, data, 0);
AT(gantry_str, size, 8);

SIZE(gantry_bytes, 16);
AT(gantry_bytes, data, 0);
AT(gantry_bytes, size, 8);

SIZE(gantry_header, 32);
AT(gantry_header, name, 0);
AT(gantry_header, value, 16);

SIZE(gantry_option, 48);
AT(gantry_option, struct_size, 0);
AT(gantry_option, name, 8);
AT(gantry_option, help, 16);
AT(gantry_option, fallback, 24);
AT(gantry_option, allowed, 32);
AT(gantry_option, type, 40);
AT(gantry_option, flags, 44);

SIZE(gantry_output, 40);
AT(gantry_output, struct_size, 0);
AT(gantry_output, name, 8);
AT(gantry_output, help, 16);
AT(gantry_output, key_format, 24);
AT(gantry_output, required, 32);
AT(gantry_output, reserved, 36);

SIZE(gantry_migration, 40);
AT(gantry_migration, struct_size, 0);
AT(gantry_migration, name, 8);
AT(gantry_migration, sql, 16);
AT(gantry_migration, database, 24);
AT(gantry_migration, number, 32);
AT(gantry_migration, reserved, 36);

SIZE(gantry_outcome, 48);
AT(gantry_outcome, struct_size, 0);
AT(gantry_outcome, verdict, 8);
AT(gantry_outcome, retry_after_ms, 12);
AT(gantry_outcome, reason, 16);
AT(gantry_outcome, error_class, 32);

SIZE(gantry_message, 112);
AT(gantry_message, struct_size, 0);
AT(gantry_message, slot, 8);
AT(gantry_message, topic, 16);
AT(gantry_message, partition, 32);
AT(gantry_message, attempt, 36);
AT(gantry_message, offset, 40);
AT(gantry_message, timestamp_ms, 48);
AT(gantry_message, key, 56);
AT(gantry_message, value, 72);
AT(gantry_message, headers, 88);
AT(gantry_message, header_count, 96);
AT(gantry_message, deadline_ms, 104);
AT(gantry_message, reserved, 108);

SIZE(gantry_host, 64);
AT(gantry_host, struct_size, 0);
AT(gantry_host, abi_major, 8);
AT(gantry_host, abi_minor, 12);
AT(gantry_host, log, 16);
AT(gantry_host, settle, 24);
AT(gantry_host, extension, 32);
AT(gantry_host, config_integer, 40);
AT(gantry_host, config_number, 48);
AT(gantry_host, config_text, 56);

SIZE(gantry_handler_type, 152);
AT(gantry_handler_type, struct_size, 0);
AT(gantry_handler_type, id, 8);
AT(gantry_handler_type, summary, 16);
AT(gantry_handler_type, flags, 24);
AT(gantry_handler_type, max_batch, 28);
AT(gantry_handler_type, options, 32);
AT(gantry_handler_type, option_count, 40);
AT(gantry_handler_type, outputs, 48);
AT(gantry_handler_type, output_count, 56);
AT(gantry_handler_type, migrations, 64);
AT(gantry_handler_type, migration_count, 72);
AT(gantry_handler_type, required_extensions, 80);
AT(gantry_handler_type, required_extension_count, 88);
AT(gantry_handler_type, open, 96);
AT(gantry_handler_type, create, 104);
AT(gantry_handler_type, handle, 112);
AT(gantry_handler_type, cancel, 120);
AT(gantry_handler_type, drain, 128);
AT(gantry_handler_type, destroy, 136);
AT(gantry_handler_type, close, 144);

SIZE(gantry_plugin, 64);
AT(gantry_plugin, struct_size, 0);
AT(gantry_plugin, magic, 8);
AT(gantry_plugin, abi_major, 12);
AT(gantry_plugin, min_host_minor, 16);
AT(gantry_plugin, reserved, 20);
AT(gantry_plugin, name, 24);
AT(gantry_plugin, version, 32);
AT(gantry_plugin, built_with, 40);
AT(gantry_plugin, handlers, 48);
AT(gantry_plugin, handler_count, 56);

SIZE(gantry_record, 72);
AT(gantry_record, struct_size, 0);
AT(gantry_record, output, 8);
AT(gantry_record, key, 24);
AT(gantry_record, value, 40);
AT(gantry_record, headers, 56);
AT(gantry_record, header_count, 64);

SIZE(gantry_publish_v1, 16);
AT(gantry_publish_v1, struct_size, 0);
AT(gantry_publish_v1, publish, 8);

SIZE(gantry_outbox_v1, 32);
AT(gantry_outbox_v1, struct_size, 0);
AT(gantry_outbox_v1, resolve, 8);
AT(gantry_outbox_v1, wake, 16);
AT(gantry_outbox_v1, route, 24);

SIZE(gantry_http_v1, 16);
AT(gantry_http_v1, struct_size, 0);
AT(gantry_http_v1, respond, 8);

SIZE(gantry_metrics_v1, 40);
AT(gantry_metrics_v1, struct_size, 0);
AT(gantry_metrics_v1, counter, 8);
AT(gantry_metrics_v1, gauge, 16);
AT(gantry_metrics_v1, histogram, 24);
AT(gantry_metrics_v1, record, 32);

VALUE(GANTRY_OK, 0);
VALUE(GANTRY_RETRY, 1);
VALUE(GANTRY_REJECT, 2);
VALUE(GANTRY_UNAVAILABLE, 3);
VALUE(GANTRY_PENDING, 4);

VALUE(GANTRY_LOG_DEBUG, 0);
VALUE(GANTRY_LOG_INFO, 1);
VALUE(GANTRY_LOG_WARNING, 2);
VALUE(GANTRY_LOG_ERROR, 3);

VALUE(GANTRY_DONE, 0);
VALUE(GANTRY_UNKNOWN_OUTPUT, -1);
VALUE(GANTRY_UNKNOWN_SLOT, -2);
VALUE(GANTRY_BAD_KEY, -3);
VALUE(GANTRY_FULL, -4);
VALUE(GANTRY_TOO_LARGE, -5);

VALUE(GANTRY_BOOL, 1);
VALUE(GANTRY_INTEGER, 2);
VALUE(GANTRY_NUMBER, 3);
VALUE(GANTRY_TEXT, 4);
VALUE(GANTRY_TEXT_LIST, 5);
VALUE(GANTRY_DURATION_MS, 6);
VALUE(GANTRY_URL, 7);
VALUE(GANTRY_DATABASE, 8);

VALUE(GANTRY_SECRET, 1);

VALUE(GANTRY_SOURCE_TOPIC, 1);
VALUE(GANTRY_SOURCE_HTTP, 2);
VALUE(GANTRY_USES_OUTBOX, 4);
VALUE(GANTRY_MAY_PEND, 8);
VALUE(GANTRY_ORDERS_WITHIN_BATCH, 16);
VALUE(GANTRY_READS_NO_HEADERS, 65536);

VALUE(GANTRY_MAGIC, 1498567751u);
VALUE(GANTRY_ABI_MAJOR, 1u);
