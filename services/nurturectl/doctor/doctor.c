/* doctor.c - see doctor.h: asks one part of the installation after the other. */
#include "doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/policy/desk.h"
#include "common/io/process/clock.h"
#include "common/io/redis/redis_servers.h"
#include "examine.h"
#include "judge.h"

static const struct policy *examine_policy(struct settings *settings, struct findings *findings)
{
	struct err err;

	if (!settings->common.policy_file[0]) {
		finding_add(findings, FINDING_NOTE, "policy", "set NURTURE_POLICY to the file",
			    "none was said: it is not compared with what services decide by");
		return NULL;
	}
	if (settings_policy(settings, NULL, NULL, &err) < 0) {
		finding_add(findings, FINDING_WRONG, "policy",
			    "nurturectl check says more; services do not start with it", "%s",
			    err.text);
		return NULL;
	}
	finding_add(findings, FINDING_OK, "policy", NULL, "%s, hash %s",
		    settings->common.policy_file, settings->policy->hash);
	return settings->policy;
}

/* False: nobody answers, and nothing else of Kafka needs to be asked. */
static bool examine_cluster(const struct settings *settings, struct findings *findings)
{
	struct cluster_facts facts;
	struct err err;

	if (cluster_facts_read(settings->common.brokers, settings->common.topic_prefix, &facts,
			       &err) < 0) {
		finding_add(findings, FINDING_WRONG, "kafka", "docs/kafka-and-redis.md", "%s",
			    err.text);
		return false;
	}
	judge_cluster(&facts, settings->common.topic_prefix, findings);
	for (size_t i = 0; topic_plans[i].name; i++)
		if (topic_is_stamped(&facts.topics[i])) {
			examine_broker_clock(settings, topic_plans[i].name, findings);
			break;
		}
	return true;
}

static void examine_acls(const struct settings *settings, bool has_desk, struct findings *findings)
{
	struct acl_list *list = NULL;
	struct err err;
	int r = acl_list_read(&list, settings->common.brokers, &err);

	if (r == 1)
		judge_acls(list, settings->common.topic_prefix, has_desk, findings);
	else if (r == 0)
		finding_add(findings, FINDING_OK, "acls", NULL,
			    "the brokers have no authorizer: everybody may do everything");
	else
		finding_add(findings, FINDING_NOTE, "acls", "docs/kafka-and-redis.md",
			    "they cannot be seen: %s", err.text);
	acl_list_close(&list);
}

static void examine_redis(const struct settings *settings, struct findings *findings)
{
	struct redis_servers servers;
	struct redis_facts facts;
	char server[300];
	struct err err;

	if (redis_servers_read(&servers, settings->common.redis_url, NULL, 0, &err) < 0) {
		finding_add(findings, FINDING_WRONG, "redis", "REDIS_URL", "%s", err.text);
		return;
	}
	for (unsigned i = 0; i < servers.count; i++) {
		const struct redis_place *place = &servers.list[i].place;

		snprintf(server, sizeof(server), "%s:%d", place->host, place->port);
		if (redis_facts_read(&servers.list[i], &facts, &err) < 0)
			finding_add(findings, FINDING_WRONG, "redis", "docs/kafka-and-redis.md",
				    "%s", err.text);
		else
			judge_redis(server, &facts, place->is_vouched, findings);
	}
	redis_servers_close(&servers);
}

int doctor_examine(struct settings *settings, const struct doctor_options *options,
		   struct findings *findings, struct err *err)
{
	const struct policy *policy = examine_policy(settings, findings);
	bool has_desk = policy && policy->desk->is_said;

	if (examine_cluster(settings, findings)) {
		examine_acls(settings, has_desk, findings);
		examine_services(settings, has_desk, options->look_ms, findings);
		examine_dead_letters(settings, findings);
	}
	examine_redis(settings, findings);
	if (!options->instances) {
		finding_add(findings, FINDING_NOTE, "instances", "say where they are: --at",
			    "not asked: their policies, and whether they are ready");
		return 0;
	}
	return examine_instances(options->instances, policy, findings, err);
}
