/* cmd_topics.c - makes the topics that are missing, and says what there is, and who needs what. */
#include <stdio.h>

#include "services/nurturectl/doctor/acls.h"
#include "commands.h"
#include "common/io/kafka/topics.h"

struct topics_values {
	int64_t partitions, replication;
	bool acls;
};

static const struct command_option options[] = {
    {"partitions", OPTION_NUMBER, offsetof(struct topics_values, partitions), "N", "0", false, 0,
     10000, "of each topic, all have the same number; 0: as many as there are, else 6"},
    {"replication", OPTION_NUMBER, offsetof(struct topics_values, replication), "N", "0", false, 0,
     100, "copies of each partition; 0: as many as there are, else 3, or as many as brokers"},
    {"acls", OPTION_FLAG, offsetof(struct topics_values, acls), NULL, NULL, false, 0, 0,
     "make nothing: print the ACLs that each program needs, as commands of kafka-acls.sh"},
    {0}};

static int print_found(const struct settings *settings, int32_t partitions,
		       const struct topic_found *found)
{
	char name[TOPIC_NAME_BYTES];
	int no = 0;

	for (size_t i = 0; topic_plans[i].name; i++) {
		settings_topic(settings, topic_plans[i].name, name);
		if (found[i].partitions && found[i].partitions != partitions) {
			printf("%-24s has %d partitions, not %d\n", name, (int)found[i].partitions,
			       (int)partitions);
			no = EXIT_NO;
		} else {
			printf("%-24s %s\n", name,
			       found[i].is_made          ? "made"
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
	struct topics_options wanted = {
	    .brokers = call->settings->common.brokers,
	    .prefix = call->settings->common.topic_prefix,
	    .partitions = (int32_t)values->partitions,
	    .replication = (int32_t)values->replication,
	};
	struct topic_found found[TOPICS_MAX_COUNT];

	if (values->acls) {
		acls_print(call->settings);
		return 0;
	}
	if (topics_create(&wanted, found, err) < 0)
		return -1;
	return print_found(call->settings, wanted.partitions, found);
}

const struct command cmd_topics = {
    .name = "topics",
    .line = "make the topics on Kafka that are missing",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct topics_values),
    .text =
	"Topics that are there are left as they are, but for one setting: those that others\n"
	"write to (events, requests) and the changelogs get\n"
	"message.timestamp.type=LogAppendTime, so that the broker says when a record came. One\n"
	"with another number of partitions is an error (exit 1), and nothing is made. With three\n"
	"copies or more two must be in sync.",
    .run = run,
};
