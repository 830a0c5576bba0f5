/*
 * cmd_wait.c - until every service has come to a time.
 *
 * With its offsets a service says up to when everything is decided, timers and
 * mails included; what is said of a time is passed on only behind it, so the
 * last service has everything of the ones before it.
 */
#include <stdio.h>

#include "commands.h"
#include "common/base/civil.h"
#include "common/io/process/clock.h"
#include "common/io/process/stop.h"
#include "services/nurturectl/repair/positions.h"
#include "services/nurturectl/progress.h"

enum { ASK_EVERY_MS = 300 };

struct wait_values {
	int64_t to_ms, timeout_ms;
};

static const struct command_option options[] = {
    {"to", OPTION_TIME_MS, offsetof(struct wait_values, to_ms), "T", NULL, true, 0, 0,
     "event time that all services must have come to"},
    {"timeout", OPTION_DURATION_MS, offsetof(struct wait_values, timeout_ms), "DURATION", "10m",
     false, 0, 0, "then exit 1 and say who is behind"},
    {0}};

struct waiting {
	struct positions services[POSITION_SERVICES];
	int64_t to_ms;
	unsigned behind;         /* partitions, at the newest reading */
	int64_t misrouted_count; /* records on wrong partitions, at the newest reading */
};

static bool is_there(const struct position *position, int64_t to_ms)
{
	return position->is_known && position->decided_ms >= to_ms;
}

static int read_all(struct waiting *waiting, struct err *err)
{
	waiting->behind = 0;
	waiting->misrouted_count = 0;
	for (int s = 0; s < POSITION_SERVICES; s++) {
		struct positions *positions = &waiting->services[s];
		size_t count;

		if (positions_read(positions, err) < 0)
			return -1;
		if (positions_is_absent(positions))
			continue;
		count = POSITIONS_IN_TIME(positions);
		for (size_t i = 0; i < count; i++) {
			waiting->behind += !is_there(&positions->items[i], waiting->to_ms);
			/* All inputs of one partition have the same count. */
			waiting->misrouted_count += i < (size_t)positions->partitions
							? positions->items[i].misrouted_count
							: 0;
		}
	}
	return 0;
}

static void print_behind(const struct waiting *waiting)
{
	char at[RFC3339_BYTES];

	for (int s = 0; s < POSITION_SERVICES; s++) {
		const struct positions *positions = &waiting->services[s];
		size_t count = POSITIONS_IN_TIME(positions);

		for (size_t i = 0; i < count && !positions_is_absent(positions); i++) {
			const struct position *position = &positions->items[i];
			bool has_time = position->is_known && position->decided_ms != INT64_MIN;

			if (is_there(position, waiting->to_ms))
				continue;
			printf("behind: %s, %s, partition %zu: %s\n", positions->service->name,
			       positions->service->inputs[i / (size_t)positions->partitions],
			       i % (size_t)positions->partitions,
			       has_time               ? rfc3339_text(position->decided_ms, at)
			       : position->offset < 0 ? "nothing was committed"
						      : "no time yet");
		}
	}
}

/* Refuses what waiting cannot mend. */
static int check_order(const struct waiting *waiting, struct err *err)
{
	if (waiting->misrouted_count == 0)
		return 0;
	return err_environment(
	    err,
	    "%lld records were on another partition than their customer's: a "
	    "producer has another partitioner than Kafka's own (murmur2 of the key; "
	    "librdkafka: partitioner=murmur2_random). On the event clock the order "
	    "of events is lost then, so the outcomes may be wrong: publish them "
	    "anew, with that partitioner, into fresh topics",
	    (long long)waiting->misrouted_count);
}

/* 0: all are there, 1: the time is up. */
static int wait_for_all(struct waiting *waiting, int64_t timeout_ms, struct err *err)
{
	struct progress progress = progress_begin("partitions behind");
	int64_t until_ms = clock_monotonic_ms() + timeout_ms;
	int r;

	while ((r = read_all(waiting, err)) == 0 && (r = check_order(waiting, err)) == 0 &&
	       waiting->behind > 0) {
		progress_show(&progress, waiting->behind, 0);
		if (stop_requested())
			r = err_environment(err, "interrupted");
		else if (clock_monotonic_ms() >= until_ms)
			r = EXIT_NO;
		if (r != 0)
			break;
		clock_sleep_ms(ASK_EVERY_MS);
	}
	progress_end(&progress);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct wait_values *values = call->values;
	struct waiting waiting = {.to_ms = values->to_ms};
	int opened = 0, r = 0;
	char at[RFC3339_BYTES];

	for (; r == 0 && opened < POSITION_SERVICES; opened += r == 0)
		r = positions_open(call->settings, &position_services[opened],
				   &waiting.services[opened], err);
	if (r == 0)
		r = wait_for_all(&waiting, values->timeout_ms, err);
	if (r == EXIT_NO)
		print_behind(&waiting);
	else if (r == 0)
		printf("all services have come to %s\n", rfc3339_text(values->to_ms, at));
	for (int i = 0; i < opened; i++)
		positions_close(&waiting.services[i]);
	return r;
}

const struct command cmd_wait = {
    .name = "wait",
    .line = "wait until all services have come to a time",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct wait_values),
    .text =
	"For replays, with NURTURE_CLOCK=event: after `nurturectl replay` or `advance --to T`,\n"
	"this ends when the outcomes up to T are complete, and fails when events were published\n"
	"with another partitioner than Kafka's, for then their order is lost. It asks the "
	"segmenter, the\n"
	"review-solicitor, the scheduler, the email-sender and, when it has run, the desk, on "
	"every\n"
	"partition.",
    .run = run,
};
