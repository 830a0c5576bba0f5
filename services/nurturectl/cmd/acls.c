/* acls.c - see acls.h. */
#include "acls.h"

#include <stdio.h>
#include <string.h>

enum acl_resource { TOPIC, GROUP, TRANSACTIONAL_ID };

struct acl {
	const char *program;
	enum acl_resource resource;
	const char *name;       /* behind NURTURE_TOPIC_PREFIX */
	const char *operations; /* separated by blanks */
	bool is_prefixed;       /* also what begins with the name */
};

/*
 * Write and Read bring Describe along.  The group "restore" is nobody's: librdkafka asks for the
 * coordinator of a group even where a reader joins none.  Nothing fails without it, but the broker
 * would log that it was denied.
 */
static const struct acl acls[] = {
    {"ingest", TOPIC, "events", "Write", false},
    {"ingest", TOPIC, "requests", "Write", false},
    {"ingest", TOPIC, "deadletter", "Write Read", false},
    {"ingest", TOPIC, "answers", "Read", false},

    {"segmenter", TOPIC, "events", "Read Write", false},
    {"segmenter", TOPIC, "requests", "Write", false},
    {"segmenter", TOPIC, "profiles", "Read Write", false},
    {"segmenter", TOPIC, "deadletter", "Write", false},
    {"segmenter", GROUP, "segmenter", "Read", false},
    {"segmenter", GROUP, "restore", "Describe", false},
    {"segmenter", TRANSACTIONAL_ID, "segmenter.", "Write", true},

    {"review-solicitor", TOPIC, "events", "Read Write", false},
    {"review-solicitor", TOPIC, "asks", "Write", false},
    {"review-solicitor", TOPIC, "ladders", "Read Write", false},
    {"review-solicitor", TOPIC, "deadletter", "Write", false},
    {"review-solicitor", GROUP, "review-solicitor", "Read", false},
    {"review-solicitor", GROUP, "restore", "Describe", false},
    {"review-solicitor", TRANSACTIONAL_ID, "review-solicitor.", "Write", true},

    {"scheduler", TOPIC, "requests", "Read", false},
    {"scheduler", TOPIC, "asks", "Read", false},
    {"scheduler", TOPIC, "dispatch", "Write", false},
    {"scheduler", TOPIC, "tasks", "Write", false},
    {"scheduler", TOPIC, "outcomes", "Write", false},
    {"scheduler", TOPIC, "answers", "Write", false},
    {"scheduler", TOPIC, "contacts", "Read Write", false},
    {"scheduler", TOPIC, "deadletter", "Write", false},
    {"scheduler", GROUP, "scheduler", "Read", false},
    {"scheduler", GROUP, "restore", "Describe", false},
    {"scheduler", TRANSACTIONAL_ID, "scheduler.", "Write", true},

    {"email-sender", TOPIC, "dispatch", "Read", false},
    {"email-sender", TOPIC, "outcomes", "Write", false},
    {"email-sender", TOPIC, "events", "Write", false},
    {"email-sender", TOPIC, "deliveries", "Read Write", false},
    {"email-sender", TOPIC, "deadletter", "Write", false},
    {"email-sender", GROUP, "email-sender", "Read", false},
    {"email-sender", GROUP, "restore", "Describe", false},
    {"email-sender", TRANSACTIONAL_ID, "email-sender.", "Write", true},

    {"nurturectl", TOPIC, "", "Create Describe DescribeConfigs AlterConfigs Read Write Alter",
     true},
    {"nurturectl", GROUP, "", "Describe Read", true},
    {"nurturectl", TRANSACTIONAL_ID, "nurturectl", "Write", false},
};

static void print_one(const struct settings *settings, const struct acl *acl, const char *operation,
		      size_t len)
{
	static const char *const options[] = {
	    [TOPIC] = "topic", [GROUP] = "group", [TRANSACTIONAL_ID] = "transactional-id"};

	printf("kafka-acls.sh --bootstrap-server %s --command-config admin.properties --add "
	       "--allow-principal User:%s --operation %.*s --%s '%s%s'%s\n",
	       settings->common.brokers, acl->program, (int)len, operation, options[acl->resource],
	       settings->common.topic_prefix, acl->name,
	       acl->is_prefixed ? " --resource-pattern-type prefixed" : "");
}

void acls_print(const struct settings *settings)
{
	for (size_t i = 0; i < sizeof(acls) / sizeof(*acls); i++)
		for (const char *at = acls[i].operations; *at;) {
			size_t len = strcspn(at, " ");

			print_one(settings, &acls[i], at, len);
			at += len + (at[len] == ' ');
		}
}
