/* changelog.c - see changelog.h. */
#include "changelog.h"

#include <stdlib.h>

#include "common/base/civil.h"
#include "common/base/text.h"
#include "kafka_conf.h"
#include "topic_bounds.h"
#include "topic_client.h"
#include "kafka_trouble.h"

enum { NOT_READ = -1 };

struct changelog {
	rd_kafka_t *consumer;
	const char *brokers, *topic, *group;
	rd_kafka_message_t *message; /* what the last record borrows from */
	int64_t *positions;          /* by partition; NOT_READ: it is not read */
	int32_t partition_count;
};

static rd_kafka_t *open_client(const char *brokers, const char *group, const char *isolation,
			       struct err *err)
{
	const char *const settings[][2] = {
	    {"bootstrap.servers", brokers},
	    {"group.id", group},
	    {"enable.auto.commit", "false"},
	    {"enable.auto.offset.store", "false"},
	    {"enable.partition.eof", "true"},
	    {"isolation.level", isolation},
	    {"auto.offset.reset", "earliest"},
	    /*
	     * Where what is queued comes to a bound, the fetcher sleeps: a second before 2.2,
	     * in which a restore reads more than 64 MiB.
	     */
	    {"queued.min.messages", "10000000"},
	    {"queued.max.messages.kbytes", rd_kafka_version() < 0x02020000 ? "131072" : "32768"},
	    {"fetch.error.backoff.ms", "50"},
	    {"socket.nagle.disable", "true"},
	    {"fetch.wait.max.ms", "50"},
	    {"log.connection.close", "false"},
	    {rd_kafka_version() < 0x02020000 ? NULL : "fetch.queue.backoff.ms", "10"},
	    {NULL},
	};
	rd_kafka_conf_t *conf = kafka_conf(RD_KAFKA_CONSUMER, settings, err);

	if (!conf)
		return NULL;
	rd_kafka_conf_set_log_cb(conf, kafka_log);
	return topic_client_of(conf, err);
}

int changelog_open(struct changelog **ret, const char *brokers, const char *group,
		   const char *topic, struct err *err)
{
	struct changelog *changelog = calloc(1, sizeof(*changelog));

	if (!changelog)
		abort();
	changelog->brokers = brokers;
	changelog->topic = topic;
	changelog->group = group;
	changelog->consumer = open_client(brokers, group, "read_committed", err);
	if (!changelog->consumer) {
		free(changelog);
		return -1;
	}
	*ret = changelog;
	return 0;
}

static void release(struct changelog *changelog)
{
	if (changelog->message)
		rd_kafka_message_destroy(changelog->message);
	changelog->message = NULL;
}

void changelog_close(struct changelog **changelog)
{
	struct changelog *c = *changelog;

	if (!c)
		return;
	release(c);
	rd_kafka_consumer_close(c->consumer);
	rd_kafka_destroy(c->consumer);
	free(c->positions);
	free(c);
	*changelog = NULL;
}

static int ask_bounds(const struct changelog *changelog, rd_kafka_t *client, int32_t partition,
		      int64_t *ret_first, int64_t *ret_end, struct err *err)
{
	return topic_bounds(client, changelog->topic, partition, "Read", BOUNDS_PATIENCE_MS,
			    ret_first, ret_end, err);
}

int changelog_bounds(struct changelog *changelog, int32_t partition, int64_t *ret_first,
		     int64_t *ret_end, struct err *err)
{
	return ask_bounds(changelog, changelog->consumer, partition, ret_first, ret_end, err);
}

int changelog_written(const struct changelog *changelog, int32_t partition, int64_t *ret_end,
		      struct err *err)
{
	rd_kafka_t *client =
	    open_client(changelog->brokers, changelog->group, "read_uncommitted", err);
	int64_t first;
	int r;

	if (!client)
		return -1;
	r = ask_bounds(changelog, client, partition, &first, ret_end, err);
	rd_kafka_destroy(client);
	return r;
}

/* Makes room for the positions of all partitions up to this one. */
static void know(struct changelog *changelog, int32_t partition)
{
	int32_t count = partition + 1;

	if (count <= changelog->partition_count)
		return;
	changelog->positions =
	    realloc(changelog->positions, (size_t)count * sizeof(*changelog->positions));
	if (!changelog->positions)
		abort();
	while (changelog->partition_count < count)
		changelog->positions[changelog->partition_count++] = NOT_READ;
}

int changelog_read(struct changelog *changelog, const struct changelog_start *starts, size_t count,
		   struct err *err)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
	rd_kafka_resp_err_t code;

	release(changelog);
	for (int32_t p = 0; p < changelog->partition_count; p++)
		changelog->positions[p] = NOT_READ;
	for (size_t i = 0; i < count; i++) {
		know(changelog, starts[i].partition);
		changelog->positions[starts[i].partition] = starts[i].offset;
		rd_kafka_topic_partition_list_add(list, changelog->topic, starts[i].partition)
		    ->offset = starts[i].offset;
	}
	code = rd_kafka_assign(changelog->consumer, count ? list : NULL);
	rd_kafka_topic_partition_list_destroy(list);
	if (code)
		return err_environment(err, "kafka: assign %s: %s", changelog->topic,
				       rd_kafka_err2str(code));
	return 0;
}

static int64_t due_of(const rd_kafka_message_t *message)
{
	rd_kafka_headers_t *headers;
	const void *value;
	int64_t due_ms = NEVER_MS;
	struct err ignored;
	size_t len;

	if (rd_kafka_message_headers(message, &headers) == 0 &&
	    rd_kafka_header_get_last(headers, CHANGELOG_DUE_HEADER, &value, &len) == 0)
		(void)text_int64(slice_of(value, len), INT64_MIN, INT64_MAX, &due_ms, &ignored);
	return due_ms;
}

/* Is that what comes next of a partition that is read?  Else it was queued before. */
static bool is_read(const struct changelog *changelog, int32_t partition, int64_t offset)
{
	return partition < changelog->partition_count &&
	       changelog->positions[partition] != NOT_READ &&
	       offset >= changelog->positions[partition];
}

int changelog_next(struct changelog *changelog, int wait_ms, struct changelog_record *ret,
		   struct err *err)
{
	rd_kafka_message_t *message;

	release(changelog);
	message = rd_kafka_consumer_poll(changelog->consumer, wait_ms);
	if (!message)
		return 0;
	changelog->message = message;
	if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
		/* Nothing committed is behind this: what lies before it has been passed. */
		if (is_read(changelog, message->partition, message->offset))
			changelog->positions[message->partition] = message->offset;
		return 0;
	}
	if (message->err) {
		err_environment(err, "kafka: %s: %s", changelog->topic,
				rd_kafka_message_errstr(message));
		(void)kafka_explain(err, changelog->consumer, message->err, "Read",
				    changelog->topic);
		return message->err == RD_KAFKA_RESP_ERR__FATAL ||
			       message->err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED
			   ? -1
			   : 0;
	}
	if (!is_read(changelog, message->partition, message->offset))
		return changelog_next(changelog, wait_ms, ret, err);
	changelog->positions[message->partition] = message->offset + 1;
	*ret = (struct changelog_record){.partition = message->partition,
					 .offset = message->offset,
					 .key = slice_of(message->key, message->key_len),
					 .value = slice_of(message->payload, message->len),
					 .due_ms = due_of(message)};
	return 1;
}

int64_t changelog_position(const struct changelog *changelog, int32_t partition)
{
	return changelog->positions[partition];
}
