/* load_caps.c - how often anyone may hear from the shop: caps and the ceiling. */
#include "load.h"

#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"
#include "common/policy/rule.h"

enum { LIMIT_MAX = 1000000 };

#define WINDOW_MIN_MS SECOND_MS

static const struct field cap_fields[] = {
    FIELD("name", NAME, cap, name, .missing = "a name, for reasons and reports"),
    FIELD("limit", INT64, cap, limit, RANGE(0, LIMIT_MAX)),
    FIELD("per", DURATION, cap, window_ms, RANGE(WINDOW_MIN_MS, DURATION_MAX_MS)),
    FIELD("min_gap", DURATION, cap, window_ms, RANGE(WINDOW_MIN_MS, DURATION_MAX_MS)),
    KEY("classes"),
    KEY("channels"),
    KEY("programme"),
    FIELD("category", TEXT, cap, category),
    FIELD("counts_exempt", BOOL, cap, counts_exempt),
};

static const struct field ceiling_fields[] = {
    FIELD("limit", INT64, cap, limit, RANGE(0, LIMIT_MAX), .missing = "how many at most"),
    FIELD("per", DURATION, cap, window_ms, RANGE(WINDOW_MIN_MS, DURATION_MAX_MS),
	  .missing = "a duration such as 1d"),
};

static int check_window(const struct node *node, struct err *err)
{
	bool has_limit = node_get(node, "limit"), has_per = node_get(node, "per");
	bool has_gap = node_get(node, "min_gap");

	if (has_gap && !has_limit && !has_per)
		return 0;
	if (has_gap)
		return node_error(node, err,
				  "min_gap together with %s; expected either min_gap, "
				  "or limit and per",
				  has_limit ? "limit" : "per");
	if (has_limit && has_per)
		return 0;
	if (has_limit)
		return node_error(node, err, "limit without per; expected per, such as per: 7d");
	if (has_per)
		return node_error(node, err, "per without limit; expected limit, such as limit: 2");
	return node_error(node, err, "a cap without a rule; expected limit and per, or min_gap");
}

/* Reads a list of names as a set of their indexes. */
static int load_set(const struct node *node, const char *what, const char *const *names,
		    size_t count, uint64_t *ret, struct err *err)
{
	uint64_t set = 0;

	if (node_expect_list(node, err) < 0)
		return -1;
	for (const struct node *child = node->first; child; child = child->next) {
		unsigned index;

		if (value_one_of(child, what, names, count, &index, err) < 0)
			return -1;
		if (set & UINT64_C(1) << index)
			return node_error(child, err, "%s is there twice",
					  node_quoted(names[index]).text);
		set |= UINT64_C(1) << index;
	}
	*ret = set;
	return 0;
}

static int load_classes(const struct loader *l, const struct node *node, struct cap *cap,
			struct err *err)
{
	const struct policy *policy = l->policy;
	const struct node *list = node_get(node, "classes");

	if (list)
		return load_set(list, "class", l->classes, policy->class_count, &cap->classes, err);
	for (unsigned i = 0; i < policy->class_count; i++) {
		if (policy->classes[i].needs_consent)
			cap->classes |= UINT64_C(1) << i;
	}
	if (cap->classes == 0)
		return node_error(node, err,
				  "no class needs consent, so this cap would bind "
				  "nothing; expected classes: [...]");
	return 0;
}

static int load_channels(const struct node *node, struct cap *cap, struct err *err)
{
	const char *names[CHANNEL_COUNT];
	uint64_t set;

	for (int i = 0; i < CHANNEL_COUNT; i++)
		names[i] = channel_text((enum channel)i);
	if (load_set(node, "channel", names, CHANNEL_COUNT, &set, err) < 0)
		return -1;
	cap->channels = (uint32_t)set;
	return 0;
}

/* Reads the one programme that a cap is about; "feedback" stands for the feedback rules. */
static int load_programme(const struct loader *l, const struct node *node, struct cap *cap,
			  struct err *err)
{
	const struct policy *policy = l->policy;
	unsigned index, message_class = policy->feedback.message_class;

	if (policy->feedback.off || strcmp(node->text, "feedback") != 0) {
		if (value_one_of(node, "programme", l->programmes, policy->programme_count, &index,
				 err) < 0)
			return -1;
		message_class = policy->programmes[index].message_class;
	}
	if (!(cap->classes & UINT64_C(1) << message_class))
		return node_error(node, err,
				  "the programme is of class %s, which this cap does not "
				  "bind; expected it among classes",
				  policy->classes[message_class].name);
	cap->programme = node->text;
	return 0;
}

static int load_cap(const struct loader *l, const struct node *node, struct cap *ret,
		    struct err *err)
{
	const struct node *child;

	*ret = (struct cap){
	    .limit = 1, /* of a min_gap */
	    .channels = 1U << CHANNEL_EMAIL | 1U << CHANNEL_EXTERNAL,
	    .programme = "",
	    .category = "",
	    .counts_exempt = true,
	};
	if (fields_read(node, cap_fields, FIELDS_COUNT(cap_fields), ret, err) < 0 ||
	    check_window(node, err) < 0 || load_classes(l, node, ret, err) < 0)
		return -1;
	ret->is_min_gap = node_get(node, "min_gap") != NULL;
	child = node_get(node, "channels");
	if (child && load_channels(child, ret, err) < 0)
		return -1;
	child = node_get(node, "programme");
	return child ? load_programme(l, child, ret, err) : 0;
}

/* Checks that no two caps have the same name, since a reason names its rule. */
static int check_name(const struct policy *policy, const struct node *node, struct err *err)
{
	const char *name = policy->caps[node->index].name;

	if (rule_of(name) != RULE_NONE)
		return node_error(node_get(node, "name"), err,
				  "%s is a rule of its own; expected "
				  "another name",
				  name);
	for (unsigned i = 0; i < node->index; i++) {
		if (strcmp(policy->caps[i].name, name) == 0)
			return node_error(node_get(node, "name"), err,
					  "two caps are called %s; expected different names",
					  node_quoted(name).text);
	}
	return 0;
}

int policy_load_caps(struct loader *l, const struct node *node, struct err *err)
{
	struct policy *policy = l->policy;

	policy->caps_off = value_is_off(node);
	if (policy->caps_off)
		return 0;
	if (node->kind != NODE_LIST || node->count == 0)
		return node_error(node, err, "expected a list of rules, or off written out");
	if (node->count > POLICY_CAPS_MAX)
		return node_error(node, err, "%u caps; expected at most %d", node->count,
				  POLICY_CAPS_MAX);
	policy->caps = arena_zalloc(l->arena, node->count * sizeof(*policy->caps));
	policy->cap_count = node->count;
	for (const struct node *child = node->first; child; child = child->next) {
		if (load_cap(l, child, &policy->caps[child->index], err) < 0 ||
		    check_name(policy, child, err) < 0)
			return -1;
	}
	return 0;
}

int policy_load_ceiling(struct loader *l, const struct node *node, struct err *err)
{
	struct cap *ceiling = &l->policy->ceiling;

	if (value_is_off(node)) { /* nobody gets so many in a second */
		ceiling->limit = INT64_MAX;
		ceiling->window_ms = SECOND_MS;
		return 0;
	}
	if (node->kind != NODE_MAP)
		return node_error(node, err, "expected {limit: 20, per: 1d}, or off written out");
	return fields_read(node, ceiling_fields, FIELDS_COUNT(ceiling_fields), ceiling, err);
}
