/* otlp.c - see otlp.h; libcurl. */
#include "otlp.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/io/process/metrics.h"
#include "otlp_text.h"

/* A span takes some 600 bytes; TELL_AGAIN_MS: how often somebody hears that nobody takes them. */
enum { SPAN_MAX_BYTES = 2048, HEAD_MAX_BYTES = 65536, TELL_AGAIN_MS = 600000 };
/* How long what waits is still sent when the process ends. */
enum { CLOSE_MS = 5000 };

struct otlp {
	struct tracing_options options;
	char *url;
	struct curl_slist *headers;
	struct buf head; /* of each request, as far as its spans */
	CURL *curl;
	pthread_t thread;
	pthread_mutex_t lock; /* of the queue */
	pthread_cond_t changed;
	struct span *queue;
	size_t first, count;
	_Atomic int64_t closing_ms; /* monotonic, since when; 0: it goes on */
	struct metric *sent, *failed, *dropped;
	int64_t told_ms; /* of the thread; monotonic; 0: not yet */
};

static void tell(struct otlp *otlp, const char *why)
{
	int64_t now_ms = clock_monotonic_ms();

	if (otlp->told_ms && now_ms - otlp->told_ms < TELL_AGAIN_MS)
		return;
	otlp->told_ms = now_ms;
	log_event(LOG_LEVEL_WARN, "spans_not_exported", "url", otlp->url, "why", why, NULL);
}

static bool is_over(const struct otlp *otlp)
{
	return otlp->closing_ms && clock_monotonic_ms() - otlp->closing_ms >= CLOSE_MS;
}

/* For libcurl, about once a second: not 0 ends the request. */
static int end_in_time(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	(void)a, (void)b, (void)c, (void)d;
	return is_over(context);
}

static size_t ignore(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes, (void)context;
	return size * count;
}

/* Whether the collector has them; else why not is told. */
static bool post(struct otlp *otlp, const struct buf *body)
{
	char why[CURL_ERROR_SIZE] = "";
	long status = 0;
	CURLcode code;

	curl_easy_setopt(otlp->curl, CURLOPT_POSTFIELDSIZE, (long)body->len);
	curl_easy_setopt(otlp->curl, CURLOPT_POSTFIELDS, body->bytes);
	curl_easy_setopt(otlp->curl, CURLOPT_ERRORBUFFER, why);
	code = curl_easy_perform(otlp->curl);
	curl_easy_setopt(otlp->curl, CURLOPT_ERRORBUFFER, NULL);
	curl_easy_getinfo(otlp->curl, CURLINFO_RESPONSE_CODE, &status);
	if (code == CURLE_OK && status >= 200 && status < 300)
		return true;
	if (code == CURLE_OK)
		snprintf(why, sizeof(why), "it answered %ld", status);
	tell(otlp, why[0] ? why : curl_easy_strerror(code));
	return false;
}

/* Takes up to a batch off the queue; the lock is held. */
static size_t take(struct otlp *otlp, struct span *ret)
{
	size_t most = (size_t)otlp->options.queue_max, n = (size_t)otlp->options.batch_max;

	if (n > otlp->count)
		n = otlp->count;
	for (size_t i = 0; i < n; i++)
		ret[i] = otlp->queue[(otlp->first + i) % most];
	otlp->first = (otlp->first + n) % most;
	otlp->count -= n;
	return n;
}

static void send_batch(struct otlp *otlp, const struct span *spans, size_t count)
{
	struct buf body = BUF_MAX(HEAD_MAX_BYTES + count * SPAN_MAX_BYTES);
	bool is_sent;

	buf_add(&body, otlp->head.bytes, otlp->head.len);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_text(&body, ",");
		otlp_put_span(&spans[i], &body);
	}
	buf_text(&body, OTLP_END);
	is_sent = !buf_failed(&body) && post(otlp, &body);
	metric_add(is_sent ? otlp->sent : otlp->failed, (int64_t)count);
	buf_free(&body);
}

/* Until a batch is there, or the oldest span has waited long enough; the lock is held. */
static void await(struct otlp *otlp)
{
	struct timespec until;
	int64_t until_ms = clock_monotonic_ms() + otlp->options.delay_ms;

	until.tv_sec = until_ms / 1000;
	until.tv_nsec = until_ms % 1000 * 1000000;
	while (!otlp->closing_ms && otlp->count < (size_t)otlp->options.batch_max)
		if (pthread_cond_timedwait(&otlp->changed, &otlp->lock, &until) != 0)
			return;
}

static void *send_all(void *argument)
{
	struct otlp *otlp = argument;
	struct span *spans = malloc((size_t)otlp->options.batch_max * sizeof(*spans));
	size_t count;

	if (!spans)
		abort();
	pthread_mutex_lock(&otlp->lock);
	for (;;) {
		await(otlp);
		if (otlp->closing_ms && (otlp->count == 0 || is_over(otlp)))
			break;
		count = take(otlp, spans);
		pthread_mutex_unlock(&otlp->lock);
		if (count > 0)
			send_batch(otlp, spans, count);
		pthread_mutex_lock(&otlp->lock);
	}
	pthread_mutex_unlock(&otlp->lock);
	free(spans);
	return NULL;
}

static int open_headers(struct otlp *otlp, struct err *err)
{
	struct slice rest = slice_text(otlp->options.headers), name;
	struct buf value = BUF_MAX(8192), line = BUF_MAX(16384);
	int r;

	otlp->headers = curl_slist_append(NULL, "Content-Type: application/json");
	while ((r = otlp_next_pair(&rest, &name, &value)) == 1) {
		buf_reset(&line);
		buf_printf(&line, "%.*s: %.*s", SLICE_ARGS(name), SLICE_ARGS(buf_slice(&value)));
		if (buf_failed(&line) || strpbrk(line.bytes, "\r\n"))
			break;
		otlp->headers = curl_slist_append(otlp->headers, line.bytes);
	}
	buf_free(&value);
	buf_free(&line);
	/* It may hold a password, and is not shown. */
	return r != 0 ? err_config(err, "OTEL_EXPORTER_OTLP_HEADERS: expected name=value,...") : 0;
}

