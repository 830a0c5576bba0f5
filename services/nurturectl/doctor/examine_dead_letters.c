/* examine_dead_letters.c - what was set aside, and why the newest of it; see examine.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/io/kafka/cluster_facts.h"
#include "common/io/kafka/topic_reader.h"
#include "examine.h"

#define AREA "deadletter"

enum { NEWEST = 20, WAIT_MS = 15000, REASON_BYTES = 300 };

struct newest {
	int64_t time_ms;
	char text[REASON_BYTES + 300];
};

static void keep(struct newest *newest, const struct topic_reader *reader,
		 const struct topic_record *record)
{
	struct slice reason = topic_reader_header(reader, "nurture-reason");
	struct slice service = topic_reader_header(reader, "nurture-service");
	struct slice topic = topic_reader_header(reader, "nurture-topic");
	struct slice partition = topic_reader_header(reader, "nurture-partition");
	struct slice offset = topic_reader_header(reader, "nurture-offset");

	if (record->time_ms < newest->time_ms)
		return;
	newest->time_ms = record->time_ms;
	if (reason.len > REASON_BYTES)
		reason.len = REASON_BYTES;
	if (topic.len) /* a door sets aside what never was on a topic */
		snprintf(newest->text, sizeof(newest->text), "%.*s, %.*s %.*s@%.*s: %.*s",
			 SLICE_ARGS(service), SLICE_ARGS(topic), SLICE_ARGS(partition),
			 SLICE_ARGS(offset), SLICE_ARGS(reason));
	else
		snprintf(newest->text, sizeof(newest->text), "%.*s: %.*s", SLICE_ARGS(service),
			 SLICE_ARGS(reason));
}

static int read_newest(const struct settings *settings, const char *topic, struct newest *ret,
		       struct err *err)
{
	const struct topic_reader_options options = {
	    .brokers = settings->common.brokers, .topic = topic, .newest = NEWEST};
	struct topic_reader *reader;
	struct topic_record record;
	int r;

	if (topic_reader_open(&reader, &options, err) < 0)
		return -1;
	while ((r = topic_reader_next(reader, WAIT_MS, &record, err)) == 1)
		keep(ret, reader, &record);
	topic_reader_close(&reader);
	return r;
}

void examine_dead_letters(const struct settings *settings, struct findings *findings)
{
	struct newest newest = {.time_ms = INT64_MIN};
	char topic[TOPIC_NAME_BYTES], at[RFC3339_BYTES];
	int64_t held;
	struct err err;

	settings_topic(settings, "deadletter", topic);
	if (topic_records_held(settings->common.brokers, topic, &held, &err) < 0 ||
	    (held > 0 && read_newest(settings, topic, &newest, &err) < 0))
		finding_add(findings, FINDING_NOTE, AREA, NULL, "it cannot be read: %s", err.text);
	else if (newest.time_ms == INT64_MIN)
		finding_add(findings, FINDING_OK, AREA, NULL, "nothing was set aside");
	else
		finding_add(findings, FINDING_NOTE, AREA,
			    "nurturectl deadletter lists them; mend what publishes it, and publish "
			    "again: proto/README.md",
			    "about %" PRId64 " records were set aside, the newest at %s by %s",
			    held, rfc3339_text(newest.time_ms, at), newest.text);
}
