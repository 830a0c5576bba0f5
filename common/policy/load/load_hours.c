/* load_hours.c - when it is quiet, and how long something counts as just bought. */
#include "load.h"

#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"

static const struct field quiet_fields[] = {
    FIELD("from", TIME, quiet_hours, from_min, .missing = "a time of day such as \"21:00\""),
    FIELD("to", TIME, quiet_hours, to_min, .missing = "a time of day such as \"08:00\""),
};

static const struct field just_bought_fields[] = {
    FIELD("default", DURATION, just_bought, default_ms, RANGE(0, DURATION_MAX_MS),
	  .missing = "a duration such as 90d, for all other categories"),
    KEY("categories"),
    KEY("related"),
};

int policy_load_quiet_hours(struct loader *l, const struct node *node, struct err *err)
{
	struct quiet_hours *quiet = &l->policy->quiet_hours;

	quiet->off = value_is_off(node);
	if (quiet->off)
		return 0;
	if (node->kind != NODE_MAP)
		return node_error(node, err,
				  "expected {from: \"21:00\", to: \"08:00\"}, or off "
				  "written out");
	if (fields_read(node, quiet_fields, FIELDS_COUNT(quiet_fields), quiet, err) < 0)
		return -1;
	if (quiet->from_min == quiet->to_min)
		return node_error(node, err,
				  "from and to are the same time: always quiet or never? "
				  "expected different times, or off");
	return 0;
}

static int load_category(const struct node *node, const struct related_categories *into,
			 const char **ret, struct err *err)
{
	if (value_text(node, ret, err) < 0)
		return -1;
	if (strcmp(*ret, into->category) == 0)
		return node_error(node, err, "related to itself; expected another category");
	for (unsigned i = 0; i < node->index; i++) {
		if (strcmp(into->related[i], *ret) == 0)
			return node_error(node, err, "%s is there twice", node_quoted(*ret).text);
	}
	return 0;
}

/* Reads which categories are related: {laptops: [ultrabooks, tablets]}. */
static int load_related(struct loader *l, const struct node *node, struct just_bought *just,
			struct err *err)
{
	if (node_expect_map(node, err) < 0)
		return -1;
	just->related = arena_zalloc(l->arena, (node->count + 1) * sizeof(*just->related));
	just->related_count = node->count;
	for (const struct node *child = node->first; child; child = child->next) {
		struct related_categories *into = &just->related[child->index];

		if (strlen(child->key) > 200)
			return node_key_error(child, err,
					      "expected a category of at most 200 bytes");
		if (node_expect_list(child, err) < 0)
			return -1;
		into->category = child->key;
		into->related = arena_zalloc(l->arena, child->count * sizeof(*into->related));
		into->related_count = child->count;
		for (const struct node *name = child->first; name; name = name->next) {
			if (load_category(name, into, &into->related[name->index], err) < 0)
				return -1;
		}
	}
	return 0;
}

int policy_load_just_bought(struct loader *l, const struct node *node, struct err *err)
{
	struct just_bought *just = &l->policy->just_bought;
	const struct node *categories = node_get(node, "categories");
	const struct node *related = node_get(node, "related");

	just->off = value_is_off(node);
	if (just->off)
		return 0;
	if (node->kind != NODE_MAP)
		return node_error(node, err, "expected {default: 90d}, or off written out");
	if (fields_read(node, just_bought_fields, FIELDS_COUNT(just_bought_fields), just, err) < 0)
		return -1;
	if (categories &&
	    policy_load_windows(l, categories, &just->categories, &just->category_count, err) < 0)
		return -1;
	return related ? load_related(l, related, just, err) : 0;
}
