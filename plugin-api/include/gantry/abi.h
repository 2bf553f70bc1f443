/* gantry/abi.h: the contract between the Gantry host and a plugin, version 1.
 *
 * A plugin is a shared library that exports one data symbol, `gantry_plugin_v1`, which names its handlers. The host
 * reads that constant before it calls anything. Plain C11: usable from any compiler and any language with a C ABI.
 *
 * Rules that hold for everything below
 *  - Nothing allocates, frees or throws across this boundary. Who writes memory owns it; who needs it longer copies it.
 *  - Frozen structs never change and may stand in arrays by value. Growable structs begin with `struct_size` (set by
 *    whoever makes them to the sizeof they were compiled with), travel by pointer only (arrays of them are arrays of
 *    pointers), get fields appended and nothing else, and have no tail padding. Read an appended field only if
 *    GANTRY_HAS says that it is there.
 *  - A new minor version appends fields, extension ids, or flags above the low 16 bits. A new major version is a new
 *    entry symbol; a library may export both.
 *  - `reserved` fields are 0. The host refuses a library in which they are not, so that they can get a meaning.
 *  - Text is UTF-8. `const char *` ends in NUL and lives as long as the library; gantry_str is not terminated.
 *
 * Threads, as named in the comments
 *  [setup]  one thread of the host; the calls for one route never overlap, except that `cancel` may run beside them
 *  [lane]   the thread of one instance; calls on one instance never overlap, instances run side by side
 *  [any]    any thread, also one the plugin made, also several at once
 */
