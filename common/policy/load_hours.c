/* load_hours.c - when it is quiet, and how long something counts as just bought. */
#include "load.h"

#include "fields.h"
#include "value.h"

static const struct field quiet_fields[] = {
    FIELD("from", TIME, quiet_hours, from_min, .missing = "a time of day such as \"21:00\""),
    FIELD("to", TIME, quiet_hours, to_min, .missing = "a time of day such as \"08:00\""),
};

static const struct field just_bought_fields[] = {
    FIELD("default", DURATION, just_bought, default_ms, RANGE(0, DURATION_MAX_MS),
	  .missing = "a duration such as 90d, for all other categories"),
    KEY("categories"),
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

int policy_load_just_bought(struct loader *l, const struct node *node, struct err *err)
{
	struct just_bought *just = &l->policy->just_bought;
	const struct node *categories = node_get(node, "categories");

	just->off = value_is_off(node);
	if (just->off)
		return 0;
	if (node->kind != NODE_MAP)
		return node_error(node, err, "expected {default: 90d}, or off written out");
	if (fields_read(node, just_bought_fields, FIELDS_COUNT(just_bought_fields), just, err) < 0)
		return -1;
	if (!categories)
		return 0;
	return policy_load_windows(l, categories, &just->categories, &just->category_count, err);
}
