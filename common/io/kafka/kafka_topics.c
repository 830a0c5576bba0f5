/* kafka_topics.c - do the topics exist, and do they have the same partitions? */
#include "common/io/process/clock.h"
#include "kafka_internal.h"
#include "kafka_trouble.h"
#include "topic_client.h"

enum { TOPIC_TRIES = 25 };

/* operation: what the service does with the topic, so that a missing ACL can be named. */
static int topic_partitions(struct kafka *kafka, const char *topic, const char *operation,
			    int32_t *ret, struct err *err)
{
	rd_kafka_topic_t *handle = rd_kafka_topic_new(kafka->consumer, topic, NULL);
	const struct rd_kafka_metadata *metadata;
	rd_kafka_resp_err_t code =
	    topic_client_metadata(kafka->consumer, handle, &metadata, KAFKA_TIMEOUT_MS);

	rd_kafka_topic_destroy(handle);
	if (code) {
		err_environment(err, "kafka: no answer about topic %s: %s", topic,
				rd_kafka_err2str(code));
		return kafka_explain(err, kafka->consumer, code, operation, topic);
	}
	code =
	    metadata->topic_cnt == 1 ? metadata->topics[0].err : RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC;
	*ret = code ? 0 : metadata->topics[0].partition_cnt;
	rd_kafka_metadata_destroy(metadata);
	if (!kafka_is_denied(code))
		return 0;
	err_environment(err, "kafka: topic %s: %s", topic, rd_kafka_err2str(code));
	return kafka_explain(err, kafka->consumer, code, operation, topic);
}

/* A topic that was made a moment ago may not be known everywhere yet. */
static int existing_partitions(struct kafka *kafka, const char *topic, const char *operation,
			       int32_t *ret, struct err *err)
{
	for (int tries = 0; tries < TOPIC_TRIES; tries++) {
		if (topic_partitions(kafka, topic, operation, ret, err) < 0)
			return -1;
		if (*ret > 0)
			return 0;
		clock_sleep_ms(200);
	}
	return err_environment(err, "kafka: topic %s does not exist: run nurturectl topics", topic);
}

/* One customer must have the same partition number everywhere. */
int kafka_check_topics(struct kafka *kafka, const struct kafka_options *options, struct err *err)
{
	int32_t count;

	if (existing_partitions(kafka, options->inputs[0], "Read", &kafka->partition_count, err) <
	    0)
		return -1;
	for (unsigned i = 1; i < options->input_count + options->output_count; i++) {
		bool is_input = i < options->input_count;
		const char *topic =
		    is_input ? options->inputs[i] : options->outputs[i - options->input_count];

		if (existing_partitions(kafka, topic, is_input ? "Read" : "Write", &count, err) < 0)
			return -1;
		if (count != kafka->partition_count)
			return err_config(err,
					  "kafka: topic %s has %d partitions and %s has %d: all "
					  "topics must have the same number",
					  topic, (int)count, options->inputs[0],
					  (int)kafka->partition_count);
	}
	return 0;
}
