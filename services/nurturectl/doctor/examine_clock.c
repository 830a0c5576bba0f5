/*
 * examine_clock.c - the brokers' clock, by the stamp of the newest record of a topic that they stamp
 * themselves; see examine.h.  Kafka has no question for the time alone.
 */
#include "common/io/kafka/topic_reader.h"
#include "common/io/process/clock.h"
#include "examine.h"
#include "judge.h"

enum { NEWEST = 3, WAIT_MS = 15000 };

void examine_broker_clock(const struct settings *settings, const char *name,
			  struct findings *findings)
{
	char topic[TOPIC_NAME_BYTES];
	const struct topic_reader_options options = {
	    .brokers = settings->common.brokers,
	    .topic = settings_topic(settings, name, topic),
	    .newest = NEWEST,
	};
	int64_t stamped_ms = INT64_MIN;
	struct topic_reader *reader;
	struct topic_record record;
	struct err err;
	int r = topic_reader_open(&reader, &options, &err);

	if (r == 0) {
		while ((r = topic_reader_next(reader, WAIT_MS, &record, &err)) == 1)
			if (record.time_ms > stamped_ms)
				stamped_ms = record.time_ms;
		topic_reader_close(&reader);
	}
	if (r < 0)
		finding_add(findings, FINDING_NOTE, "clock", NULL,
			    "that of the brokers cannot be seen: %s", err.text);
	else
		judge_broker_clock(stamped_ms, clock_wall_ms(), findings);
}
