/*
 * metrics.c - see metrics.h.
 *
 * The table only grows, under a lock, and an entry is never moved or freed:
 * so whoever has a handle needs no lock, and reading the table needs only its
 * length.
 */
#include "metrics.h"

#include <pthread.h>
#include <stdlib.h>

enum { METRICS_MAX = 1024 };

static const int64_t bucket_ms[] = {1,   2,    5,    10,   20,    50,    100,  200,
				    500, 1000, 2000, 5000, 10000, 30000, 60000};

enum { BUCKETS = sizeof(bucket_ms) / sizeof(bucket_ms[0]) };

enum kind { COUNTER, GAUGE, HISTOGRAM };

struct metric {
	enum kind kind;
	const char *name, *labels, *help;
	_Atomic int64_t value;                /* histogram: the sum in ms */
	_Atomic int64_t buckets[BUCKETS + 1]; /* not cumulative; the last is +Inf */
};

static struct metric *table[METRICS_MAX];
static _Atomic size_t table_count;
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;

static pthread_mutex_t sources_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	void (*update)(void *context);
	void *context;
} sources[METRICS_SOURCES_MAX];

/* With the lock held. */
static struct metric *find(const char *name, const char *labels)
{
	for (size_t i = 0; i < table_count; i++)
		if (strcmp(table[i]->name, name) == 0 && strcmp(table[i]->labels, labels) == 0)
			return table[i];
	return NULL;
}

static struct metric *add(enum kind kind, const char *name, const char *labels, const char *help)
{
	struct metric *metric;

	pthread_mutex_lock(&table_lock);
	metric = find(name, labels);
	if (!metric) {
		metric = calloc(1, sizeof(*metric));
		if (!metric || table_count == METRICS_MAX)
			abort();
		metric->kind = kind;
		metric->name = name;
		metric->labels = labels;
		metric->help = help;
		table[table_count] = metric;
		table_count++;
	}
	pthread_mutex_unlock(&table_lock);
	if (metric->kind != kind)
		abort();
	return metric;
}

struct metric *metric_counter(const char *name, const char *labels, const char *help)
{
	return add(COUNTER, name, labels, help);
}

struct metric *metric_gauge(const char *name, const char *labels, const char *help)
{
	return add(GAUGE, name, labels, help);
}

struct metric *metric_histogram(const char *name, const char *labels, const char *help)
{
	return add(HISTOGRAM, name, labels, help);
}

const char *metric_label(const char *name, const char *value)
{
	struct buf text = BUF_MAX(4096);

	buf_printf(&text, "%s=\"", name);
	for (const char *c = value; *c; c++) {
		if (*c == '"' || *c == '\\')
			buf_char(&text, '\\');
		if (*c == '\n')
			buf_text(&text, "\\n");
		else
			buf_char(&text, *c);
	}
	buf_char(&text, '"');
	if (buf_failed(&text))
		abort();
	return text.bytes;
}

void metric_add(struct metric *metric, int64_t by)
{
	atomic_fetch_add_explicit(&metric->value, by, memory_order_relaxed);
}

void metric_set(struct metric *metric, int64_t to)
{
	atomic_store_explicit(&metric->value, to, memory_order_relaxed);
}

void metric_observe_ms(struct metric *metric, int64_t ms)
{
	size_t i = 0;

	while (i < BUCKETS && ms > bucket_ms[i])
		i++;
	atomic_fetch_add_explicit(&metric->buckets[i], 1, memory_order_relaxed);
	metric_add(metric, ms > 0 ? ms : 0);
}

static void print_head(struct buf *out, const struct metric *metric)
{
	static const char *const type[] = {"counter", "gauge", "histogram"};

	buf_printf(out, "# HELP %s ", metric->name);
	for (const char *c = metric->help; *c; c++) {
		if (*c == '\\')
			buf_char(out, '\\');
		if (*c == '\n')
			buf_text(out, "\\n");
		else
			buf_char(out, *c);
	}
	buf_printf(out, "\n# TYPE %s %s\n", metric->name, type[metric->kind]);
}

static void print_histogram(struct buf *out, const struct metric *metric)
{
	const char *labels = metric->labels, *comma = labels[0] ? "," : "";
	const char *open = labels[0] ? "{" : "", *close = labels[0] ? "}" : "";
	int64_t total = 0, sum_ms = metric->value;

	for (size_t i = 0; i <= BUCKETS; i++) {
		total += metric->buckets[i];
		buf_printf(out, "%s_bucket{%s%sle=\"", metric->name, labels, comma);
		if (i < BUCKETS)
			buf_printf(out, "%g\"} %lld\n", (double)bucket_ms[i] / 1000,
				   (long long)total);
		else
			buf_printf(out, "+Inf\"} %lld\n", (long long)total);
	}
	buf_printf(out, "%s_sum%s%s%s %.3f\n", metric->name, open, labels, close,
		   (double)sum_ms / 1000);
	buf_printf(out, "%s_count%s%s%s %lld\n", metric->name, open, labels, close,
		   (long long)total);
}

static bool is_absent(const struct metric *metric)
{
	return metric->kind == GAUGE && metric->value == METRIC_ABSENT;
}

static void print(struct buf *out, const struct metric *metric)
{
	if (metric->kind == HISTOGRAM)
		print_histogram(out, metric);
	else
		buf_printf(out, "%s%s%s%s %lld\n", metric->name, metric->labels[0] ? "{" : "",
			   metric->labels, metric->labels[0] ? "}" : "", (long long)metric->value);
}

void metrics_on_read(void (*update)(void *context), void *context)
{
	int i = 0;

	pthread_mutex_lock(&sources_lock);
	while (i < METRICS_SOURCES_MAX && sources[i].update)
		i++;
	if (i == METRICS_SOURCES_MAX)
		abort();
	sources[i].update = update;
	sources[i].context = context;
	pthread_mutex_unlock(&sources_lock);
}

void metrics_off_read(const void *context)
{
	pthread_mutex_lock(&sources_lock);
	for (int i = 0; i < METRICS_SOURCES_MAX; i++)
		if (sources[i].context == context)
			sources[i].update = NULL;
	pthread_mutex_unlock(&sources_lock);
}

static void update(void)
{
	pthread_mutex_lock(&sources_lock);
	for (int i = 0; i < METRICS_SOURCES_MAX; i++)
		if (sources[i].update)
			sources[i].update(sources[i].context);
	pthread_mutex_unlock(&sources_lock);
}

/*
 * Prints all of the name of table[first].  Some readers take a name without a sample for a mistake:
 * its head comes with the first one.
 */
static void print_name(struct buf *out, size_t first, size_t count, bool printed[])
{
	bool has_head = false;

	for (size_t i = first; i < count; i++) {
		if (strcmp(table[first]->name, table[i]->name) != 0)
			continue;
		printed[i] = true;
		if (is_absent(table[i]))
			continue;
		if (!has_head)
			print_head(out, table[i]);
		has_head = true;
		print(out, table[i]);
	}
}

void metrics_text(struct buf *out)
{
	bool printed[METRICS_MAX] = {false};
	size_t count;

	update();
	count = table_count;
	for (size_t i = 0; i < count; i++)
		if (!printed[i])
			print_name(out, i, count, printed);
}
