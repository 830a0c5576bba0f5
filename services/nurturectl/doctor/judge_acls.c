/* judge_acls.c - rights that nobody has; see judge.h. */
#include <stdio.h>
#include <string.h>

#include "judge.h"
#include "acls.h"

#define AREA "acls"

enum { NAME_BYTES = 512, SHOWN_MAX = 10 };

struct round {
	const struct acl_list *list;
	const char *prefix;
	bool has_desk;
	struct findings *findings; /* NULL: count only */
	size_t met, missing;
};

static void look(void *context, const struct acl_need *need)
{
	static const char *const words[] = {[ACL_TOPIC] = "topic",
					    [ACL_GROUP] = "group",
					    [ACL_TRANSACTIONAL_ID] = "transactional id"};
	struct round *round = context;
	char name[NAME_BYTES];

	/* People's tool, and a group that nobody is in (acls.c): neither stops a service. */
	if (strcmp(need->program, "nurturectl") == 0 || strcmp(need->name, "restore") == 0)
		return;
	/* Whether a shop has a console stands in no policy; it says itself what it lacks. */
	if (strcmp(need->program, "console") == 0)
		return;
	/* A shop may do without it. */
	if (!round->has_desk && strcmp(need->program, "desk") == 0)
		return;
	snprintf(name, sizeof(name), "%s%s", round->prefix, need->name);
	if (acl_list_allows(round->list, need->resource, name, need->is_prefixed,
			    need->operation)) {
		round->met++;
		return;
	}
	if (round->findings && round->missing < SHOWN_MAX)
		finding_add(round->findings, FINDING_WRONG, AREA,
			    "nurturectl topics --acls prints the command",
			    "nobody has %s on %s %s%s, which the %s needs", need->operation,
			    words[need->resource], name, need->is_prefixed ? "*" : "",
			    need->program);
	round->missing++;
}

void judge_acls(const struct acl_list *list, const char *prefix, bool has_desk,
		struct findings *findings)
{
	struct round counted = {.list = list, .prefix = prefix, .has_desk = has_desk};
	struct round told = counted;

	/* Versions of librdkafka (2.0.2) that keep the broker's refusal to themselves tell no rule. */
	if (acl_list_count(list) == 0) {
		finding_add(findings, FINDING_NOTE, AREA,
			    "with an authorizer: allow Describe on the cluster, to see more",
			    "none is seen: the brokers have no authorizer, or do not tell");
		return;
	}
	acls_each(look, &counted);
	if (counted.met == 0) {
		finding_add(findings, FINDING_NOTE, AREA, "nurturectl topics --acls prints them",
			    "none is about our topics: right only when all our users are super "
			    "users of the brokers");
		return;
	}
	told.findings = findings;
	acls_each(look, &told);
	if (told.missing > SHOWN_MAX)
		finding_add(findings, FINDING_WRONG, AREA, NULL, "and %zu more",
			    told.missing - SHOWN_MAX);
	if (told.missing == 0)
		finding_add(findings, FINDING_OK, AREA, NULL,
			    "each of the %zu rights that the services need is somebody's",
			    told.met);
}
