/*
 * judge.h - what the facts about an installation mean, in words.  Pure: each judge adds findings,
 * and asks nobody.
 */
#ifndef NURTURE_NURTURECTL_DOCTOR_JUDGE_H
#define NURTURE_NURTURECTL_DOCTOR_JUDGE_H

#include "common/io/kafka/acl_list.h"
#include "common/io/kafka/cluster_facts.h"
#include "common/io/redis/redis_facts.h"
#include "common/token/token_keys.h"
#include "findings.h"
#include "services/nurturectl/repair/positions.h"

/* The brokers, the partitions of our topics and how the topics are kept. */
void judge_cluster(const struct cluster_facts *facts, const char *prefix,
		   struct findings *findings);

/* Rights that a program needs (acls.h) and that nobody has; has_desk: the desk's as well. */
void judge_acls(const struct acl_list *list, const char *prefix, bool has_desk,
		struct findings *findings);

/* A stateful service: has it members, and do its partitions go on? */
struct service_facts {
	const char *service;
	struct group_facts group;
	int64_t lag, lag_later; /* records not decided, and again after looked_ms */
	int64_t looked_ms;
	int32_t partitions, standing; /* standing: have records, and none was decided meanwhile */
	int32_t ahead;                /* partitions whose clock is ahead of this machine's */
};
void judge_service(const struct service_facts *facts, struct findings *findings);
/* A service that a shop may do without, and that has never run; is_wanted: the policy is about it. */
void judge_absent(const char *service, bool is_wanted, struct findings *findings);

/* is_vouched: REDIS_MAXMEMORY_POLICY says noeviction. */
void judge_redis(const char *server, const struct redis_facts *facts, bool is_vouched,
		 struct findings *findings);

/* What an instance says at its admin address. */
struct instance_facts {
	const char *address;
	long ready_status;           /* HTTP's of /readyz */
	const char *ready, *metrics; /* the bodies */
	const char *policy_hash;     /* that it should have; NULL: nobody knows */
	const char *policy_of;       /* whose that is: "NURTURE_POLICY here" or an address */
};
void judge_instance(const struct instance_facts *facts, struct findings *findings);
/* The hash of the policy that it decides by; empty: it has none. */
struct slice instance_policy(const char *metrics);

/* One use of a token key by an instance, from its metrics (io/config/config_token_keys.h). */
struct key_use {
	const char *address;
	bool signs; /* else it checks what others have signed */
	char fingerprint[TOKEN_KEY_FINGERPRINT_BYTES];
};
struct key_uses {
	struct key_use *items;
	size_t count, room;
};
/* Adds what an instance tells; the address is borrowed.  free() the items. */
void key_uses_add(struct key_uses *uses, const char *address, const char *metrics);
/* Does every instance that checks links know the keys of those that sign them? */
void judge_keys(const struct key_uses *uses, struct findings *findings);

/*
 * The brokers' clock by the newest record that they have stamped; INT64_MIN: there is none.  A
 * record is never younger than now, so only a clock of theirs that is ahead is seen.
 */
void judge_broker_clock(int64_t stamped_ms, int64_t now_ms, struct findings *findings);

#endif
