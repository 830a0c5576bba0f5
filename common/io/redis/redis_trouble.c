/* redis_trouble.c - see redis_trouble.h. */
#include "redis_trouble.h"

#include <string.h>

#define ONE_ENDPOINT                                                                               \
	": this is a Redis Cluster, which is not supported: give REDIS_URL one endpoint with "     \
	"cluster "                                                                                 \
	"mode off (docs/kafka-and-redis.md)"

bool redis_trouble_is_denied(const char *error)
{
	return strncmp(error, "NOPERM", 6) == 0;
}

const char *redis_trouble_meaning(const char *error)
{
	static const struct {
		const char *begin, *meaning;
	} meanings[] = {
	    {"WRONGPASS", ": look at user and password in REDIS_URL, or REDIS_USERNAME and "
			  "REDIS_PASSWORD"},
	    {"NOAUTH", ": the server wants a password: REDIS_URL or REDIS_PASSWORD"},
	    {"ERR AUTH", ": the server knows no password, or no users: REDIS_URL"},
	    {"ERR invalid password", ": look at the password in REDIS_URL, or REDIS_PASSWORD"},
	    {"NOPERM", ": the user's ACL lacks it; docs/kafka-and-redis.md has all that is needed"},
	    {"MOVED ", ONE_ENDPOINT},
	    {"CROSSSLOT", ONE_ENDPOINT},
	    {"ERR SELECT is not allowed in cluster", ONE_ENDPOINT},
	    {"CLUSTERDOWN", ONE_ENDPOINT},
	    {"ERR unknown command 'SCRIPT'",
	     ": is this a Sentinel? REDIS_URL has to name the server itself, or one endpoint in "
	     "front that fails over"},
	    {"ERR unknown command", ": Redis 5 or later with scripts (EVAL) is needed"},
	    {"READONLY", ": this is a replica, perhaps since a failover a moment ago"},
	    {"MASTERDOWN", ": a replica without its primary: a failover is under way"},
	    {"LOADING", ": it was started a moment ago"},
	    {"ERR DB index", ": the number behind the host in REDIS_URL"},
	};

	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (strncmp(error, meanings[i].begin, strlen(meanings[i].begin)) == 0)
			return meanings[i].meaning;
	return "";
}

static bool is_volatile(struct slice policy)
{
	return policy.len > 9 && memcmp(policy.bytes, "volatile-", 9) == 0;
}

int redis_policy_check(struct slice policy, const char *service, struct err *err)
{
	if (slice_is(policy, "noeviction"))
		return 0;
	if (!is_volatile(policy))
		return err_config(err,
				  "maxmemory-policy is %.*s; it must be noeviction, or "
				  "what waits and when could vanish",
				  SLICE_ARGS(policy));
	if (strcmp(service, "email-sender") == 0)
		return err_config(err,
				  "maxmemory-policy is %.*s; for the email-sender it must be "
				  "noeviction: its journal of attempts expires after a week, and "
				  "an entry that is evicted sooner could be a mail sent twice",
				  SLICE_ARGS(policy));
	return 0;
}
