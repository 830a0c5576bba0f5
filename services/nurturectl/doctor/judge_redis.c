/* judge_redis.c - a Redis server, and its clock; see judge.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/redis/redis_trouble.h"
#include "common/stream/clock_check.h"
#include "judge.h"

#define AREA "redis"

enum { NEARLY_FULL_PERCENT = 85 };

static void judge_policy(const char *server, const struct redis_facts *facts,
			 struct findings *findings)
{
	struct err err;

	/* The email-sender's is the strictest. */
	if (redis_policy_check(slice_text(facts->policy), "email-sender", &err) == 0)
		return;
	finding_add(findings,
		    redis_policy_check(slice_text(facts->policy), "scheduler", &err) < 0
			? FINDING_WRONG
			: FINDING_NOTE,
		    AREA, "set maxmemory-policy noeviction", "%s: %s", server, err.text);
}

static void judge_memory(const char *server, const struct redis_facts *facts,
			 struct findings *findings)
{
	if (facts->evicted_keys > 0)
		finding_add(findings, FINDING_WRONG, AREA,
			    "set maxmemory-policy noeviction and give it memory; services restore "
			    "what is missing by themselves",
			    "%s has evicted %" PRId64 " keys since it was started", server,
			    facts->evicted_keys);
	if (facts->max_bytes > 0 &&
	    facts->used_bytes / (facts->max_bytes / 100 + 1) >= NEARLY_FULL_PERCENT)
		finding_add(findings, FINDING_WRONG, AREA,
			    "raise maxmemory; when it is full all services stand still",
			    "%s uses %" PRId64 " of its %" PRId64 " MiB", server,
			    facts->used_bytes >> 20, facts->max_bytes >> 20);
}

static void judge_server(const char *server, const struct redis_facts *facts,
			 struct findings *findings)
{
	if (facts->is_cluster)
		finding_add(findings, FINDING_WRONG, AREA,
			    "give REDIS_URL one endpoint with cluster mode off",
			    "%s is part of a Redis Cluster, which is not supported", server);
	if (facts->role[0] && strcmp(facts->role, "master") != 0)
		finding_add(findings, FINDING_WRONG, AREA,
			    "name the primary in REDIS_URL, or an endpoint that follows it",
			    "%s is a replica: nothing can be written to it", server);
	if (facts->saving_failed)
		finding_add(findings, FINDING_WRONG, AREA,
			    "look at its disk and its log; Redis refuses writes until it can save",
			    "%s could not save to its disk", server);
	judge_policy(server, facts, findings);
	judge_memory(server, facts, findings);
}

static void judge_clock(const char *server, const struct redis_facts *facts,
			struct findings *findings)
{
	double apart_s = (double)llabs((long long)facts->ahead_ms) / SECOND_MS;

	if (!facts->has_time)
		return;
	if (llabs((long long)facts->ahead_ms) > CLOCK_TOLERANCE_MS)
		finding_add(
		    findings, FINDING_WRONG, "clock", "set the clock of whichever is wrong, by NTP",
		    "this machine's clock and that of redis %s are %.1f s apart", server, apart_s);
	else
		finding_add(findings, FINDING_OK, "clock", NULL,
			    "this machine's and that of redis %s are %.1f s apart", server,
			    apart_s);
}

void judge_redis(const char *server, const struct redis_facts *facts, bool is_vouched,
		 struct findings *findings)
{
	size_t before = findings->count;

	if (!facts->has_info)
		finding_add(findings, is_vouched ? FINDING_NOTE : FINDING_WRONG, AREA,
			    is_vouched ? "make sure that its maxmemory-policy is noeviction"
				       : "allow +info, or vouch for it with "
					 "REDIS_MAXMEMORY_POLICY=noeviction",
			    "%s: INFO may not be asked", server);
	else
		judge_server(server, facts, findings);
	if (findings->count == before)
		finding_add(findings, FINDING_OK, AREA, NULL,
			    "%s: version %s, %" PRId64 " keys, %" PRId64 " MiB", server,
			    facts->version, facts->keys, facts->used_bytes >> 20);
	judge_clock(server, facts, findings);
}
