/* load.c - the policy file as a whole: the top level, and what several parts share. */
#include "load.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/hash.h"
#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"
#include "common/policy/rule.h"

/* What protects customers is only ever switched off by writing so. */
#define OR_OFF ", or off written out"

static const struct field policy_fields[] = {
    KEY("shop", .missing = "{name: ..., time_zone: ..., sender: ...}"),
    KEY("classes", .missing = "the classes of messages, such as {promotion: {}}"),
    KEY("caps", .missing = "a list of rules" OR_OFF),
    KEY("ceiling"),
    KEY("quiet_hours", .missing = "{from: \"21:00\", to: \"08:00\"}" OR_OFF),
    KEY("quiet_days"),
    KEY("send_time"),
    KEY("clicks"),
    KEY("just_bought", .missing = "{default: 90d}" OR_OFF),
    KEY("model"),
    KEY("segments"),
    KEY("coupons"),
    KEY("addresses"),
    KEY("programmes"),
    KEY("merge"),
    KEY("feedback"),
    KEY("cases"),
    KEY("desk"),
    KEY("people"),
    KEY("tags"),
    FIELD("settle", DURATION, policy, settle_ms, RANGE(0, HOUR_MS)),
    FIELD("holdout", PERCENT, policy, holdout_permille),
    KEY("retry"),
};

static const struct field retry_fields[] = {
    FIELD("first", DURATION, policy, retry.first_ms, RANGE(SECOND_MS, 7 * DAY_MS)),
    FIELD("max", DURATION, policy, retry.max_ms, RANGE(SECOND_MS, 7 * DAY_MS)),
    FIELD("attempts", INT, policy, retry.attempts, RANGE(1, 100)),
};

static const struct field case_fields[] = {
    FIELD("late", DURATION, policy, cases.late_ms, RANGE(DAY_MS, DURATION_MAX_MS)),
    FIELD("return", DURATION, policy, cases.return_ms, RANGE(DAY_MS, DURATION_MAX_MS)),
    FIELD("complaint", DURATION, policy, cases.complaint_ms, RANGE(DAY_MS, DURATION_MAX_MS)),
    FIELD("interaction", DURATION, policy, cases.interaction_ms, RANGE(HOUR_MS, DURATION_MAX_MS)),
};

static int load_cases(struct loader *l, const struct node *node, struct err *err)
{
	return fields_read(node, case_fields, FIELDS_COUNT(case_fields), l->policy, err);
}

static int load_retry(struct loader *l, const struct node *node, struct err *err)
{
	if (fields_read(node, retry_fields, FIELDS_COUNT(retry_fields), l->policy, err) < 0)
		return -1;
	if (l->policy->retry.max_ms < l->policy->retry.first_ms)
		return node_error(node, err,
				  "max is shorter than first; expected at least as long");
	return 0;
}

int policy_load_names(struct loader *l, const struct node *map, const char *what, unsigned max,
		      const char ***ret, struct err *err)
{
	const char **names;

	if (node_expect_map(map, err) < 0)
		return -1;
	if (map->count > max)
		return node_error(map, err, "%u %s; expected at most %u", map->count, what, max);
	names = arena_zalloc(l->arena, (map->count + 1) * sizeof(*names));
	for (const struct node *child = map->first; child; child = child->next) {
		if (value_key_name(child, err) < 0)
			return -1;
		names[child->index] = child->key;
	}
	*ret = names;
	return 0;
}

int policy_load_class_name(const struct loader *l, const struct node *node, unsigned *ret,
			   struct err *err)
{
	return value_one_of(node, "class", l->classes, l->policy->class_count, ret, err);
}

int policy_load_template(const struct loader *l, const struct node *node, const char *name,
			 struct err *err)
{
	size_t count = 0;

	if (!l->templates)
		return 0;
	for (; l->templates[count]; count++) {
		if (strcmp(l->templates[count], name) == 0)
			return 0;
	}
	return node_error(node, err, "no template %s; %s", node_quoted(name).text,
			  value_suggestion(name, l->templates, count).text);
}

int policy_load_windows(struct loader *l, const struct node *node, struct category_window **ret,
			unsigned *ret_count, struct err *err)
{
	struct category_window *windows;

	if (node_expect_map(node, err) < 0)
		return -1;
	windows = arena_zalloc(l->arena, (node->count + 1) * sizeof(*windows));
	for (const struct node *child = node->first; child; child = child->next) {
		windows[child->index].category = child->key;
		if (strlen(child->key) > 200)
			return node_key_error(child, err,
					      "expected a category of at most 200 bytes");
		if (value_duration(child, 0, DURATION_MAX_MS, &windows[child->index].window_ms,
				   err) < 0)
			return -1;
	}
	*ret = windows;
	*ret_count = node->count;
	return 0;
}

