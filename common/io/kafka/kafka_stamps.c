/*
 * kafka_stamps.c - is the last record that was read still the one that stands there?
 *
 * A topic that was made anew may have grown beyond the offset that is
 * remembered.  Then the offset is there, and means another record: its
 * timestamp tells.  One look at every partition, all at once, when partitions
 * are assigned.
 */
#include "common/io/process/clock.h"
#include "kafka_internal.h"

enum { LOOK_MS = 5000, POLL_MS = 100 };

static bool has_last(const struct kafka_position *position)
{
	return position->offset > position->first && position->offset <= position->end;
}

static rd_kafka_topic_partition_list_t *places(const struct kafka *kafka,
					       struct kafka_position *positions, size_t count)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count + 1);

	for (size_t i = 0; i < count; i++) {
		positions[i].last_ms = 0;
		if (has_last(&positions[i]))
			rd_kafka_topic_partition_list_add(list, kafka->inputs[positions[i].input],
							  positions[i].partition)
			    ->offset = positions[i].offset - 1;
	}
	return list;
}

/* Whether it is one of those that are waited for. */
static bool take(const struct kafka *kafka, const rd_kafka_message_t *message,
		 struct kafka_position *positions, size_t count)
{
	rd_kafka_timestamp_type_t type;
	int input = message->rkt ? kafka_input_of(kafka, rd_kafka_topic_name(message->rkt)) : -1;

	for (size_t i = 0; !message->err && i < count; i++) {
		if ((int)positions[i].input != input ||
		    positions[i].partition != message->partition ||
		    positions[i].offset - 1 != message->offset)
			continue;
		positions[i].last_ms = rd_kafka_message_timestamp(message, &type);
		return true;
	}
	return false;
}

void kafka_read_stamps(struct kafka *kafka, struct kafka_position *positions, size_t count)
{
	rd_kafka_topic_partition_list_t *list = places(kafka, positions, count);
	int64_t until_ms = clock_monotonic_ms() + LOOK_MS;
	int left = list->cnt;

	if (left > 0)
		rd_kafka_assign(kafka->looker, list);
	rd_kafka_topic_partition_list_destroy(list);
	/* What does not come in time is not known, and nobody is stopped by it. */
	while (left > 0 && clock_monotonic_ms() < until_ms) {
		rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka->looker, POLL_MS);

		if (!message)
			continue;
		left -= take(kafka, message, positions, count);
		rd_kafka_message_destroy(message);
	}
	rd_kafka_assign(kafka->looker, NULL);
}
