/* cmd_advance.c - lets time pass where time is what the events say: a tick on every partition. */
#include "advance.h"

#include <stdio.h>

#include "commands.h"

enum { FLUSH_MS = 30000 };

struct advance_values {
	int64_t to_ms;
};

static const struct command_option options[] = {{"to", OPTION_TIME_MS,
						 offsetof(struct advance_values, to_ms), "T", NULL,
						 true, 0, 0, "nothing earlier will follow"},
						{0}};

int advance_open(const struct settings *settings, struct producer **ret, struct err *err)
{
	const struct producer_options producer = {.brokers = settings->common.brokers,
						  .client_id = "nurturectl",
						  .linger_ms = 20,
						  .delivery_timeout_ms = 120000};

	return producer_open(ret, &producer, err);
}

int advance_to(const struct settings *settings, struct producer *producer, int64_t to_ms,
	       int32_t *ret_partitions, struct err *err)
{
	char topic[TOPIC_NAME_BYTES];
	int32_t partitions;

	settings_topic(settings, "events", topic);
	if (producer_partitions(producer, topic, &partitions, err) < 0)
		return -1;
	for (int32_t p = 0; p < partitions; p++) {
		int r = producer_tick(producer, topic, p, to_ms, err);

		if (r < 0)
			return -1;
		if (r == 0 && producer_flush(producer, FLUSH_MS, err) < 0)
			return -1;
		p -= r == 0; /* the queue was full: once more */
	}
	*ret_partitions = partitions;
	return producer_flush(producer, FLUSH_MS, err);
}

static int run(const struct invocation *call, struct err *err)
{
	const struct advance_values *values = call->values;
	struct producer *producer;
	char at[RFC3339_BYTES];
	int32_t partitions;
	int r;

	if (advance_open(call->settings, &producer, err) < 0)
		return -1;
	r = advance_to(call->settings, producer, values->to_ms, &partitions, err);
	producer_close(&producer);
	if (r < 0)
		return -1;
	printf("advanced %d partitions to %s\n", (int)partitions, rfc3339_text(values->to_ms, at));
	return 0;
}

const struct command cmd_advance = {
    .name = "advance",
    .line = "let time pass on nurture.events, up to a time",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct advance_values),
    .text =
	"Writes a tick on every partition. It travels down the chain, and what is due before T\n"
	"happens. Only services with NURTURE_CLOCK=event look at it.",
    .run = run,
};
