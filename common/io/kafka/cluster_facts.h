/*
 * cluster_facts.h - what a Kafka cluster says of itself and of our topics and groups, for a look
 * from outside.
 *
 * Nothing is made, joined or changed.  What the user has no right to see is
 * left open in the facts, with the reason; an error is only that no broker answers.
 */
#ifndef NURTURE_IO_KAFKA_CLUSTER_FACTS_H
#define NURTURE_IO_KAFKA_CLUSTER_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "topics.h"

/* One topic of topic_plans, in their order. */
struct topic_facts {
	bool is_there;
	int32_t partitions;
	int32_t replicas;         /* of the partition that has fewest */
	int32_t least_in_sync;    /* of the partition with a leader that has fewest in sync */
	int32_t leaderless;       /* partitions that can neither be read nor written now */
	int32_t under_replicated; /* partitions of which a copy lags behind or is away */
	bool has_settings;        /* those below were told */
	char why[256];            /* without them: why not */
	char cleanup_policy[32], timestamp_type[24];
	int64_t retention_ms, max_message_bytes, min_insync_replicas;
	int64_t delete_retention_ms, segment_ms, max_compaction_lag_ms;
};

/* Do the brokers say when a record of it came? False where it was not told. */
bool topic_is_stamped(const struct topic_facts *facts);

struct cluster_facts {
	int32_t brokers; /* that answer now */
	struct topic_facts topics[TOPICS_MAX_COUNT];
};

/* Asks the brokers for all of them. ERR_ENVIRONMENT: none answers, or none lets us in. */
int cluster_facts_read(const char *brokers, const char *prefix, struct cluster_facts *ret,
		       struct err *err);

/* A consumer group as its coordinator sees it. */
struct group_facts {
	char state[32]; /* the broker's word: "Stable", "PreparingRebalance", "Empty", "Dead" */
	int32_t members;
};

int group_facts_read(const char *brokers, const char *group, struct group_facts *ret,
		     struct err *err);

/* About how many records a topic holds, markers of transactions counted in. */
int topic_records_held(const char *brokers, const char *topic, int64_t *ret, struct err *err);

#endif
