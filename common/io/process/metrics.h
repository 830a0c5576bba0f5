/*
 * metrics.h - counters and gauges, and their Prometheus text (0.0.4).
 *
 * Registered once, nearly all at start; a handle is then bumped without a lock from any thread.
 * Names: nurture_<what>_<unit>[_total].  Labels are fixed at registration, so cardinality is bounded
 * by construction; a name may have any number of them.
 */
#ifndef NURTURE_IO_PROCESS_METRICS_H
#define NURTURE_IO_PROCESS_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#include "common/base/buf.h"

struct metric;

/*
 * labels: "status=\"sent\"" or "". name, help and labels are kept by reference. Never NULL.
 * The same name and labels again give the same metric.
 */
struct metric *metric_counter(const char *name, const char *labels, const char *help);
struct metric *metric_gauge(const char *name, const char *labels, const char *help);
/* Cumulative histogram with buckets 1 ms .. 60 s (seconds in the text). */
struct metric *metric_histogram(const char *name, const char *labels, const char *help);

/* As those above, but the labels (malloc) become the metric's, or are freed when it has them. */
struct metric *metric_counter_with(const char *name, char *labels, const char *help);
struct metric *metric_gauge_with(const char *name, char *labels, const char *help);

/*
 * name="value" with the value escaped, for values that are not known at compile time.  The caller's
 * (malloc), as long as the metric lives: for ever.
 */
char *metric_label(const char *name, const char *value);
/* Two of them. */
char *metric_labels(const char *name, const char *value, const char *name2, const char *value2);

void metric_add(struct metric *metric, int64_t by);
void metric_set(struct metric *metric, int64_t to);
void metric_observe_ms(struct metric *metric, int64_t ms);

/* A gauge of this value is not printed: there is nothing to say of it now. */
#define METRIC_ABSENT INT64_MIN

/*
 * Before each text `update` sets gauges that are only worth asking for then, in the thread that
 * asks.  At most METRICS_SOURCES_MAX; metrics_off_read() takes one away, and waits for it.
 */
enum { METRICS_SOURCES_MAX = 64 };
void metrics_on_read(void (*update)(void *context), void *context);
void metrics_off_read(const void *context);

/* Grouped by name, HELP and TYPE once each, labels escaped. */
void metrics_text(struct buf *out);

#endif