/* CONSENT_CLICKS is no class then: what somebody says of the one would hold for the other. */
static int load_clicks(struct loader *l, const struct node *node, struct err *err)
{
	static const char *const words[] = {"off", "counted", "with_consent"};
	unsigned found = CLICKS_OFF;

	if (!value_is_off(node) && value_one_of(node, "way of counting", words, 3, &found, err) < 0)
		return -1;
	l->policy->clicks = (enum clicks)found;
	if (found != CLICKS_OFF && policy_class(l->policy, slice_text(CONSENT_CLICKS)) >= 0)
		return node_error(node, err,
				  "there is a class called \"" CONSENT_CLICKS
				  "\"; expected another name for it");
	return 0;
}

/* In this order: programmes name segments and coupons, and caps name programmes. */
static int load_parts(struct loader *l, struct err *err)
{
	static const struct {
		const char *key;
		int (*load)(struct loader *l, const struct node *node, struct err *err);
	} parts[] = {
	    {"shop", policy_load_shop},
	    {"classes", policy_load_classes},
	    {"model", policy_load_model},
	    {"segments", policy_load_segments},
	    {"coupons", policy_load_coupons},
	    {"addresses", policy_load_addresses},
	    {"send_time", policy_load_send_time},
	    {"clicks", load_clicks},
	    {"programmes", policy_load_programmes},
	    {"merge", policy_load_merge},
	    {"feedback", policy_load_feedback},
	    {"caps", policy_load_caps},
	    {"ceiling", policy_load_ceiling},
	    {"quiet_hours", policy_load_quiet_hours},
	    {"quiet_days", policy_load_quiet_days},
	    {"just_bought", policy_load_just_bought},
	    {"retry", load_retry},
	    {"cases", load_cases},
	    {"desk", policy_load_desk},
	    {"people", policy_load_people},
	    {"tags", policy_load_tags},
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct node *node = node_get(l->root, parts[i].key);

		if (node && parts[i].load(l, node, err) < 0)
			return -1;
	}
	/* Tasks are accounted for, whatever the file says of them. */
	if (!l->policy->desk && policy_load_desk(l, NULL, err) < 0)
		return -1;
	return policy_load_instead(l, err);
}

static void set_defaults(struct policy *policy)
{
	policy->ceiling = (struct cap){
	    .name = rule_text(RULE_CEILING),
	    .limit = 20,
	    .window_ms = DAY_MS,
	    .classes = ALL_CLASSES,
	    .channels = 1U << CHANNEL_EMAIL | 1U << CHANNEL_EXTERNAL,
	    .programme = "",
	    .category = "",
	    .counts_exempt = true,
	};
	policy->send_time =
	    (struct send_time){.fallback_min = 10 * 60, .window_min = 120, .evidence = 3};
	policy->feedback =
	    (struct feedback){.off = true, .low_task = "", .owner = "", .public_link = ""};
	policy->cases = (struct case_ends){CASE_LATE_DEFAULT_MS, 60 * DAY_MS, 90 * DAY_MS, 0};
	policy->settle_ms = 2 * SECOND_MS;
	policy->retry.first_ms = 15 * MINUTE_MS;
	policy->retry.max_ms = 6 * HOUR_MS;
	policy->retry.attempts = 12;
}

static bool has_task(const struct policy *policy, const char *name)
{
	if (!policy->feedback.off && strcmp(policy->feedback.low_task, name) == 0)
		return true;
	for (unsigned i = 0; i < policy->programme_count; i++)
		for (unsigned k = 0; k < policy->programmes[i].action_count; k++) {
			const struct action *action = &policy->programmes[i].actions[k];

			if (action->channel == CHANNEL_TASK && strcmp(action->name, name) == 0)
				return true;
		}
	return false;
}

static int load_all(struct loader *l, struct slice text, struct err *err)
{
	struct policy *policy = l->policy;

	if (document_read(text, policy->file, l->arena, &l->root, err) < 0)
		return -1;
	snprintf(policy->hash, sizeof(policy->hash), "%016" PRIx64, hash64(text));
	set_defaults(policy);
	if (fields_read(l->root, policy_fields, FIELDS_COUNT(policy_fields), policy, err) < 0)
		return -1;
	if (load_parts(l, err) < 0)
		return -1;
	policy->has_calls = has_task(policy, TASK_PHONE_CALL);
	policy->has_letters = has_task(policy, TASK_LETTER);
	return policy_check(l, err);
}

int policy_load_with(struct slice text, const char *file, const struct policy_part *model,
		     const struct zones *zones, const char *const *templates, struct policy **ret,
		     struct err *err)
{
	struct arena *arena = calloc(1, sizeof(*arena));
	struct loader l = {.arena = arena, .model = model, .templates = templates};

	if (!arena)
		abort();
	l.policy = arena_zalloc(arena, sizeof(*l.policy));
	l.policy->file = arena_text(arena, file);
	l.policy->zones = zones;
	l.policy->memory = arena;
	if (load_all(&l, text, err) < 0) {
		policy_free(l.policy);
		return -1;
	}
	*ret = l.policy;
	return 0;
}

int policy_load(struct slice text, const char *file, const struct zones *zones,
		const char *const *templates, struct policy **ret, struct err *err)
{
	return policy_load_with(text, file, NULL, zones, templates, ret, err);
}
