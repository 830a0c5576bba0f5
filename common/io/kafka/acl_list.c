/* acl_list.c - see acl_list.h; librdkafka's admin client. */
#include "acl_list.h"

#include <librdkafka/rdkafka.h>
#include <stdlib.h>
#include <string.h>

#include "kafka_trouble.h"
#include "topic_client.h"

/*
 * Kafka's number of transactional ids, which librdkafka has a name for from 2.3 on only; before
 * that it tells them as unknown.
 */
enum { RESOURCE_TRANSACTIONAL_ID = 5 };

struct acl_list {
	rd_kafka_event_t *answer; /* owns the rules */
	const rd_kafka_AclBinding_t **rules;
	size_t count;
};

static rd_kafka_event_t *ask(rd_kafka_t *client)
{
	char why[256];
	rd_kafka_AclBindingFilter_t *all = rd_kafka_AclBindingFilter_new(
	    RD_KAFKA_RESOURCE_ANY, NULL, RD_KAFKA_RESOURCE_PATTERN_ANY, NULL, NULL,
	    RD_KAFKA_ACL_OPERATION_ANY, RD_KAFKA_ACL_PERMISSION_TYPE_ANY, why, sizeof(why));
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
	rd_kafka_event_t *event;

	rd_kafka_DescribeAcls(client, all, NULL, queue);
	event = rd_kafka_queue_poll(queue, 2 * TOPIC_ASK_MS);
	rd_kafka_queue_destroy(queue);
	rd_kafka_AclBinding_destroy(all);
	return event;
}

static int take(rd_kafka_event_t *event, struct acl_list **ret, struct err *err)
{
	const rd_kafka_DescribeAcls_result_t *result = rd_kafka_event_DescribeAcls_result(event);
	rd_kafka_resp_err_t code = rd_kafka_event_error(event);
	struct acl_list *list;

	if (code == RD_KAFKA_RESP_ERR_SECURITY_DISABLED)
		return 0;
	if (code)
		return err_environment(err, "%s%s", rd_kafka_event_error_string(event),
				       code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED
					   ? "; it takes Describe on the cluster"
					   : "");
	list = calloc(1, sizeof(*list));
	if (!list)
		abort();
	list->answer = event;
	list->rules = rd_kafka_DescribeAcls_result_acls(result, &list->count);
	*ret = list;
	return 1;
}

int acl_list_read(struct acl_list **ret, const char *brokers, struct err *err)
{
	rd_kafka_t *client = topic_client_open(brokers, "nurturectl", "nurturectl", err);
	rd_kafka_event_t *event;
	int r;

	if (!client)
		return -1;
	event = ask(client);
	r = event ? take(event, ret, err) : err_environment(err, "no answer about ACLs");
	if (event && r != 1)
		rd_kafka_event_destroy(event);
	rd_kafka_destroy(client);
	return r;
}

size_t acl_list_count(const struct acl_list *list)
{
	return list->count;
}

static bool is_resource(const rd_kafka_AclBinding_t *rule, enum acl_resource resource)
{
	int type = (int)rd_kafka_AclBinding_restype(rule);

	if (resource == ACL_TOPIC)
		return type == RD_KAFKA_RESOURCE_TOPIC;
	if (resource == ACL_GROUP)
		return type == RD_KAFKA_RESOURCE_GROUP;
	return type == RESOURCE_TRANSACTIONAL_ID || type == RD_KAFKA_RESOURCE_UNKNOWN;
}

static bool covers(const rd_kafka_AclBinding_t *rule, const char *name, bool is_prefixed)
{
	const char *said = rd_kafka_AclBinding_name(rule);

	if (strcmp(said, "*") == 0)
		return true;
	/* A denial of some of the names is one. */
	if (is_prefixed &&
	    rd_kafka_AclBinding_permission_type(rule) == RD_KAFKA_ACL_PERMISSION_TYPE_DENY &&
	    strncmp(said, name, strlen(name)) == 0)
		return true;
	if (rd_kafka_AclBinding_resource_pattern_type(rule) == RD_KAFKA_RESOURCE_PATTERN_PREFIXED)
		return strncmp(name, said, strlen(said)) == 0;
	return !is_prefixed && strcmp(name, said) == 0;
}

static bool is_operation(const rd_kafka_AclBinding_t *rule, const char *wanted, bool is_denied)
{
	static const struct {
		const char *word;
		rd_kafka_AclOperation_t operation;
	} words[] = {{"Read", RD_KAFKA_ACL_OPERATION_READ},
		     {"Write", RD_KAFKA_ACL_OPERATION_WRITE},
		     {"Create", RD_KAFKA_ACL_OPERATION_CREATE},
		     {"Alter", RD_KAFKA_ACL_OPERATION_ALTER},
		     {"Describe", RD_KAFKA_ACL_OPERATION_DESCRIBE},
		     {"DescribeConfigs", RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS},
		     {"AlterConfigs", RD_KAFKA_ACL_OPERATION_ALTER_CONFIGS}};
	rd_kafka_AclOperation_t said = rd_kafka_AclBinding_operation(rule);

	if (said == RD_KAFKA_ACL_OPERATION_ALL)
		return true;
	/* What Kafka's authorizer derives from rules that allow, never from those that deny. */
	if (!is_denied && strcmp(wanted, "Describe") == 0 &&
	    (said == RD_KAFKA_ACL_OPERATION_READ || said == RD_KAFKA_ACL_OPERATION_WRITE ||
	     said == RD_KAFKA_ACL_OPERATION_ALTER || said == RD_KAFKA_ACL_OPERATION_DELETE))
		return true;
	if (!is_denied && strcmp(wanted, "DescribeConfigs") == 0 &&
	    said == RD_KAFKA_ACL_OPERATION_ALTER_CONFIGS)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i].word, wanted) == 0)
			return said == words[i].operation;
	return false;
}

struct need {
	enum acl_resource resource;
	const char *name, *operation;
	bool is_prefixed;
};

static bool is_met_by(const rd_kafka_AclBinding_t *rule, const struct need *need,
		      rd_kafka_AclPermissionType_t permission)
{
	return rd_kafka_AclBinding_permission_type(rule) == permission &&
	       is_resource(rule, need->resource) && covers(rule, need->name, need->is_prefixed) &&
	       is_operation(rule, need->operation, permission == RD_KAFKA_ACL_PERMISSION_TYPE_DENY);
}

static bool is_denied_to(const struct acl_list *list, const struct need *need,
			 const char *principal)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *said = rd_kafka_AclBinding_principal(list->rules[i]);

		if (is_met_by(list->rules[i], need, RD_KAFKA_ACL_PERMISSION_TYPE_DENY) &&
		    (strcmp(said, principal) == 0 || strcmp(said, "User:*") == 0))
			return true;
	}
	return false;
}

bool acl_list_allows(const struct acl_list *list, enum acl_resource resource, const char *name,
		     bool is_prefixed, const char *operation)
{
	const struct need need = {resource, name, operation, is_prefixed};

	for (size_t i = 0; i < list->count; i++)
		if (is_met_by(list->rules[i], &need, RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW) &&
		    !is_denied_to(list, &need, rd_kafka_AclBinding_principal(list->rules[i])))
			return true;
	return false;
}

void acl_list_close(struct acl_list **list)
{
	if (!*list)
		return;
	rd_kafka_event_destroy((*list)->answer);
	free(*list);
	*list = NULL;
}
