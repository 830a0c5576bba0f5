/* permits_listen.c - the thread that hears the arbiter. */
#include <poll.h>
#include <stdio.h>

#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "permit.h"
#include "permits_internal.h"

enum { LISTEN_MS = 50, AGAIN_MS = 500 };

static void set_hearing(struct ing_permits *permits, bool hears, const char *why)
{
	pthread_mutex_lock(&permits->lock);
	permits->hears = hears;
	snprintf(permits->why, sizeof(permits->why), "%s", why);
	pthread_mutex_unlock(&permits->lock);
}

/* Checks the topics, unless the brokers are away: asking them would take long. */
static int check_topics(struct ing_permits *permits, struct err *err)
{
	if (producer_topic_check(permits->producer, permits->requests, err) < 0 ||
	    producer_topic_check(permits->producer, permits->answers, err) < 0)
		return -1;
	return producer_topic_check(permits->producer, permits->dead, err);
}

static int begin(struct ing_permits *permits, struct err *err)
{
	const struct tail_options options = {.brokers = permits->options.brokers,
					     .name = "nurture-ingest",
					     .topics = permits->heard};

	if (check_topics(permits, err) < 0 || topic_tail_open(&permits->tail, &options, err) < 0)
		return -1;
	set_hearing(permits, true, "");
	log_event(LOG_LEVEL_INFO, "permits_ready", NULL);
	return 0;
}

int ing_permits_hear_first(struct ing_permits *permits, struct err *err)
{
	int32_t partitions;

	if (producer_partitions(permits->producer, permits->requests, &partitions, err) < 0 ||
	    producer_partitions_read(permits->producer, permits->answers, &partitions, err) < 0 ||
	    producer_partitions_read(permits->producer, permits->dead, &partitions, err) < 0)
		return -1;
	return begin(permits, err);
}

/* Takes the next question of this name out of the table; NULL when none waits. */
static struct ing_pending_permit *take_named(struct ing_permits *permits, const char *name,
					     const char *customer)
{
	struct ing_pending_permit *pending;

	pthread_mutex_lock(&permits->lock);
	pending = ing_pending_permits_find(&permits->pending_permits, name, customer);
	if (pending)
		ing_pending_permits_take(&permits->pending_permits, pending);
	pthread_mutex_unlock(&permits->lock);
	if (pending)
		metric_add(permits->options.admission->counts.permits_waiting, -1);
	return pending;
}

static enum ing_permit_end end_of(const Nurture__V1__Answer *answer)
{
	if (strcmp(answer->outcome->status, "permitted") == 0)
		return ING_PERMIT_PERMITTED;
	return strcmp(answer->outcome->status, "refused") == 0 ? ING_PERMIT_REFUSED
							       : ING_PERMIT_RELEASED;
}

static void hear_answer(struct ing_permits *permits, const struct tail_record *record,
			const char *customer)
{
	struct buf body = BUF_MAX(PERMIT_ANSWER_MAX_BYTES);
	struct ing_pending_permit *pending;
	Nurture__V1__Answer *answer;
	struct err err;

	if (permit_answer_read(record->value, &permits->arena, &answer, &err) < 0) {
		log_event(LOG_LEVEL_WARN, "unreadable_answer", "why", err.text, NULL);
		return;
	}
	while ((pending = take_named(permits, answer->outcome->request, customer))) {
		buf_reset(&body);
		permit_answer_write(answer, pending->id, &body);
		ing_permit_answer(pending, end_of(answer), buf_slice(&body));
	}
	buf_free(&body);
}

static void hear_dead(struct ing_permits *permits, const struct tail_record *record,
		      const char *customer)
{
	const char *name = permit_dead_name(record->value, &permits->arena), *why;
	struct ing_pending_permit *pending;

	if (!name)
		return;
	why =
	    permit_dead_reason(topic_tail_header(permits->tail, "nurture-reason"), &permits->arena);
	while ((pending = take_named(permits, name, customer)))
		ing_permit_invalid(pending, why);
}

static int hear(struct ing_permits *permits, struct err *err)
{
	struct tail_record record;
	const char *customer;
	int r = topic_tail_next(permits->tail, LISTEN_MS, &record, err);

	if (r < 1)
		return r;
	customer = arena_copy(&permits->arena, record.key.bytes, record.key.len);
	if (record.topic == PERMITS_ANSWERS)
		hear_answer(permits, &record, customer);
	else
		hear_dead(permits, &record, customer);
	arena_reset(&permits->arena);
	return 0;
}

/* Answers those that have waited long enough, or all. */
static void let_go(struct ing_permits *permits, bool all)
{
	int64_t now_ms = clock_monotonic_ms();
	struct ing_pending_permit *pending;

	do {
		pthread_mutex_lock(&permits->lock);
		pending = permits->pending_permits.oldest;
		if (pending && (all || pending->deadline_ms <= now_ms))
			ing_pending_permits_take(&permits->pending_permits, pending);
		else
			pending = NULL;
		pthread_mutex_unlock(&permits->lock);
		if (pending) {
			metric_add(permits->options.admission->counts.permits_waiting, -1);
			ing_permit_late(pending);
		}
	} while (pending);
}

static void lose(struct ing_permits *permits, const struct err *why, int64_t *begin_at_ms)
{
	if (permits->hears || !permits->why[0]) /* written by this thread only */
		log_event(LOG_LEVEL_WARN, "permits_not_ready", "why", why->text, NULL);
	topic_tail_close(&permits->tail);
	set_hearing(permits, false, why->text);
	*begin_at_ms = clock_monotonic_ms() + AGAIN_MS;
}

void *ing_permits_listen(void *argument)
{
	struct ing_permits *permits = argument;
	int64_t begin_at_ms = 0;
	struct err err;

	while (!permits->stop) {
		if (!permits->tail && clock_monotonic_ms() < begin_at_ms)
			poll(NULL, 0, LISTEN_MS);
		else if ((permits->tail ? hear(permits, &err) : begin(permits, &err)) < 0)
			lose(permits, &err, &begin_at_ms);
		let_go(permits, false);
	}
	let_go(permits, true);
	topic_tail_close(&permits->tail);
	return NULL;
}
