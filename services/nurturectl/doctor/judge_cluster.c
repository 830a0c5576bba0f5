/* judge_cluster.c - brokers and topics; see judge.h. */
#include <inttypes.h>
#include <string.h>

#include "common/base/civil.h"
#include "judge.h"

#define AREA "topics"

enum { MIN_REPLICAS = 3 };

struct topic {
	const struct topic_plan *plan;
	const struct topic_facts *facts;
	const char *prefix;
};
#define COMPACTION_ADVICE "set max.compaction.lag.ms=86400000 on the topic"
#define NAME(topic) (topic)->prefix, (topic)->plan->name

static void judge_partitions(const struct topic *topic, int32_t partitions,
			     struct findings *findings)
{
	const struct topic_facts *facts = topic->facts;

	if (facts->partitions != partitions)
		finding_add(findings, FINDING_WRONG, AREA,
			    "nurturectl repartition gives all of them as many, and moves everybody",
			    "%s%s has %d partitions, %s%s has %d: all must have the same number",
			    NAME(topic), (int)facts->partitions, topic->prefix, topic_plans[0].name,
			    (int)partitions);
	if (facts->leaderless)
		finding_add(findings, FINDING_WRONG, AREA, "bring the brokers back that have them",
			    "%s%s: %d of %d partitions have no leader", NAME(topic),
			    (int)facts->leaderless, (int)facts->partitions);
	else if (facts->has_settings && facts->least_in_sync < facts->min_insync_replicas &&
		 facts->min_insync_replicas <= facts->replicas)
		finding_add(findings, FINDING_WRONG, AREA,
			    "nothing can be written there: bring the broker back that is away",
			    "%s%s: a partition has %d of %d copies in sync, min.insync.replicas is "
			    "%" PRId64,
			    NAME(topic), (int)facts->least_in_sync, (int)facts->replicas,
			    facts->min_insync_replicas);
	else if (facts->under_replicated)
		finding_add(findings, FINDING_NOTE, AREA,
			    "a broker is away or slow; if more go, writing stops",
			    "%s%s: %d of %d partitions have a copy that lags behind or is away",
			    NAME(topic), (int)facts->under_replicated, (int)facts->partitions);
}

static void judge_cleanup(const struct topic *topic, struct findings *findings)
{
	const struct topic_facts *facts = topic->facts;
	const char *wanted = topic->plan->retention_ms ? "delete" : "compact";

	if (strcmp(facts->cleanup_policy, wanted) != 0)
		finding_add(findings, FINDING_WRONG, AREA,
			    topic->plan->retention_ms
				? "set cleanup.policy=delete on the topic"
				: "set cleanup.policy=compact on the topic, before retention "
				  "deletes what is remembered of customers",
			    "%s%s has cleanup.policy=%s, it must be %s", NAME(topic),
			    facts->cleanup_policy, wanted);
	else if (topic->plan->retention_ms && facts->retention_ms >= 0 &&
		 facts->retention_ms < topic->plan->retention_ms)
		finding_add(findings, FINDING_NOTE, AREA,
			    "is a service away for longer than that, records are lost unread",
			    "%s%s keeps records for %" PRId64 " h, planned are %" PRId64 " h",
			    NAME(topic), facts->retention_ms / HOUR_MS,
			    topic->plan->retention_ms / HOUR_MS);
}

/* Without an end of its own the compaction may leave a segment alone for good. */
static void judge_erasure(const struct topic *topic, struct findings *findings)
{
	const struct topic_facts *facts = topic->facts;

	if (facts->delete_retention_ms < CHANGELOG_DELETE_RETENTION_MS)
		finding_add(findings, FINDING_WRONG, AREA,
			    "set delete.retention.ms=604800000 on the topic",
			    "%s%s forgets after %.1f h that a customer was erased: a service that "
			    "is away for longer goes on with what was erased",
			    NAME(topic), (double)facts->delete_retention_ms / HOUR_MS);
	if (facts->max_compaction_lag_ms == INT64_MAX)
		finding_add(findings, FINDING_WRONG, AREA, COMPACTION_ADVICE,
			    "%s%s: what was erased may stay on the disk for ever", NAME(topic));
	else if (facts->max_compaction_lag_ms > CHANGELOG_COMPACTION_LAG_MS)
		finding_add(findings, FINDING_WRONG, AREA, COMPACTION_ADVICE,
			    "%s%s: what was erased may stay on the disk for %.1f days", NAME(topic),
			    (double)facts->max_compaction_lag_ms / DAY_MS);
	else if (facts->segment_ms > CHANGELOG_COMPACTION_LAG_MS)
		finding_add(findings, FINDING_NOTE, AREA, "set segment.ms=3600000 on the topic",
			    "%s%s: a file of the log is closed after %.1f days only, and erased "
			    "from no sooner",
			    NAME(topic), (double)facts->segment_ms / DAY_MS);
}

