/* delivery_read.c - see delivery.h: the file, strictly. */
#include "delivery.h"

#include <string.h>

#include "common/mail/address.h"
#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"

enum { CONNECTIONS_MAX = 256, PER_MINUTE_MAX = 1000000, FIRST_DAY_MAX = 100000000 };

static const struct field file_fields[] = {
    KEY("domains", .missing = "a mapping of domains to their limits"),
    FIELD("mails_per_connection", INT, delivery, mails_per_connection, RANGE(1, 10000)),
    FIELD("idle", DURATION, delivery, idle_ms, RANGE(SECOND_MS, 5 * MINUTE_MS)),
    FIELD("local_share", PERCENT, delivery, local_share_permille),
};

static const struct field rule_fields[] = {
    FIELD("connections", INT, delivery_rule, connections, RANGE(1, CONNECTIONS_MAX)),
    FIELD("per_minute", INT64, delivery_rule, per_minute, RANGE(1, PER_MINUTE_MAX)),
    FIELD("burst", INT64, delivery_rule, burst, RANGE(1, PER_MINUTE_MAX)),
    KEY("warm_up"),
    KEY("domains"),
};

static const struct field warm_up_fields[] = {
    KEY("start", .missing = "the first day, such as 2026-11-01"),
    FIELD("first_day", INT64, warm_up, first_day, RANGE(1, FIRST_DAY_MAX),
	  .missing = "how many mails may go on the first day"),
    KEY("factor", .missing = "by how much each day has more than the one before, such as 1.5"),
};

static int read_warm_up(const struct node *node, struct warm_up *ret, struct err *err)
{
	const struct node *start, *factor;
	struct civil_date date;

	if (!node)
		return 0;
	if (fields_read(node, warm_up_fields, FIELDS_COUNT(warm_up_fields), ret, err) < 0)
		return -1;
	start = node_get(node, "start");
	if (!value_is_day(start->text, &date))
		return node_error(start, err, "expected a day such as 2026-11-01, found %s",
				  node_quoted(start->text).text);
	factor = node_get(node, "factor");
	if (value_factor(factor, &ret->factor_permille, err) < 0)
		return -1;
	if (ret->factor_permille < 1000)
		return node_error(factor, err, "expected at least 1: a warm-up never gets less");
	ret->start_day = civil_days(date);
	ret->is_on = true;
	return 0;
}

static int read_domain(const struct node *node, const char *text, struct arena *arena,
		       const char **ret, struct err *err)
{
	char name[HOST_NAME_BYTES];

	if (!host_name_read(slice_text(text), name))
		return (node->kind == NODE_TEXT ? node_error : node_key_error)(
		    node, err, "expected a domain such as shop.example, found %s",
		    node_quoted(text).text);
	for (char *c = name; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 'a' - 'A');
	*ret = arena_text(arena, name);
	return 0;
}

/* Checks that no rule before this one has the domain. */
static int check_free(const struct node *node, const struct delivery *delivery, const char *domain,
		      struct err *err)
{
	for (unsigned i = 0; i <= delivery->rule_count; i++)
		for (unsigned k = 0; k < delivery->rules[i].domain_count; k++)
			if (strcmp(delivery->rules[i].domains[k], domain) == 0)
				return node_error(node, err, "%s is there twice",
						  node_quoted(domain).text);
	return 0;
}

/*
 * Which domains: the key itself when it is one; a list; or a mailbox provider whose domains are
 * known.
 */
static int read_domains(const struct node *node, struct delivery *delivery, struct arena *arena,
			struct err *err)
{
	struct delivery_rule *rule = &delivery->rules[delivery->rule_count];
	const struct node *list = node_get(node, "domains");
	bool is_domain = strchr(node->key, '.') != NULL;

	if (!list && delivery_is_mailbox_provider(node->key))
		return 0;
	if (list && is_domain)
		return node_error(list, err, "%s is a domain itself; expected no list of others",
				  node_quoted(node->key).text);
	if (!list && !is_domain)
		return node_key_error(
		    node, err,
		    "expected a domain, gmail, microsoft, yahoo, icloud or default, "
		    "or a name with a list of its domains, found %s",
		    node_quoted(node->key).text);
	if (list && (node_expect_list(list, err) < 0))
		return -1;
	if (list && list->count > DELIVERY_DOMAINS_MAX)
		return node_error(list, err, "expected at most %d domains", DELIVERY_DOMAINS_MAX);
	rule->domains = arena_zalloc(arena, (list ? list->count : 1) * sizeof(*rule->domains));
	for (const struct node *at = list ? list->first : node; at; at = list ? at->next : NULL) {
		const char *domain = NULL;

		if (read_domain(at, list ? at->text : at->key, arena, &domain, err) < 0)
			return -1;
		if (check_free(at, delivery, domain, err) < 0)
			return -1;
		rule->domains[rule->domain_count++] = domain;
	}
	return 0;
}

static int read_limits(const struct node *node, struct delivery_rule *rule, struct err *err)
{
	if (node_expect_map(node, err) < 0 ||
	    fields_read(node, rule_fields, FIELDS_COUNT(rule_fields), rule, err) < 0)
		return -1;
	if (rule->burst && !rule->per_minute)
		return node_error(node_get(node, "burst"), err,
				  "without per_minute it limits nothing");
	if (rule->per_minute && !rule->burst) /* as many as a second's */
		rule->burst = rule->per_minute / 60 > 1 ? rule->per_minute / 60 : 1;
	return read_warm_up(node_get(node, "warm_up"), &rule->warm_up, err);
}

static int read_rules(const struct node *map, struct delivery *delivery, bool is_direct,
		      struct arena *arena, struct err *err)
{
	const struct node *last = NULL;

	if (node_expect_map(map, err) < 0)
		return -1;
	if (map->count > DELIVERY_RULES_MAX)
		return node_error(map, err, "expected at most %d entries", DELIVERY_RULES_MAX);
	delivery->rules = arena_zalloc(arena, (map->count + 1) * sizeof(*delivery->rules));
	for (const struct node *node = map->first; node; node = node->next) {
		struct delivery_rule *rule = &delivery->rules[delivery->rule_count];

		if (strcmp(node->key, "default") == 0) {
			last = node;
			continue;
		}
		rule->name = node->key;
		if (read_limits(node, rule, err) < 0 ||
		    read_domains(node, delivery, arena, err) < 0)
			return -1;
		delivery->rule_count++;
	}
	delivery->rules[delivery->rule_count] = delivery_default(is_direct)->rules[0];
	if (last && node_get(last, "domains"))
		return node_error(node_get(last, "domains"), err,
				  "default is for all other domains; expected no list");
	return last ? read_limits(last, &delivery->rules[delivery->rule_count++], err)
		    : (delivery->rule_count++, 0);
}

int delivery_read(struct slice text, const char *file, bool is_direct, struct arena *arena,
		  const struct delivery **ret, struct err *err)
{
	struct delivery *delivery = arena_zalloc(arena, sizeof(*delivery));
	const struct node *root;

	*delivery = *delivery_default(is_direct);
	delivery->rule_count = 0;
	if (document_read(text, file, arena, &root, err) < 0 || node_expect_map(root, err) < 0 ||
	    fields_read(root, file_fields, FIELDS_COUNT(file_fields), delivery, err) < 0)
		return -1;
	if (delivery->local_share_permille < 1)
		return node_error(node_get(root, "local_share"), err, "expected more than 0%%");
	if (read_rules(node_get(root, "domains"), delivery, is_direct, arena, err) < 0)
		return -1;
	*ret = delivery;
	return 0;
}
