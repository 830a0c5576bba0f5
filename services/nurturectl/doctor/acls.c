/* acls.c - see acls.h. */
#include "acls.h"

#include <stdio.h>
#include <string.h>

struct acl {
	const char *program;
	enum acl_resource resource;
	const char *name;       /* behind NURTURE_TOPIC_PREFIX */
	const char *operations; /* separated by blanks */
	bool is_prefixed;       /* also what begins with the name */
};

/*
 * Write and Read bring Describe along.  The groups "restore" and "console" are nobody's: librdkafka asks for the
 * coordinator of a group even where a reader joins none.  Nothing fails without it, but the broker
 * would log that it was denied.
 */
static const struct acl acls[] = {
    {"ingest", ACL_TOPIC, "events", "Write", false},
    {"ingest", ACL_TOPIC, "requests", "Write", false},
    {"ingest", ACL_TOPIC, "deadletter", "Write Read", false},
    {"ingest", ACL_TOPIC, "answers", "Read", false},

    {"segmenter", ACL_TOPIC, "events", "Read Write", false},
    {"segmenter", ACL_TOPIC, "requests", "Write", false},
    {"segmenter", ACL_TOPIC, "profiles", "Read Write", false},
    {"segmenter", ACL_TOPIC, "profile-handovers", "Read Write", false},
    {"segmenter", ACL_TOPIC, "deadletter", "Write", false},
    {"segmenter", ACL_GROUP, "segmenter", "Read", false},
    {"segmenter", ACL_GROUP, "restore", "Describe", false},
    {"segmenter", ACL_TRANSACTIONAL_ID, "segmenter.", "Write", true},

    {"review-solicitor", ACL_TOPIC, "events", "Read Write", false},
    {"review-solicitor", ACL_TOPIC, "asks", "Write", false},
    {"review-solicitor", ACL_TOPIC, "feedback", "Write", false},
    {"review-solicitor", ACL_TOPIC, "ladders", "Read Write", false},
    {"review-solicitor", ACL_TOPIC, "ladder-handovers", "Read Write", false},
    {"review-solicitor", ACL_TOPIC, "deadletter", "Write", false},
    {"review-solicitor", ACL_GROUP, "review-solicitor", "Read", false},
    {"review-solicitor", ACL_GROUP, "restore", "Describe", false},
    {"review-solicitor", ACL_TRANSACTIONAL_ID, "review-solicitor.", "Write", true},

    {"scheduler", ACL_TOPIC, "requests", "Read", false},
    {"scheduler", ACL_TOPIC, "asks", "Read", false},
    {"scheduler", ACL_TOPIC, "dispatch", "Write", false},
    {"scheduler", ACL_TOPIC, "tasks", "Write", false},
    {"scheduler", ACL_TOPIC, "outcomes", "Write", false},
    {"scheduler", ACL_TOPIC, "answers", "Write", false},
    {"scheduler", ACL_TOPIC, "contacts", "Read Write", false},
    {"scheduler", ACL_TOPIC, "contact-handovers", "Read Write", false},
    {"scheduler", ACL_TOPIC, "deadletter", "Write", false},
    {"scheduler", ACL_GROUP, "scheduler", "Read", false},
    {"scheduler", ACL_GROUP, "restore", "Describe", false},
    {"scheduler", ACL_TRANSACTIONAL_ID, "scheduler.", "Write", true},

    {"email-sender", ACL_TOPIC, "dispatch", "Read", false},
    {"email-sender", ACL_TOPIC, "outcomes", "Write", false},
    {"email-sender", ACL_TOPIC, "events", "Write", false},
    {"email-sender", ACL_TOPIC, "deliveries", "Read Write", false},
    {"email-sender", ACL_TOPIC, "deadletter", "Write", false},
    {"email-sender", ACL_GROUP, "email-sender", "Read", false},
    {"email-sender", ACL_GROUP, "restore", "Describe", false},
    {"email-sender", ACL_TRANSACTIONAL_ID, "email-sender.", "Write", true},

    {"desk", ACL_TOPIC, "events", "Read Write", false},
    {"desk", ACL_TOPIC, "tasks", "Read", false},
    {"desk", ACL_TOPIC, "ends", "Write", false},
    {"desk", ACL_TOPIC, "notices", "Write", false},
    {"desk", ACL_TOPIC, "desk", "Read Write", false},
    {"desk", ACL_TOPIC, "desk-handovers", "Read Write", false},
    {"desk", ACL_TOPIC, "deadletter", "Write", false},
    {"desk", ACL_GROUP, "desk", "Read", false},
    {"desk", ACL_GROUP, "restore", "Describe", false},
    {"desk", ACL_TRANSACTIONAL_ID, "desk.", "Write", true},

    {"console", ACL_TOPIC, "events", "Read Write", false},
    {"console", ACL_TOPIC, "outcomes", "Read", false},
    {"console", ACL_TOPIC, "tasks", "Read", false},
    {"console", ACL_TOPIC, "ends", "Read", false},
    {"console", ACL_TOPIC, "notices", "Read", false},
    {"console", ACL_TOPIC, "profiles", "Read", false},
    {"console", ACL_TOPIC, "contacts", "Read", false},
    {"console", ACL_TOPIC, "desk", "Read", false},
    {"console", ACL_TOPIC, "feedback", "Read", false},
    {"console", ACL_GROUP, "console", "Describe", false},

    {"nurturectl", ACL_TOPIC, "", "Create Describe DescribeConfigs AlterConfigs Read Write Alter",
     true},
    {"nurturectl", ACL_GROUP, "", "Describe Read", true},
    {"nurturectl", ACL_TRANSACTIONAL_ID, "nurturectl", "Write", false},
};

size_t acls_each(void (*take)(void *context, const struct acl_need *need), void *context)
{
	struct acl_need need;
	size_t count = 0;

	for (size_t i = 0; i < sizeof(acls) / sizeof(*acls); i++)
		for (const char *at = acls[i].operations; *at; at += *at == ' ', count++) {
			need = (struct acl_need){acls[i].program, acls[i].resource, acls[i].name,
						 acls[i].is_prefixed, ""};
			sscanf(at, "%23s", need.operation);
			at += strlen(need.operation);
			take(context, &need);
		}
	return count;
}

static void print_one(void *context, const struct acl_need *need)
{
	static const char *const options[] = {[ACL_TOPIC] = "topic",
					      [ACL_GROUP] = "group",
					      [ACL_TRANSACTIONAL_ID] = "transactional-id"};
	const struct settings *settings = context;

	printf("kafka-acls.sh --bootstrap-server %s --command-config admin.properties --add "
	       "--allow-principal User:%s --operation %s --%s '%s%s'%s\n",
	       settings->common.brokers, need->program, need->operation, options[need->resource],
	       settings->common.topic_prefix, need->name,
	       need->is_prefixed ? " --resource-pattern-type prefixed" : "");
}

void acls_print(const struct settings *settings)
{
	acls_each(print_one, (void *)(uintptr_t)settings);
}