#ifndef GANTRY_ABI_H
#define GANTRY_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define GANTRY_STATIC_ASSERT(condition, text) static_assert(condition, text)
extern "C" {
#else
#define GANTRY_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#endif

#if defined(__GNUC__)
#define GANTRY_EXPORT __attribute__((visibility("default")))
#else
#define GANTRY_EXPORT
#endif

#define GANTRY_MAGIC 0x59525447u /* the bytes "GTRY" in memory: tells a plugin from any other data of that name */
#define GANTRY_ABI_MAJOR 1u
#define GANTRY_ABI_MINOR 0u

/* Whether the maker of *p knew the field f. Only true of structs without tail padding, which GANTRY_NO_TAIL proves. */
#define GANTRY_HAS(type, p, f) ((p)->struct_size >= offsetof(type, f) + sizeof((p)->f))
#define GANTRY_NO_TAIL(type, last)                                                                        \
  GANTRY_STATIC_ASSERT(offsetof(type, last) + sizeof(((type *)0)->last) == sizeof(type),                  \
                       #type " has tail padding: a field appended there would seem to be present already")

/* ---- frozen ---------------------------------------------------------------------------------------------------- */

typedef struct gantry_str { const char *data; size_t size; } gantry_str;      /* bytes of UTF-8; data may be NULL when size is 0 */
typedef struct gantry_bytes { const uint8_t *data; size_t size; } gantry_bytes; /* data NULL is Kafka's null (a tombstone, no key), not empty */
typedef struct gantry_header { gantry_str name; gantry_bytes value; } gantry_header; /* a Kafka record header, or an HTTP field */

/* One delivery of one message. Never used again by this process, so that a late call can't hit a later message. 0: none. */
typedef uint64_t gantry_slot;

typedef int32_t gantry_verdict;
enum {
  GANTRY_OK = 0,          /* done, also when the answer is a business "no": the offset may move on */
  GANTRY_RETRY = 1,       /* this message failed: again after the route's back-off; an attempt is counted */
  GANTRY_REJECT = 2,      /* this message is malformed and will never work: dead letter (HTTP: 422) */
  GANTRY_UNAVAILABLE = 3, /* a dependency is down: the route waits and probes; nothing is counted */
  GANTRY_PENDING = 4      /* settled later by settle(), before the deadline; only with GANTRY_MAY_PEND */
};

enum { GANTRY_LOG_DEBUG = 0, GANTRY_LOG_INFO = 1, GANTRY_LOG_WARNING = 2, GANTRY_LOG_ERROR = 3 };

/* What extension calls return. Below 0 nothing was done. */
enum {
  GANTRY_DONE = 0,
  GANTRY_UNKNOWN_OUTPUT = -1, /* the handler declares no such output, or the route binds no topic to it */
  GANTRY_UNKNOWN_SLOT = -2,   /* settled already, or never this route's */
  GANTRY_BAD_KEY = -3,        /* the key does not fit the output's key format (int64 wants a decimal integer) */
  GANTRY_FULL = -4,           /* no room now: settle `unavailable`, the message comes again */
  GANTRY_TOO_LARGE = -5       /* larger than the producer's message.max.bytes, will never fit: settle `reject` */
};

enum {
  GANTRY_BOOL = 1,        /* true, false: read with config_integer, 0 or 1 */
  GANTRY_INTEGER = 2,     /* int64 */
  GANTRY_NUMBER = 3,      /* double; an integer is taken too */
  GANTRY_TEXT = 4,        /* a string */
  GANTRY_TEXT_LIST = 5,   /* an array of strings: read by index until config_text returns 0 */
  GANTRY_DURATION_MS = 6, /* milliseconds, not negative: read with config_integer */
  GANTRY_URL = 7,         /* an absolute http or https URL */
  GANTRY_DATABASE = 8     /* names a [database.NAME]; the handler gets its connection string, which is secret */
};

/* gantry_option.flags. A host refuses a flag in the low 16 bits that it does not know; the high 16 bits are hints. */
enum { GANTRY_SECRET = 1u << 0 }; /* never logged, never in a dump */

/* gantry_handler_type.flags; low and high 16 bits as above. */
enum {
  GANTRY_SOURCE_TOPIC = 1u << 0,          /* a route may bind it to topics */
  GANTRY_SOURCE_HTTP = 1u << 1,           /* a route may bind it to an HTTP method and path */
  GANTRY_USES_OUTBOX = 1u << 2,           /* inserts into gantry_outbox of its database option: the host must relay it */
  GANTRY_MAY_PEND = 1u << 3,              /* may answer GANTRY_PENDING; its messages are copies that hold no fetch buffer */
  GANTRY_ORDERS_WITHIN_BATCH = 1u << 4,   /* takes several messages of one key in a batch, in order; after the first that
                                             will come again (RETRY, UNAVAILABLE, PENDING) it settles none of that key OK.
                                             A REJECT does not count: order holds among what is not dead-lettered.
                                             Without this flag a batch has at most one message of a key */
  GANTRY_READS_NO_HEADERS = 1u << 16      /* a hint: does not look at the headers of records, which are a tenth of the host's
                                             work on a small one: its messages may have none where the record has some.
                                             Dead letters keep them. HTTP: nothing changes */
};

/* ---- growable --------------------------------------------------------------------------------------------------- */

typedef struct gantry_config gantry_config; /* one route's validated settings; valid during open() and create() only */

/* One setting a route of this handler may have, under `settings` in TOML. Constant data. */
typedef struct gantry_option {
  size_t struct_size;
  const char *name;     /* lower case letters, digits, "_" */
  const char *help;     /* one line, for `gantry plugins` and error messages */
  const char *fallback; /* the default as a TOML value ("65536", "\"POST\""); NULL: the option is required */
  const char *allowed;  /* "1..1000" for numbers and durations, "a|b|c" for text; NULL: anything of the type */
  uint32_t type;        /* GANTRY_BOOL … GANTRY_DATABASE; an unknown one refuses the library */
  uint32_t flags;       /* GANTRY_SECRET */
} gantry_option;
GANTRY_NO_TAIL(gantry_option, flags);

/* A name that the handler publishes to; the route binds it to a topic. Constant data. */
typedef struct gantry_output {
  size_t struct_size;
  const char *name;       /* lower case letters, digits, "_" */
  const char *help;
  const char *key_format; /* default of the route's key_format: "bytes", "text" (as given), "int64" (decimal text becomes
                             8 bytes big-endian, as Java's LongSerializer writes it) */
  uint32_t required;      /* 1: a route that does not bind it is refused; 0: publishing to it unbound is GANTRY_UNKNOWN_OUTPUT */
  uint32_t reserved;
} gantry_output;
GANTRY_NO_TAIL(gantry_output, reserved);

/* One step of a plugin's database schema, applied by `gantry db apply` in one transaction, in order of number. Known in
 * the database by (plugin name, number): two handlers of a plugin that share tables list the same migrations. */
typedef struct gantry_migration {
  size_t struct_size;
  const char *name;     /* for people: "create_saved_orders" */
  const char *sql;      /* statements; changing an applied one is an error, so append a new number instead */
  const char *database; /* the GANTRY_DATABASE option it is for; NULL: the handler's only one */
  uint32_t number;      /* 1, 2, 3, … */
  uint32_t reserved;
} gantry_migration;
GANTRY_NO_TAIL(gantry_migration, reserved);

/* What became of a message. Made by the plugin; the host copies it before the call returns (for the `rest` of handle():
 * when handle() has returned, so its text must then outlive handle(), until the next call on the instance). */
typedef struct gantry_outcome {
  size_t struct_size;
  gantry_verdict verdict;
  uint32_t retry_after_ms;  /* with RETRY and UNAVAILABLE: not before that; 0: the route's own back-off */
  gantry_str reason;        /* for people, in log and dead letter; no personal data; cut at 1,000 bytes */
  gantry_str error_class;   /* for machines: metric label and the dead letter's exception class; few distinct values */
} gantry_outcome;
GANTRY_NO_TAIL(gantry_outcome, error_class);

/* Read only, the host's; valid until its slot is settled, also when that is late, or the instance is destroyed. */
typedef struct gantry_message {
  size_t struct_size;
  gantry_slot slot;
  gantry_str topic;              /* of a replayed message, as partition, offset and time, the original one; empty for an
                                    HTTP request */
  int32_t partition;             /* -1 for an HTTP request */
  uint32_t attempt;              /* 1 on the first delivery of this assignment; one more after each RETRY */
  int64_t offset;                /* -1 for an HTTP request */
  int64_t timestamp_ms;          /* since 1970 UTC, Kafka's CreateTime or LogAppendTime; -1: none */
  gantry_bytes key;
  gantry_bytes value;            /* HTTP: the body */
  const gantry_header *headers;  /* in the record's order, names may repeat; HTTP: field names in lower case, path
                                    parameters as ":name", method and path as ":method" and ":path" */
  size_t header_count;
  uint32_t deadline_ms;          /* from delivery to cancel(); 0: none */
  uint32_t reserved;
} gantry_message;
GANTRY_NO_TAIL(gantry_message, reserved);

/* Services of one route. [any] unless said otherwise; valid from open() until close() has returned (create()/destroy()
 * where a handler has no open()/close()). */
typedef struct gantry_host {
  size_t struct_size;
  uint32_t abi_major, abi_minor; /* the host's own */
  /* `about` is the message the line is about, or 0. Copied. Lines are rate limited by the host, never lost without a count. */
  void (*log)(const struct gantry_host *, gantry_slot about, int32_t level, gantry_str text);
  /* Settles one slot: during handle(), for a slot of that call, or any time later for one left PENDING. Copies the outcome.
   * 1: taken. 0: refused, because it is late, settled twice, not this route's, or its verdict is PENDING or unknown; the
   * host counts that and nothing changes. After 1 the message's memory is gone. */
  int32_t (*settle)(const struct gantry_host *, gantry_slot, const gantry_outcome *);
  /* A table of functions by id ("gantry.publish/1"), valid as long as this host. NULL: not supported by this host, or not on this route. */
  const void *(*extension)(const struct gantry_host *, const char *id);
  /* Settings, [setup] in open() and create() only. 1: *out is set. 0: no such option, another type, or past the list's end.
   * Text is valid as long as the config: copy it. */
  int32_t (*config_integer)(const gantry_config *, const char *name, int64_t *out); /* BOOL, INTEGER, DURATION_MS */
  int32_t (*config_number)(const gantry_config *, const char *name, double *out);   /* NUMBER, INTEGER */
  int32_t (*config_text)(const gantry_config *, const char *name, size_t index, gantry_str *out); /* TEXT, URL, DATABASE at 0; TEXT_LIST */
} gantry_host;
GANTRY_NO_TAIL(gantry_host, config_text);

/* A kind of handler. Constant data with functions. No function may throw or unwind; the host catches C++ exceptions all
 * the same and counts them as misbehaviour (a throw from handle() is RETRY). */
typedef struct gantry_handler_type {
  size_t struct_size;
  const char *id;                /* what a route names: lower case letters, digits, "-"; unique in the host */
  const char *summary;           /* one line */
  uint32_t flags;                /* GANTRY_SOURCE_TOPIC …; at least one source */
  uint32_t max_batch;            /* at most so many messages a call; 1: one by one; 0 is refused */
  const gantry_option *const *options;
  size_t option_count;
  const gantry_output *const *outputs;
  size_t output_count;
  const gantry_migration *const *migrations;
  size_t migration_count;
  const char *const *required_extensions; /* without them the library is refused */
  size_t required_extension_count;
  /* [setup] What all instances of a route share. May be NULL: shared is NULL then. Checks settings and never connects, so
   * that it fails only for good. 0: done. Else: refused, with NUL-terminated text in err; close() is not called. */
  int32_t (*open)(const gantry_host *, const gantry_config *, void **shared, char *err, size_t err_size);
  /* [setup] One instance, for one lane. As open(). */
  int32_t (*create)(void *shared, const gantry_host *, const gantry_config *, void **self, char *err, size_t err_size);
  /* [lane] `count` messages, 1 to max_batch. Settle each by settle(), or leave it to *rest, which counts for every slot
   * that is not settled when handle() returns. The host sets *rest to OK before the call. With count above 1 a *rest of
   * RETRY or REJECT convicts nobody: the host delivers those messages again in halves, at once and uncounted, until one
   * fails alone. The array itself dies on return, also where messages stay PENDING. */
  void (*handle)(void *self, const gantry_message *const *messages, size_t count, gantry_outcome *rest);
  /* [any] The slot's deadline has passed, or its assignment or HTTP client is gone: settle it soon. Its verdict may no
   * longer count, its key waits for it (up to cancel_grace_ms). All instances of the route are told: do nothing for a slot
   * that another one has. May be NULL. May run while handle() runs. */
  void (*cancel)(void *self, gantry_slot);
  /* [setup] No handle() runs or will: settle what is pending within deadline_ms. May be NULL. */
  void (*drain)(void *self, uint32_t deadline_ms);
  /* [setup] After drain(); not called while handle() runs: an instance that hangs is left alone. Own threads are joined on return. */
  void (*destroy)(void *self);
  /* [setup] After the last destroy(). May be NULL. */
  void (*close)(void *shared);
} gantry_handler_type;
GANTRY_NO_TAIL(gantry_handler_type, close);

/* What a library is. Constant data: the host reads all of it before it calls anything. */
typedef struct gantry_plugin {
  size_t struct_size;
  uint32_t magic;           /* GANTRY_MAGIC */
  uint32_t abi_major;       /* GANTRY_ABI_MAJOR */
  uint32_t min_host_minor;  /* the oldest host minor version it works with */
  uint32_t reserved;
  const char *name;         /* lower case letters, digits, "-"; unique in the host, owns the migrations */
  const char *version;      /* the plugin's own, for people */
  const char *built_with;   /* compiler and SDK version, for people */
  const gantry_handler_type *const *handlers;
  size_t handler_count;
} gantry_plugin;
GANTRY_NO_TAIL(gantry_plugin, handler_count);

/* The one exported symbol, and it is data: a library can be looked into without running any of its code. */
extern GANTRY_EXPORT const gantry_plugin gantry_plugin_v1;

/* ---- extensions: found by id with gantry_host.extension; a successor is a new id ---------------------------------- */

/* A record for an output. Made by the plugin and copied by the call, or (resolve) made by the host. */
typedef struct gantry_record {
  size_t struct_size;
  gantry_str output;            /* the name declared in gantry_output; from resolve(): the same */
  gantry_bytes key;             /* as text; the host writes it in the output's key format. NULL: no key */
  gantry_bytes value;           /* NULL: a tombstone */
  const gantry_header *headers; /* besides the route's constant ones */
  size_t header_count;
} gantry_record;
GANTRY_NO_TAIL(gantry_record, header_count);

#define GANTRY_PUBLISH_V1 "gantry.publish/1"
typedef struct gantry_publish_v1 {
  size_t struct_size;
  /* [any] Before the slot is settled. Sent when the slot is settled ok, dropped otherwise; the source's offset moves on
   * after the brokers have acknowledged it. GANTRY_DONE or below 0. */
  int32_t (*publish)(const gantry_host *, gantry_slot, const gantry_record *);
} gantry_publish_v1;
GANTRY_NO_TAIL(gantry_publish_v1, publish);

#define GANTRY_OUTBOX_V1 "gantry.outbox/1"
typedef struct gantry_outbox_v1 {
  size_t struct_size;
  /* [any] What to insert into gantry_outbox for this record: its topic; in *out the key in the output's format, the value,
   * and the headers with the route's constant ones and the slot's trace context. The caller sets out->struct_size.
   * *topic and *out are valid until the next call on this thread. GANTRY_DONE or below 0. */
  int32_t (*resolve)(const gantry_host *, gantry_slot, const gantry_record *, gantry_str *topic, gantry_record *out);
  /* [any] After the commit: rows are there to be relayed. Cheap; forgetting it costs a poll interval, not a row. */
  void (*wake)(const gantry_host *);
  /* [any] This route's name, for the table's column `route`. Valid as long as this host. */
  void (*route)(const gantry_host *, gantry_str *out);
} gantry_outbox_v1;
GANTRY_NO_TAIL(gantry_outbox_v1, route);

#define GANTRY_HTTP_V1 "gantry.http/1" /* NULL where the route's source is a topic */
typedef struct gantry_http_v1 {
  size_t struct_size;
  /* [any] Before the slot is settled; the last call counts. Copied. Sent when the slot is settled ok. Status 200 to 599.
   * GANTRY_DONE or GANTRY_UNKNOWN_SLOT. */
  int32_t (*respond)(const gantry_host *, gantry_slot, int32_t status, gantry_str content_type,
                     const gantry_header *headers, size_t header_count, gantry_bytes body);
} gantry_http_v1;
GANTRY_NO_TAIL(gantry_http_v1, respond);

#define GANTRY_METRICS_V1 "gantry.metrics/1"
typedef struct gantry_metrics_v1 {
  size_t struct_size;
  /* [any] An instrument named gantry_plugin_<name> with the label `route`; the same name again is the same instrument.
   * NULL: a bad name, or one taken by another kind. Valid as long as this host. */
  void *(*counter)(const gantry_host *, const char *name, const char *help);
  void *(*gauge)(const gantry_host *, const char *name, const char *help);
  void *(*histogram)(const gantry_host *, const char *name, const char *help, const double *bounds, size_t count);
  /* [any] Adds to a counter (not negative), sets a gauge, observes in a histogram. Lock free. NULL does nothing. */
  void (*record)(void *instrument, double value);
} gantry_metrics_v1;
GANTRY_NO_TAIL(gantry_metrics_v1, record);

#ifdef __cplusplus
}
#endif
#endif /* GANTRY_ABI_H */
