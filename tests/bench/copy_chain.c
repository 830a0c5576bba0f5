/*
 * copy_chain.c - one hop of the chain that the pipeline is measured against: a
 * bare exactly-once copy.
 *
 *	copy_chain --brokers HOST:PORT --name N --input TOPIC=RECORDS [--input ...]
 *		   --output TOPIC=RECORDS:BYTES [--output ...]
 *
 * It reads that many records, and for them writes, spread evenly, as many
 * records of as many bytes as the real service wrote to each topic; outputs,
 * offsets and nothing else in one transaction per batch.  No state, no Redis,
 * no decision: what Kafka itself costs, with the client's settings of
 * common/io/kafka/kafka.c.  "ready" on stdout when the partitions are there, then
 * one line of JSON.  Ticks are passed over.
 */
#include <stdlib.h>

#include "common/io/process/clock.h"
#include "common/io/process/stop.h"
#include "tests/bench/copy_chain/client.h"

enum {
	WAIT_MS = 500,
	SILENCE_MS = 120000, /* then what was promised does not come */
	BATCH_MAX = 10000,   /* the services' own */
	FILLER_BYTES = 1 << 20,
};

/* `share` of all that is to be written when done of expected have been read. */
static int64_t share(int64_t all, int64_t done, int64_t expected)
{
	return done == expected ? all : (int64_t)((double)all * (double)done / (double)expected);
}

/* Bytes that are no easier to compress than the real ones: the input's, again and again. */
static const char *fill(struct copy *copy, const rd_kafka_message_t *from, size_t len)
{
	size_t have = from->len < len ? from->len : len;

	if (len <= from->len)
		return from->payload;
	memcpy(copy->filler, from->payload, have);
	while (have < len) {
		size_t more = have < len - have ? have : len - have;

		memcpy(copy->filler + have, copy->filler, more);
		have += more;
	}
	return copy->filler;
}

static int put(struct copy *copy, struct output *output, const rd_kafka_message_t *from,
	       struct err *err)
{
	int64_t end = share(output->bytes, output->written + 1, output->records);
	size_t len = (size_t)(end - output->written_bytes);
	rd_kafka_resp_err_t code;

	len = len < FILLER_BYTES ? len : FILLER_BYTES;
	for (;;) {
		code = rd_kafka_producev(
		    copy->producer, RD_KAFKA_V_RKT(output->handle),
		    RD_KAFKA_V_PARTITION(from->partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
		    RD_KAFKA_V_KEY(from->key, from->key_len),
		    RD_KAFKA_V_VALUE((void *)(uintptr_t)fill(copy, from, len), len),
		    RD_KAFKA_V_END);
		if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL)
			break;
		rd_kafka_poll(copy->producer, 50);
	}
	if (code)
		return err_environment(err, "%s: %s", output->topic, rd_kafka_err2str(code));
	output->written++;
	output->written_bytes = end;
	return 0;
}

static int take(struct copy *copy, const rd_kafka_message_t *message, struct err *err)
{
	const char *topic = rd_kafka_topic_name(message->rkt);
	struct input *input = copy->inputs;

	while (strcmp(input->topic, topic) != 0)
		input++;
	if (message->partition >= PARTITIONS_MAX)
		return err_config(err, "%s: more than %d partitions", topic, PARTITIONS_MAX);
	input->positions[message->partition] = message->offset + 1;
	if (!message->payload)
		return 0; /* a tick */
	input->read++;
	copy->read++;
	for (unsigned i = 0; i < copy->output_count; i++) {
		struct output *output = &copy->outputs[i];
		int64_t until = share(output->records, copy->read, copy->expected);

		while (output->written < until)
			if (put(copy, output, message, err) < 0)
				return -1;
	}
	return 0;
}

static int commit(struct copy *copy, struct err *err)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(PARTITIONS_MAX);
	rd_kafka_consumer_group_metadata_t *group =
	    rd_kafka_consumer_group_metadata(copy->consumer);
	int r;

	for (unsigned i = 0; i < copy->input_count; i++)
		for (int32_t p = 0; p < PARTITIONS_MAX; p++)
			if (copy->inputs[i].positions[p] > 0)
				rd_kafka_topic_partition_list_add(list, copy->inputs[i].topic, p)
				    ->offset = copy->inputs[i].positions[p];
	r = checked(rd_kafka_send_offsets_to_transaction(copy->producer, list, group, TIMEOUT_MS),
		    "send_offsets", err);
	if (r == 0)
		r = checked(rd_kafka_commit_transaction(copy->producer, TIMEOUT_MS), "commit", err);
	rd_kafka_consumer_group_metadata_destroy(group);
	rd_kafka_topic_partition_list_destroy(list);
	copy->batches += r == 0;
	return r;
}

/* As many as are there, at most BATCH_MAX; how many, or -1. */
static int read_batch(struct copy *copy, struct err *err)
{
	int count = 0;

	for (; count < BATCH_MAX; count++) {
		rd_kafka_message_t *message =
		    rd_kafka_consumer_poll(copy->consumer, count ? 0 : WAIT_MS);
		int r = 0;

		if (!message)
			break;
		if (message->err)
			count--; /* librdkafka goes on by itself */
		else if (count == 0)
			r = checked(rd_kafka_begin_transaction(copy->producer), "begin", err);
		if (r == 0 && !message->err)
			r = take(copy, message, err);
		rd_kafka_message_destroy(message);
		if (r < 0)
			return -1;
	}
	return count;
}

static int run(struct copy *copy, struct err *err)
{
	int64_t heard_ms = clock_monotonic_ms();
	int count;

	while (copy->read < copy->expected && !stop_requested()) {
		count = read_batch(copy, err);
		if (count < 0 || (count > 0 && commit(copy, err) < 0))
			return -1;
		if (count > 0)
			heard_ms = clock_monotonic_ms();
		else if (clock_monotonic_ms() - heard_ms > SILENCE_MS)
			return err_environment(err, "only %lld of %lld records came",
					       (long long)copy->read, (long long)copy->expected);
	}
	return 0;
}

static void copy_close(struct copy *copy)
{
	if (copy->consumer)
		rd_kafka_consumer_close(copy->consumer);
	for (unsigned i = 0; i < copy->output_count; i++)
		if (copy->outputs[i].handle)
			rd_kafka_topic_destroy(copy->outputs[i].handle);
	if (copy->producer)
		rd_kafka_destroy(copy->producer);
	if (copy->consumer)
		rd_kafka_destroy(copy->consumer);
	free(copy->filler);
}

int main(int argc, char **argv)
{
	struct copy copy = {.filler = malloc(FILLER_BYTES)};
	struct err err;
	int r;

	if (!copy.filler)
		abort();
	stop_on_signals();
	r = parse(argc, argv, &copy, &err);
	if (r == 0)
		r = producer_open(&copy, &err);
	if (r == 0)
		r = consumer_open(&copy, &err);
	if (r == 0)
		r = run(&copy, &err);
	if (r == 0)
		printf("{\"name\":\"%s\",\"records\":%lld,\"batches\":%lld}\n", copy.name,
		       (long long)copy.read, (long long)copy.batches);
	else
		fprintf(stderr, "copy_chain %s: %s\n", copy.name ? copy.name : "", err.text);
	copy_close(&copy);
	return r == 0 ? 0 : err_exit_code(&err);
}
