/*
 * topics.h - the topics of Nurture and how they are kept: one table, and
 * making those that are not there.
 */
#ifndef NURTURE_IO_KAFKA_TOPICS_H
#define NURTURE_IO_KAFKA_TOPICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

struct topic_plan {
	const char *name;     /* without the prefix */
	int64_t retention_ms; /* 0: compacted, a changelog */
	/*
	 * The broker says when a record came, not whoever wrote it: where others write too, and in
	 * the changelogs, by which a service learns that its own clock is wrong
	 * (stream/clock_check.h).
	 */
	bool is_stamped;
};
extern const struct topic_plan topic_plans[]; /* ends with a NULL name */
enum { TOPICS_MAX_COUNT = 24 };

/* As brokers have it by themselves: what fits must not depend on how one is set. */
enum { TOPIC_MESSAGE_BYTES = 1048588 };

/*
 * How a changelog is kept.  A service that was away for a week must still see that a customer was
 * forgotten, and what was forgotten must leave the disk within a day or so (docs/erasure.md).
 */
enum {
	CHANGELOG_DELETE_RETENTION_MS = 604800000,
	CHANGELOG_SEGMENT_MS = 3600000,
	CHANGELOG_COMPACTION_LAG_MS = 86400000, /* at most */
};

enum { TOPICS_DEFAULT_PARTITIONS = 6, TOPICS_DEFAULT_COPIES = 3 };

struct topics_options {
	const char *brokers, *prefix;
	int32_t partitions; /* 0: as many as those that are there have, else the default */
	/* Copies; 0: as many as those that are there have, else the default, or one a broker. */
	int32_t replication;
};

struct topic_found {
	int32_t partitions; /* before; 0: there was none */
	bool is_made;
	bool is_stamped_now; /* it was there, and kept its producers' times until now */
};

/*
 * Makes what is missing; found has one entry per plan.  When one that is there
 * has another number of partitions than wanted, nothing is made: all must have
 * the same.  Of topics that are there only one setting is changed: those with
 * is_stamped are stamped by the broker (message.timestamp.type).
 * options->partitions and replication are never 0 afterwards.
 */
int topics_create(struct topics_options *options, struct topic_found found[TOPICS_MAX_COUNT],
		  struct err *err);

#endif
