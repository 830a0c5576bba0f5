/*
 * NAME      email-sender - say it, once
 * READS     nurture.dispatch    what is to be mailed now; consent that was withdrawn since
 * WRITES    SMTP                one mail per dispatch: render, intent, DATA, result
 *           nurture.outcomes    sent, rejected, in_doubt, ... : the end of every mailed request
 *           nurture.deadletter  dispatches that cannot be understood, with the reason
 * STATE     nurture.deliveries  per customer: intents and results; its index is in Redis
 * TIME      wall, or event (NURTURE_CLOCK): then every batch waits for its mails
 * FAILURE   4xx or no connection: again later, with longer and longer pauses.  5xx: rejected.
 *           No answer after the final dot: in doubt; what needs consent is not sent again.
 *           Wrong settings, policy or templates: exit 100.  Kafka or Redis gone: exit 111.
 * SIGNALS   SIGTERM, SIGINT: finish the mails that have begun, commit, leave the group, exit 0
 */
#include "common/io/clock.h"
#include "common/io/config.h"
#include "common/io/http.h"
#include "common/io/log.h"
#include "common/io/stop.h"
#include "common/stream/stream.h"
#include "pool.h"
#include "settings.h"
#include "step.h"

enum {
	IDLE_WAIT_MS = 500,
	BUSY_WAIT_MS = 5, /* results may come any moment */
	BATCH_MAX = 1000, /* mails in doubt after a crash, at most */
	IN_FLIGHT_MAX = 4000,
	YIELD_MS = 30000, /* for mails under way when a partition goes to another owner */
	DRAIN_MS = 15000,
};

struct post {
	struct stream *stream;
	struct send_pool *pool;
	bool by_batch; /* event time: all of a batch before the next */
};

static const struct stream_input inputs[] = {
	[SEND_DISPATCH] = {"dispatch", stream_identify_internal, false}, {0}};
static const struct stream_output outputs[] = {[SEND_OUTCOMES] = {"outcomes", false}, {0}};

static void collect(struct post *post)
{
	struct send_pool_result result;

	while (send_pool_take(post->pool, &result))
		stream_result(post->stream, result.partition, result.customer, result.value);
}

/* Until nothing is in flight, or the time is up; what is left is in doubt with the next owner. */
static void wait_for_all(struct post *post, int64_t patience_ms)
{
	int64_t until_ms = clock_monotonic_ms() + patience_ms;

	while (send_pool_in_flight(post->pool) > 0 && clock_monotonic_ms() < until_ms) {
		send_pool_wait(post->pool, BUSY_WAIT_MS);
		collect(post);
	}
	collect(post);
}

static int batch(struct post *post, int wait_ms, struct err *err)
{
	struct stream_effect effect;

	if (stream_begin(post->stream, wait_ms, err) < 0 ||
	    stream_decide(post->stream, send_step, err) < 0)
		return -1;
	while (stream_next_effect(post->stream, &effect))
		if (send_pool_put(post->pool, effect.partition, effect.customer, effect.value,
				  err) < 0)
			return -1;
	return 0;
}

static int yield(void *context, struct err *err)
{
	struct post *post = context;

	if (!post->pool)
		return 0;
	wait_for_all(post, YIELD_MS);
	return batch(post, -1, err);
}

static int run(struct post *post, struct err *err)
{
	size_t in_flight;
	int r = 0;

	while (r == 0 && !stop_requested()) {
		if (post->by_batch)
			wait_for_all(post, INT32_MAX);
		collect(post);
		in_flight = send_pool_in_flight(post->pool);
		if (in_flight > IN_FLIGHT_MAX)
			send_pool_wait(post->pool, BUSY_WAIT_MS);
		r = batch(post, in_flight > IN_FLIGHT_MAX ? -1
				: in_flight > 0		  ? BUSY_WAIT_MS
							  : IDLE_WAIT_MS, err);
	}
	if (r < 0)
		return r;
	send_pool_stop(post->pool, DRAIN_MS);
	collect(post);
	return batch(post, -1, err);
}

int main(int argc, char **argv)
{
	struct sender_config config;
	struct sender sender = {0};
	struct post post = {0};
	struct stream_options options = {.service = "email-sender",
					 .inputs = inputs,
					 .outputs = outputs,
					 .changelog = "deliveries",
					 .context = &sender,
					 .config = &config.common,
					 .yield = yield,
					 .effects_context = &post,
					 .batch_max = BATCH_MAX};
	struct http_options pages = {.ready = stream_ready};
	struct http_server *server = NULL;
	struct err err;
	int r;

	stop_on_signals();
	log_open("email-sender");
	r = sender_config_load(argc, argv, &config, &sender, &err);
	if (r == 0)
		r = stream_open(&post.stream, &options, &err);
	if (r == 0)
		r = send_pool_open(&post.pool, &config.pool, &err);
	post.by_batch = config.common.clock == CLOCK_EVENT;
	pages.listen = config.common.listen;
	pages.context = post.stream;
	if (r == 0)
		r = http_open(&server, &pages, &err);
	if (r == 0)
		r = run(&post, &err);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "stopped", "why", err.text, NULL);
	http_close(&server);
	stream_close(&post.stream);
	send_pool_close(&post.pool);
	return r < 0 ? err_exit_code(&err) : 0;
}
