/* load_condition.c - one condition: a mapping whose entries must all hold. */
#include "load.h"

#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"
#include "common/policy/stage.h"

enum { COUNT_MAX = 1000000 };

static const char *const stages[STAGE_COUNT] = {
#define X(name, word, least, most) word,
    STAGES(X)
#undef X
};

/* How {at_least: X, at_most: Y} is read: both ends by the same rule. */
struct range_rule {
	enum field_kind kind;
	int64_t min, max;
	const char *other; /* a third key, which a function of its own reads; or NULL */
};

static const struct range_rule counts = {FIELD_INT64, 0, COUNT_MAX, NULL};
static const struct range_rule money = {FIELD_MONEY, 0, 0, NULL};
static const struct range_rule scores = {FIELD_INT64, 1, 5, NULL};
static const struct range_rule durations = {FIELD_DURATION, 0, DURATION_MAX_MS, "over_usual_gap"};
static const struct range_rule long_durations = {FIELD_DURATION, 0, LONG_DURATION_MAX_MS, NULL};
static const struct range_rule expected = {FIELD_MONEY, 0, 0, "within"};
static const struct range_rule since_bought = {FIELD_DURATION, 0, LONG_DURATION_MAX_MS, "category"};

static int load_range(const struct node *node, const struct range_rule *rule, struct range *ret,
		      struct err *err)
{
	const struct field fields[] = {
	    {.key = "at_least",
	     .kind = rule->kind,
	     .offset = offsetof(struct range, min),
	     RANGE(rule->min, rule->max)},
	    {.key = "at_most",
	     .kind = rule->kind,
	     .offset = offsetof(struct range, max),
	     RANGE(rule->min, rule->max)},
	    KEY(rule->other ? rule->other : ""),
	};
	size_t count = rule->other ? 3 : 2;
	struct range range = {0};

	if (fields_read(node, fields, count, &range, err) < 0)
		return -1;
	range.has_min = node_get(node, "at_least") != NULL;
	range.has_max = node_get(node, "at_most") != NULL;
	if (!range.has_min && !range.has_max)
		return node_error(node, err, "expected at_least, at_most or both");
	if (range.has_min && range.has_max && range.min > range.max)
		return node_error(node, err, "at_least is more than at_most: nobody can match");
	*ret = range;
	return 0;
}

static int load_days(const struct node *node, struct condition *ret, struct err *err)
{
	const struct node *gap = node_get(node, "over_usual_gap");

	if (!gap)
		return load_range(node, &durations, &ret->range, err);
	if (node->count > 1)
		return node_error(node, err,
				  "over_usual_gap stands alone; expected either it, or "
				  "at_least and at_most");
	return value_factor(gap, &ret->over_usual_gap_permille, err);
}

static int load_list(struct loader *l, const struct node *node, const struct condition_scope *scope,
		     struct condition *ret, struct err *err)
{
	if (node_expect_list(node, err) < 0)
		return -1;
	ret->children = arena_zalloc(l->arena, node->count * sizeof(*ret->children));
	ret->child_count = node->count;
	for (const struct node *child = node->first; child; child = child->next) {
		if (policy_load_condition(l, child, scope, &ret->children[child->index], err) < 0)
			return -1;
	}
	return 0;
}

static int load_not(struct loader *l, const struct node *node, const struct condition_scope *scope,
		    struct condition *ret, struct err *err)
{
	ret->children = arena_zalloc(l->arena, sizeof(*ret->children));
	ret->child_count = 1;
	return policy_load_condition(l, node, scope, ret->children, err);
}

static int load_segment(struct loader *l, const struct node *node, struct condition *ret,
			struct err *err)
{
	if (value_one_of(node, "segment", l->segments, l->policy->segment_count, &ret->segment,
			 err) < 0)
		return -1;
	ret->text = node->text;
	return 0;
}

static int load_stage(const struct node *node, struct condition *ret, struct err *err)
{
	unsigned stage;

	if (value_one_of(node, "stage", stages, sizeof(stages) / sizeof(stages[0]), &stage, err) <
	    0)
		return -1;
	ret->text = stages[stage];
	return 0;
}

static int load_since_bought(const struct node *node, struct condition *ret, struct err *err)
{
	const struct node *category = node_get(node, "category");

	if (load_range(node, &since_bought, &ret->range, err) < 0)
		return -1;
	if (!category)
		return node_error(node, err, "category is missing; expected what was bought");
	return value_text(category, &ret->text, err);
}

/* How many orders, or how much money, within some time: a question to the model. */
static int load_expected(const struct loader *l, const struct node *node, struct condition *ret,
			 struct err *err)
{
	const struct node *within = node_get(node, "within");
	const struct forecast *model = l->policy->model;

	if (!model)
		return node_error(node, err,
				  "there is no model; expected `model: FILE` beside "
				  "segments, a file that nurturectl fit writes");
	if (ret->kind == CONDITION_EXPECTED_VALUE && !model->has_value)
		return node_error(node, err,
				  "the model knows no values: it was learnt from orders "
				  "without amounts; expected expected_orders");
	if (load_range(node, &expected, &ret->range, err) < 0)
		return -1;
	if (!within)
		return node_error(node, err, "within is missing; expected a time such as 180d");
	return value_duration(within, DAY_MS, LONG_DURATION_MAX_MS / 10, &ret->within_ms, err);
}

static int load_rfm(const struct loader *l, const struct node *node, struct condition *ret,
		    struct err *err)
{
	static const char *const groups[RFM_GROUP_COUNT] = {
#define X(name, text) text,
	    RFM_GROUPS(X)
#undef X
	};
	unsigned group;

