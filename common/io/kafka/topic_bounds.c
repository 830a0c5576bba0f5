/* topic_bounds.c - see topic_bounds.h; librdkafka. */
#include "topic_bounds.h"

#include "common/io/process/clock.h"
#include "kafka_trouble.h"

enum { ASK_MS = 5000, PAUSE_MS = 200 };

/* What the client learns stays with it; an answer that does not come is asked for again. */
static void learn_leaders(rd_kafka_t *client, const char *topic)
{
	rd_kafka_topic_t *handle = rd_kafka_topic_new(client, topic, NULL);
	const struct rd_kafka_metadata *metadata;

	if (!handle)
		return;
	if (rd_kafka_metadata(client, 0, handle, &metadata, ASK_MS) == 0)
		rd_kafka_metadata_destroy(metadata);
	rd_kafka_topic_destroy(handle);
}

/*
 * Not rd_kafka_query_watermark_offsets(): in librdkafka 2.0.2 that waits for an answer without an
 * end, be the broker that it asks alive or not.
 */
static rd_kafka_resp_err_t ask(rd_kafka_t *client, const char *topic, int32_t partition,
			       int64_t which, int64_t *ret)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_resp_err_t code;

	rd_kafka_topic_partition_list_add(list, topic, partition)->offset = which;
	code = rd_kafka_offsets_for_times(client, list, ASK_MS);
	if (!code)
		code = list->elems[0].err;
	*ret = list->elems[0].offset;
	rd_kafka_topic_partition_list_destroy(list);
	return code;
}

static rd_kafka_resp_err_t ask_both(rd_kafka_t *client, const char *topic, int32_t partition,
				    int64_t *ret_first, int64_t *ret_end)
{
	rd_kafka_resp_err_t code =
	    ask(client, topic, partition, RD_KAFKA_OFFSET_BEGINNING, ret_first);

	return code ? code : ask(client, topic, partition, RD_KAFKA_OFFSET_END, ret_end);
}

int topic_bounds(rd_kafka_t *client, const char *topic, int32_t partition, const char *operation,
		 int64_t patience_ms, int64_t *ret_first, int64_t *ret_end, struct err *err)
{
	int64_t until_ms = clock_monotonic_ms() + patience_ms;
	rd_kafka_resp_err_t code;

	while ((code = ask_both(client, topic, partition, ret_first, ret_end)) &&
	       !kafka_is_denied(code) && clock_monotonic_ms() < until_ms) {
		learn_leaders(client, topic);
		clock_sleep_ms(PAUSE_MS);
	}
	if (!code)
		return 0;
	err_environment(err, "topic %s, partition %d: %s", topic, (int)partition,
			rd_kafka_err2str(code));
	return kafka_explain(err, client, code, operation, topic);
}
