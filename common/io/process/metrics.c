/*
 * metrics.c - see metrics.h.
 *
 * Metrics of one name are a family.  The lists only grow, at their ends and under a lock, and
 * nothing in them is ever moved or freed: so neither whoever has a handle nor whoever reads the
 * lists needs a lock.
 */
#include "metrics.h"

#include <pthread.h>
#include <stdlib.h>

static const int64_t bucket_ms[] = {1,   2,    5,    10,   20,    50,    100,  200,
				    500, 1000, 2000, 5000, 10000, 30000, 60000};

enum { BUCKETS = sizeof(bucket_ms) / sizeof(bucket_ms[0]) };

enum kind { COUNTER, GAUGE, HISTOGRAM };

struct metric {
	struct metric *_Atomic next; /* of the family */
	const char *labels;
	_Atomic int64_t value;                /* histogram: the sum in ms */
	_Atomic int64_t buckets[BUCKETS + 1]; /* not cumulative; the last is +Inf */
};

struct family {
	struct family *_Atomic next;
	enum kind kind;
	const char *name, *help;
	struct metric *_Atomic first;
};

static struct family *_Atomic families;
static pthread_mutex_t families_lock = PTHREAD_MUTEX_INITIALIZER;

static pthread_mutex_t sources_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	void (*update)(void *context);
	void *context;
} sources[METRICS_SOURCES_MAX];

/* With the lock held, as the next one. */
static struct family *family_of(enum kind kind, const char *name, const char *help)
{
	struct family *_Atomic *end = &families;
	struct family *family;

	for (; (family = *end); end = &family->next)
		if (strcmp(family->name, name) == 0)
			break;
	if (!family) {
		family = calloc(1, sizeof(*family));
		if (!family)
			abort();
		family->kind = kind;
		family->name = name;
		family->help = help;
		*end = family;
	}
	if (family->kind != kind)
		abort();
	return family;
}

static struct metric *member_of(struct family *family, const char *labels)
{
	struct metric *_Atomic *end = &family->first;
	struct metric *metric;

	for (; (metric = *end); end = &metric->next)
		if (strcmp(metric->labels, labels) == 0)
			return metric;
	metric = calloc(1, sizeof(*metric));
	if (!metric)
		abort();
	metric->labels = labels;
	*end = metric;
	return metric;
}

static struct metric *add(enum kind kind, const char *name, const char *labels, const char *help)
{
	struct metric *metric;

	pthread_mutex_lock(&families_lock);
	metric = member_of(family_of(kind, name, help), labels);
	pthread_mutex_unlock(&families_lock);
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

static struct metric *add_with(enum kind kind, const char *name, char *labels, const char *help)
{
	struct metric *metric = add(kind, name, labels, help);

	if (metric->labels != labels)
		free(labels);
	return metric;
}

struct metric *metric_counter_with(const char *name, char *labels, const char *help)
{
	return add_with(COUNTER, name, labels, help);
}

struct metric *metric_gauge_with(const char *name, char *labels, const char *help)
{
	return add_with(GAUGE, name, labels, help);
}

static void put_label(struct buf *text, const char *name, const char *value)
{
	buf_printf(text, "%s=\"", name);
	for (const char *c = value; *c; c++) {
		if (*c == '"' || *c == '\\')
			buf_char(text, '\\');
		if (*c == '\n')
			buf_text(text, "\\n");
		else
			buf_char(text, *c);
	}
	buf_char(text, '"');
	if (buf_failed(text))
		abort();
}

char *metric_label(const char *name, const char *value)
{
	struct buf text = BUF_MAX(4096);

	put_label(&text, name, value);
	return text.bytes;
}

char *metric_labels(const char *name, const char *value, const char *name2, const char *value2)
{
	struct buf text = BUF_MAX(8192);

	put_label(&text, name, value);
	buf_char(&text, ',');
	put_label(&text, name2, value2);
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

static void print_head(struct buf *out, const struct family *family)
{
	static const char *const type[] = {"counter", "gauge", "histogram"};

	buf_printf(out, "# HELP %s ", family->name);
	for (const char *c = family->help; *c; c++) {
		if (*c == '\\')
			buf_char(out, '\\');
		if (*c == '\n')
			buf_text(out, "\\n");
		else
			buf_char(out, *c);
	}
	buf_printf(out, "\n# TYPE %s %s\n", family->name, type[family->kind]);
}

static void print_histogram(struct buf *out, const char *name, const struct metric *metric)
{
	const char *labels = metric->labels, *comma = labels[0] ? "," : "";
	const char *open = labels[0] ? "{" : "", *close = labels[0] ? "}" : "";
	int64_t total = 0, sum_ms = metric->value;

	for (size_t i = 0; i <= BUCKETS; i++) {
		total += metric->buckets[i];
		buf_printf(out, "%s_bucket{%s%sle=\"", name, labels, comma);
		if (i < BUCKETS)
			buf_printf(out, "%g\"} %lld\n", (double)bucket_ms[i] / 1000,
				   (long long)total);
		else
			buf_printf(out, "+Inf\"} %lld\n", (long long)total);
	}
	buf_printf(out, "%s_sum%s%s%s %.3f\n", name, open, labels, close, (double)sum_ms / 1000);
	buf_printf(out, "%s_count%s%s%s %lld\n", name, open, labels, close, (long long)total);
}

static void print(struct buf *out, const struct family *family, const struct metric *metric)
{
	if (family->kind == HISTOGRAM)
		print_histogram(out, family->name, metric);
	else
		buf_printf(out, "%s%s%s%s %lld\n", family->name, metric->labels[0] ? "{" : "",
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

/* Some readers take a name without a sample for a mistake: its head comes with the first one. */
static void print_family(struct buf *out, const struct family *family)
{
	bool has_head = false;

	for (const struct metric *metric = family->first; metric; metric = metric->next) {
		if (family->kind == GAUGE && metric->value == METRIC_ABSENT)
			continue;
		if (!has_head)
			print_head(out, family);
		has_head = true;
		print(out, family, metric);
	}
}

void metrics_text(struct buf *out)
{
	update();
	for (const struct family *family = families; family; family = family->next)
		print_family(out, family);
}
