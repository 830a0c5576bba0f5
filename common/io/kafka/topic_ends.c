/* topic_ends.c - see topic_ends.h; librdkafka. */
#include "topic_ends.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "topic_watch.h"

enum { ANSWER_MS = 5000, EARLIER_AFTER = 3 };

struct topic_end {
	int64_t end; /* the furthest that was seen; -1: not asked yet */
	int earlier; /* answers in a row that were before it */
};

struct topic_ends {
	char **topics;
	size_t count;
	int32_t partitions;
	size_t state;         /* count: none */
	struct topic_end *at; /* topic by topic */
};

struct topic_ends *topic_ends_open(const char *const *topics, size_t count, int32_t partitions,
				   const char *state)
{
	struct topic_ends *ends = calloc(1, sizeof(*ends));

	if (!ends)
		abort();
	ends->count = ends->state = count;
	ends->partitions = partitions;
	ends->topics = calloc(count + 1, sizeof(*ends->topics));
	ends->at = calloc(count * (size_t)partitions + 1, sizeof(*ends->at));
	if (!ends->topics || !ends->at)
		abort();
	for (size_t i = 0; i < count; i++) {
		ends->topics[i] = strdup(topics[i]);
		if (!ends->topics[i])
			abort();
		if (state && strcmp(topics[i], state) == 0)
			ends->state = i;
	}
	for (size_t i = 0; i < count * (size_t)partitions; i++)
		ends->at[i].end = -1;
	return ends;
}

void topic_ends_close(struct topic_ends *ends)
{
	for (size_t i = 0; i < ends->count; i++)
		free(ends->topics[i]);
	free(ends->topics);
	free(ends->at);
	free(ends);
}

int topic_ends_note(struct topic_ends *ends, size_t topic, int32_t partition, int64_t end,
		    struct err *err)
{
	struct topic_end *at = &ends->at[topic * (size_t)ends->partitions + (size_t)partition];

	if (end < 0)
		return 0;
	if (end >= at->end) {
		*at = (struct topic_end){.end = end};
		return 0;
	}
	if (++at->earlier < EARLIER_AFTER)
		return 0;
	return topic_made_anew(ends->topics[topic], partition, at->end, end, topic == ends->state,
			       err);
}

int topic_ends_look(struct topic_ends *ends, rd_kafka_t *client, struct err *err)
{
	rd_kafka_topic_partition_list_t *list;
	int r = 0;

	list = rd_kafka_topic_partition_list_new((int)ends->count * ends->partitions);
	for (size_t i = 0; i < ends->count; i++)
		for (int32_t p = 0; p < ends->partitions; p++)
			rd_kafka_topic_partition_list_add(list, ends->topics[i], p)->offset =
			    RD_KAFKA_OFFSET_END;
	/* The answer may be in another order, and lack some. */
	if (ends->count > 0 && rd_kafka_offsets_for_times(client, list, ANSWER_MS) == 0)
		for (size_t i = 0; r == 0 && i < ends->count; i++)
			for (int32_t p = 0; r == 0 && p < ends->partitions; p++) {
				const rd_kafka_topic_partition_t *found =
				    rd_kafka_topic_partition_list_find(list, ends->topics[i], p);

				if (found && !found->err)
					r = topic_ends_note(ends, i, p, found->offset, err);
			}
	rd_kafka_topic_partition_list_destroy(list);
	return r;
}