	if (!l->policy->model)
		return node_error(node, err,
				  "there is no model; expected `model: FILE` beside "
				  "segments, a file that nurturectl fit writes");
	if (value_one_of(node, "group", groups, RFM_GROUP_COUNT, &group, err) < 0)
		return -1;
	ret->group = (enum rfm_group)group;
	ret->text = groups[group];
	return 0;
}

static int load_triggered_text(const struct node *node, const char *why_not, struct condition *ret,
			       struct err *err)
{
	if (why_not)
		return node_error(node, err, "%s", why_not);
	return value_text(node, &ret->text, err);
}

static int load_triggered(const struct node *node, const char *why_not,
			  const struct range_rule *rule, struct condition *ret, struct err *err)
{
	if (why_not)
		return node_error(node, err, "%s", why_not);
	return load_range(node, rule, &ret->range, err);
}

static const struct {
	const char *key;
	enum condition_kind kind;
} kinds[] = {
    {"all", CONDITION_ALL},
    {"any", CONDITION_ANY},
    {"not", CONDITION_NOT},
    {"segment", CONDITION_SEGMENT},
    {"orders", CONDITION_ORDERS},
    {"spent", CONDITION_SPENT},
    {"days_since_order", CONDITION_DAYS_SINCE_ORDER},
    {"order_amount", CONDITION_ORDER_AMOUNT},
    {"bought", CONDITION_BOUGHT},
    {"stage", CONDITION_STAGE},
    {"country", CONDITION_COUNTRY},
    {"score", CONDITION_SCORE},
    {"customer_for", CONDITION_CUSTOMER_FOR},
    {"order_category", CONDITION_ORDER_CATEGORY},
    {"channel", CONDITION_CHANNEL},
    {"since_bought", CONDITION_SINCE_BOUGHT},
    {"expected_orders", CONDITION_EXPECTED_ORDERS},
    {"expected_value", CONDITION_EXPECTED_VALUE},
    {"rfm", CONDITION_RFM},
};

enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

/* Reads the value of an entry, by what its key says about the customer. */
static int load_value(struct loader *l, const struct node *node,
		      const struct condition_scope *scope, struct condition *ret, struct err *err)
{
	switch (ret->kind) {
	case CONDITION_ALL:
	case CONDITION_ANY:
		return load_list(l, node, scope, ret, err);
	case CONDITION_NOT:
		return load_not(l, node, scope, ret, err);
	case CONDITION_SEGMENT:
		return load_segment(l, node, ret, err);
	case CONDITION_ORDERS:
		return load_range(node, &counts, &ret->range, err);
	case CONDITION_SPENT:
		return load_range(node, &money, &ret->range, err);
	case CONDITION_DAYS_SINCE_ORDER:
		return load_days(node, ret, err);
	case CONDITION_ORDER_AMOUNT:
		return load_triggered(node, scope->no_order_amount, &money, ret, err);
	case CONDITION_BOUGHT:
		return value_text(node, &ret->text, err);
	case CONDITION_STAGE:
		return load_stage(node, ret, err);
	case CONDITION_COUNTRY:
		return value_country(node, &ret->text, err);
	case CONDITION_SCORE:
		return load_triggered(node, scope->no_score, &scores, ret, err);
	case CONDITION_CUSTOMER_FOR:
		return load_range(node, &long_durations, &ret->range, err);
	case CONDITION_ORDER_CATEGORY:
		return load_triggered_text(node, scope->no_order_category, ret, err);
	case CONDITION_CHANNEL:
		return load_triggered_text(node, scope->no_channel, ret, err);
	case CONDITION_SINCE_BOUGHT:
		return load_since_bought(node, ret, err);
	case CONDITION_EXPECTED_ORDERS:
	case CONDITION_EXPECTED_VALUE:
		return load_expected(l, node, ret, err);
	case CONDITION_RFM:
		return load_rfm(l, node, ret, err);
	}
	return -1;
}

static int load_entry(struct loader *l, const struct node *node,
		      const struct condition_scope *scope, struct condition *ret, struct err *err)
{
	const char *keys[KIND_COUNT];

	for (size_t i = 0; i < KIND_COUNT; i++) {
		keys[i] = kinds[i].key;
		if (strcmp(node->key, keys[i]) != 0)
			continue;
		*ret = (struct condition){.kind = kinds[i].kind, .text = ""};
		return load_value(l, node, scope, ret, err);
	}
	return node_key_error(node, err, "unknown condition %s; %s", node_quoted(node->key).text,
			      value_suggestion(node->key, keys, KIND_COUNT).text);
}

int policy_load_condition(struct loader *l, const struct node *node,
			  const struct condition_scope *scope, struct condition *ret,
			  struct err *err)
{
	if (node_expect_map(node, err) < 0)
		return -1;
	if (node->count == 0)
		return node_error(node, err,
				  "an empty condition; expected an entry such as "
				  "orders: {at_least: 2}");
	if (node->count == 1)
		return load_entry(l, node->first, scope, ret, err);
	*ret = (struct condition){.kind = CONDITION_ALL, .text = ""};
	ret->children = arena_zalloc(l->arena, node->count * sizeof(*ret->children));
	ret->child_count = node->count;
	for (const struct node *child = node->first; child; child = child->next) {
		if (load_entry(l, child, scope, &ret->children[child->index], err) < 0)
			return -1;
	}
	return 0;
}