static void judge_settings(const struct topic *topic, struct findings *findings)
{
	const struct topic_facts *facts = topic->facts;

	if (!facts->has_settings) {
		finding_add(findings, FINDING_NOTE, AREA,
			    "allow DescribeConfigs on the topics (nurturectl topics --acls)",
			    "%s%s: its settings cannot be seen: %s", NAME(topic), facts->why);
		return;
	}
	judge_cleanup(topic, findings);
	if (!topic->plan->retention_ms)
		judge_erasure(topic, findings);
	if (topic->plan->is_stamped && !topic_is_stamped(facts))
		finding_add(findings, FINDING_WRONG, AREA, "nurturectl topics sets it",
			    "%s%s keeps the producers' times (message.timestamp.type=%s)",
			    NAME(topic), facts->timestamp_type);
	if (facts->max_message_bytes < TOPIC_MESSAGE_BYTES)
		finding_add(findings, FINDING_NOTE, AREA, "raise max.message.bytes of the topic",
			    "%s%s takes records of %" PRId64
			    " bytes, brokers take %d by themselves",
			    NAME(topic), facts->max_message_bytes, TOPIC_MESSAGE_BYTES);
	if (facts->min_insync_replicas > facts->replicas)
		finding_add(findings, FINDING_WRONG, AREA, "nothing can be written: lower it",
			    "%s%s: min.insync.replicas is %" PRId64 " with %d copies", NAME(topic),
			    facts->min_insync_replicas, (int)facts->replicas);
}

static void judge_topic(const struct topic *topic, int32_t partitions, struct findings *findings)
{
	if (!topic->facts->is_there) {
		finding_add(findings, FINDING_WRONG, AREA,
			    topic->facts->why[0] ? "allow Describe (nurturectl topics --acls)"
						 : "nurturectl topics makes what is missing",
			    "%s%s %s", NAME(topic),
			    topic->facts->why[0] ? topic->facts->why : "does not exist");
		return;
	}
	judge_partitions(topic, partitions, findings);
	judge_settings(topic, findings);
}

/* One broker is for trying things out, and then one copy is all that there can be. */
static void judge_few(int32_t brokers, int32_t fewest, struct findings *findings)
{
	const bool may_be_all = brokers < MIN_REPLICAS;

	finding_add(
	    findings, may_be_all ? FINDING_NOTE : FINDING_WRONG, may_be_all ? "kafka" : AREA,
	    "production takes three brokers or more, and three copies: raise them with "
	    "kafka-reassign-partitions.sh; new topics: nurturectl topics --replication 3",
	    fewest == 1 ? "%d broker%s, topics with only %d copy: a disk that is lost takes "
			  "customers' histories with it"
			: "%d broker%s, topics with only %d copies: a disk that is lost while "
			  "another is away takes customers' histories with it",
	    (int)brokers, brokers == 1 ? "" : "s", (int)fewest);
}

/* Brokers are those that are up: what a lost disk takes is said by the copies. */
static void judge_copies(const struct cluster_facts *cluster, struct findings *findings)
{
	int32_t fewest = INT32_MAX;

	for (size_t i = 0; topic_plans[i].name; i++)
		if (cluster->topics[i].is_there && cluster->topics[i].replicas < fewest)
			fewest = cluster->topics[i].replicas;
	if (fewest == INT32_MAX)
		return;
	if (fewest < MIN_REPLICAS)
		judge_few(cluster->brokers, fewest, findings);
	else if (cluster->brokers < fewest)
		finding_add(findings, FINDING_NOTE, "kafka", "bring the others back",
			    "%d broker%s up, each topic has %d copies or more: others are away",
			    (int)cluster->brokers, cluster->brokers == 1 ? " is" : "s are",
			    (int)fewest);
	else
		finding_add(findings, FINDING_OK, "kafka", NULL,
			    "%d brokers, at least %d copies of each topic", (int)cluster->brokers,
			    (int)fewest);
}

void judge_cluster(const struct cluster_facts *facts, const char *prefix, struct findings *findings)
{
	size_t before;
	int32_t partitions = 0;
	int count = 0;

	judge_copies(facts, findings);
	before = findings->count;
	for (size_t i = 0; topic_plans[i].name; i++, count++)
		if (!partitions && facts->topics[i].is_there)
			partitions = facts->topics[i].partitions;
	for (size_t i = 0; topic_plans[i].name; i++) {
		const struct topic topic = {&topic_plans[i], &facts->topics[i], prefix};

		judge_topic(&topic, partitions, findings);
	}
	if (findings->count == before)
		finding_add(findings, FINDING_OK, AREA, NULL,
			    "%d topics of %d partitions, kept as they should be", count,
			    (int)partitions);
}