static int open_url(struct otlp *otlp, struct err *err)
{
	const struct tracing_options *options = &otlp->options;
	bool is_whole = options->traces_endpoint[0];
	const char *base = is_whole ? options->traces_endpoint : options->endpoint;
	size_t len = strlen(base);

	if (strncmp(base, "http://", 7) != 0 && strncmp(base, "https://", 8) != 0)
		return err_config(err,
				  "OTEL_EXPORTER_OTLP_%sENDPOINT: expected http:// or https://",
				  is_whole ? "TRACES_" : "");
	/* It is shown in the log. */
	if (memchr(base, '@', 8 + strcspn(base + 8, "/?#")))
		return err_config(err,
				  "OTEL_EXPORTER_OTLP_%sENDPOINT: expected no login in it: "
				  "OTEL_EXPORTER_OTLP_HEADERS may hold one",
				  is_whole ? "TRACES_" : "");
	while (!is_whole && len > 0 && base[len - 1] == '/')
		len--;
	if (asprintf(&otlp->url, "%.*s%s", (int)len, base, is_whole ? "" : "/v1/traces") < 0)
		abort();
	return 0;
}

static void open_curl(struct otlp *otlp)
{
	otlp->curl = curl_easy_init();
	if (!otlp->curl)
		abort();
	curl_easy_setopt(otlp->curl, CURLOPT_URL, otlp->url);
	curl_easy_setopt(otlp->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(otlp->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(otlp->curl, CURLOPT_POST, 1L);
	curl_easy_setopt(otlp->curl, CURLOPT_HTTPHEADER, otlp->headers);
	curl_easy_setopt(otlp->curl, CURLOPT_TIMEOUT_MS, (long)otlp->options.timeout_ms);
	curl_easy_setopt(otlp->curl, CURLOPT_WRITEFUNCTION, ignore);
	curl_easy_setopt(otlp->curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(otlp->curl, CURLOPT_XFERINFOFUNCTION, end_in_time);
	curl_easy_setopt(otlp->curl, CURLOPT_XFERINFODATA, otlp);
}

static struct metric *count(const char *labels)
{
	return metric_counter("nurture_spans_total", labels,
			      "Spans that a collector took, that it did not take, or that found "
			      "the queue full.");
}

static void start(struct otlp *otlp)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&otlp->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&otlp->lock, NULL);
	otlp->queue = calloc((size_t)otlp->options.queue_max, sizeof(*otlp->queue));
	otlp->sent = count("result=\"exported\"");
	otlp->failed = count("result=\"failed\"");
	otlp->dropped = count("result=\"dropped\"");
	open_curl(otlp);
	if (!otlp->queue || pthread_create(&otlp->thread, NULL, send_all, otlp) != 0)
		abort();
}

static void forget(struct otlp *otlp)
{
	curl_slist_free_all(otlp->headers);
	curl_easy_cleanup(otlp->curl);
	buf_free(&otlp->head);
	free(otlp->queue);
	free(otlp->url);
	free(otlp);
}

/* What the options say, without a thread or a connection; NULL: they are wrong. */
static struct otlp *read_options(const struct tracing_options *options, const char *service,
				 struct err *err)
{
	struct otlp *otlp = calloc(1, sizeof(*otlp));

	if (!otlp)
		abort();
	otlp->options = *options;
	if (otlp->options.batch_max > otlp->options.queue_max)
		otlp->options.batch_max = otlp->options.queue_max;
	otlp->head = BUF_MAX(HEAD_MAX_BYTES);
	if (open_url(otlp, err) < 0 || open_headers(otlp, err) < 0 ||
	    otlp_put_resource(options, service, &otlp->head, err) < 0) {
		forget(otlp);
		return NULL;
	}
	return otlp;
}

int otlp_check(const struct tracing_options *options, struct err *err)
{
	struct otlp *otlp = read_options(options, "checked", err);

	if (!otlp)
		return -1;
	forget(otlp);
	return 0;
}

int otlp_open(struct otlp **ret, const struct tracing_options *options, const char *service,
	      struct err *err)
{
	struct otlp *otlp = read_options(options, service, err);

	if (!otlp)
		return -1;
	start(otlp);
	*ret = otlp;
	return 0;
}

void otlp_add(struct otlp *otlp, const struct span *span)
{
	size_t most = (size_t)otlp->options.queue_max;
	bool has_room;

	pthread_mutex_lock(&otlp->lock);
	has_room = otlp->count < most;
	if (has_room)
		otlp->queue[(otlp->first + otlp->count++) % most] = *span;
	if (otlp->count == (size_t)otlp->options.batch_max)
		pthread_cond_signal(&otlp->changed);
	pthread_mutex_unlock(&otlp->lock);
	if (!has_room)
		metric_add(otlp->dropped, 1);
}

void otlp_close(struct otlp **otlp)
{
	struct otlp *o = *otlp;

	if (!o)
		return;
	pthread_mutex_lock(&o->lock);
	o->closing_ms = clock_monotonic_ms();
	pthread_cond_signal(&o->changed);
	pthread_mutex_unlock(&o->lock);
	pthread_join(o->thread, NULL);
	pthread_cond_destroy(&o->changed);
	pthread_mutex_destroy(&o->lock);
	forget(o);
	*otlp = NULL;
}
