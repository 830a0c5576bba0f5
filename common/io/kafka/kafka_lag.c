/* kafka_lag.c - see kafka_lag.h; librdkafka. */
#include "kafka_lag.h"

#include <librdkafka/rdkafka.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "common/io/process/metrics.h"

enum { NOT_OURS = -2 };

struct lag_of {
	struct metric *_Atomic metric; /* NULL: it never was ours */
	_Atomic int64_t position;
};

struct kafka_lag {
	rd_kafka_t *client;
	const char *const *topics;
	unsigned topic_count;
	int32_t partition_count;
	struct lag_of *of; /* topic by topic */
};

int64_t kafka_lag_records(int64_t offset, int64_t first, int64_t end)
{
	int64_t from = offset > first ? offset : first;

	return end > from ? end - from : 0;
}

static void update_one(const struct kafka_lag *lag, unsigned topic, int32_t partition)
{
	struct lag_of *of =
	    &lag->of[(size_t)topic * (size_t)lag->partition_count + (size_t)partition];
	int64_t position = of->position, first = -1, end = -1;

	if (!of->metric)
		return;
	if (position == NOT_OURS || rd_kafka_get_watermark_offsets(lag->client, lag->topics[topic],
								   partition, &first, &end)) {
		metric_set(of->metric, METRIC_ABSENT);
		return;
	}
	/* Before its first fetch the end is not known. */
	metric_set(of->metric, end < 0 ? METRIC_ABSENT : kafka_lag_records(position, first, end));
}

static void update(void *context)
{
	const struct kafka_lag *lag = context;

	for (unsigned i = 0; i < lag->topic_count; i++)
		for (int32_t p = 0; p < lag->partition_count; p++)
			update_one(lag, i, p);
}

static struct metric *gauge_of(const char *topic, int32_t partition)
{
	struct buf labels = BUF_MAX(1024);
	struct metric *metric;

	/* Names of topics have nothing that would have to be escaped. */
	buf_printf(&labels, "topic=\"%s\",partition=\"%d\"", topic, (int)partition);
	if (buf_failed(&labels))
		abort();
	metric = metric_gauge_with("nurture_input_lag_records", labels.bytes,
				   "Records of a partition that are still to be decided.");
	metric_set(metric, METRIC_ABSENT);
	return metric;
}

struct kafka_lag *kafka_lag_open(void *client, const char *const *topics, unsigned topic_count,
				 int32_t partition_count)
{
	size_t count = (size_t)topic_count * (size_t)partition_count;
	struct kafka_lag *lag = calloc(1, sizeof(*lag));

	if (!lag)
		abort();
	*lag = (struct kafka_lag){client, topics, topic_count, partition_count,
				  calloc(count + 1, sizeof(*lag->of))};
	if (!lag->of)
		abort();
	for (size_t i = 0; i < count; i++)
		lag->of[i].position = NOT_OURS;
	metrics_on_read(update, lag);
	return lag;
}

void kafka_lag_close(struct kafka_lag **lag_address)
{
	struct kafka_lag *lag = *lag_address;

	if (!lag)
		return;
	*lag_address = NULL;
	metrics_off_read(lag);
	free(lag->of);
	free(lag);
}

void kafka_lag_note(struct kafka_lag *lag, const struct kafka_position *positions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = (size_t)positions[i].input * (size_t)lag->partition_count +
			    (size_t)positions[i].partition;

		if (!lag->of[at].metric)
			lag->of[at].metric =
			    gauge_of(lag->topics[positions[i].input], positions[i].partition);
		lag->of[at].position = positions[i].offset;
	}
}

void kafka_lag_forget(struct kafka_lag *lag)
{
	for (size_t i = 0; i < (size_t)lag->topic_count * (size_t)lag->partition_count; i++)
		lag->of[i].position = NOT_OURS;
}
