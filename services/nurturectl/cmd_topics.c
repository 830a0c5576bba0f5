/* cmd_topics.c - makes the topics that are missing, and says what there is. */
#include <inttypes.h>
#include <stdio.h>

#include "commands.h"
#include "common/io/topics.h"

struct topics_values {
	int64_t partitions, replication;
};

static const struct command_option options[] = {
    {"partitions", OPTION_NUMBER, offsetof(struct topics_values, partitions), "N", "6", false, 1,
     10000, "of each topic; all have the same number"},
    {"replication", OPTION_NUMBER, offsetof(struct topics_values, replication), "N", "1", false, 1,
     100, "copies of each partition; 3 or more in production"},
    {0}};

static int print_found(const struct settings *settings, const struct topics_values *values,
		       const struct topic_found *found)
{
	char name[TOPIC_NAME_BYTES];
	int no = 0;

	for (size_t i = 0; topic_plans[i].name; i++) {
		settings_topic(settings, topic_plans[i].name, name);
		if (found[i].partitions && found[i].partitions != values->partitions) {
			printf("%-24s has %d partitions, not %" PRId64 "\n", name,
			       (int)found[i].partitions, values->partitions);
			no = EXIT_NO;
		} else {
			printf("%-24s %s\n", name,
			       found[i].is_made	       ? "made"
			       : found[i].is_stamped_now ? "was there; the broker stamps it now"
			       : found[i].partitions     ? "was there, left as it is"
							 : "not made");
		}
	}
	if (no)
		puts("Nothing was made. All topics must have the same number of partitions, and "
		     "it cannot be\nchanged by this: the same customer would be on another "
		     "partition. nurturectl repartition moves everybody.");
	return no;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct topics_values *values = call->values;
	const struct topics_options wanted = {
	    .brokers = call->settings->common.brokers,
	    .prefix = call->settings->common.topic_prefix,
	    .partitions = (int32_t)values->partitions,
	    .replication = (int32_t)values->replication,
	};
	struct topic_found found[TOPICS_MAX_COUNT];

	if (topics_create(&wanted, found, err) < 0)
		return -1;
	return print_found(call->settings, values, found);
}

const struct command cmd_topics = {
    .name = "topics",
    .line = "make the topics on Kafka that are missing",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct topics_values),
    .text =
	"Topics that are there are left as they are, but for one setting: those that others write\n"
	"to (events, requests) get message.timestamp.type=LogAppendTime, so that the broker says\n"
	"when a record came. One with another number of partitions is an error (exit 1), and\n"
	"nothing is made. With three copies or more two must be in sync.",
    .run = run,
};
