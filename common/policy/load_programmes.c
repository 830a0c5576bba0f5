/* load_programmes.c - what the shop wants to say, on what occasion, to whom. */
#include "load.h"

#include "fields.h"
#include "value.h"

static const struct field programme_fields[] = {
    FIELD("owner", TEXT, programme, owner, .missing = "who answers for the programme"),
    KEY("on"),
    KEY("on_enter"),
    KEY("on_date"),
    FIELD("at", TIME, programme, trigger.at_min),
    KEY("if"),
    FIELD("wait", DURATION, programme, wait_ms, RANGE(0, DURATION_MAX_MS)),
    KEY("do"),
    KEY("email"),
    KEY("task"),
    KEY("class", .missing = "one of the classes above"),
    FIELD("priority", INT, programme, priority, RANGE(0, 100)),
    FIELD("expires", DURATION, programme, expires_ms, RANGE(SECOND_MS, DURATION_MAX_MS)),
    KEY("cancel_on"),
    FIELD("holdout", PERCENT, programme, holdout_permille),
    KEY("offer"),
    FIELD("category", TEXT, programme, category),
    FIELD("exempt", BOOL, programme, exempt),
    FIELD("again_after", DURATION, programme, again_after_ms, RANGE(0, DURATION_MAX_MS)),
};

static const struct field offer_fields[] = {
    FIELD("coupon", TEXT, programme, coupon, .missing = "the coupon's name"),
};

static bool is_all_tasks(const struct programme *programme)
{
	for (unsigned i = 0; i < programme->action_count; i++) {
		if (programme->actions[i].channel != CHANNEL_TASK)
			return false;
	}
	return true;
}

static bool has_score(const struct trigger *trigger)
{
	return trigger->kind == TRIGGER_EVENT &&
	       (strcmp(trigger->event, "feedback.received") == 0 ||
		strcmp(trigger->event, "review.published") == 0);
}

/* Everybody is asked and told alike: a score may set off a call, never a mail. */
static int load_if(struct loader *l, const struct node *node, struct programme *programme,
		   struct err *err)
{
	struct condition_scope scope = {0};

	if (!is_all_tasks(programme))
		scope.no_score = "a score must not decide who gets mail; expected a programme "
				 "whose actions are all tasks";
	else if (!has_score(&programme->trigger))
		scope.no_score = "there is no score; expected a programme on: feedback.received "
				 "or review.published";
	if (programme->trigger.kind == TRIGGER_DATE)
		scope.no_order_amount = "a date has no order; expected spent, or a programme "
					"with on: EVENT";
	programme->has_condition = true;
	return policy_load_condition(l, node, &scope, &programme->condition, err);
}

static int load_cancel_on(struct loader *l, const struct node *node, struct programme *programme,
			  struct err *err)
{
	if (node_expect_list(node, err) < 0)
		return -1;
	programme->cancel_on = arena_zalloc(l->arena, node->count * sizeof(*programme->cancel_on));
	for (const struct node *child = node->first; child; child = child->next) {
		const char **event = &programme->cancel_on[child->index];

		if (policy_load_event(child, event, err) < 0)
			return -1;
		for (unsigned i = 0; i < child->index; i++) {
			if (strcmp(programme->cancel_on[i], *event) == 0)
				return node_error(child, err, "%s is there twice", *event);
		}
	}
	programme->cancel_count = node->count;
	return 0;
}

static int check_category(const struct node *node, const struct programme *programme,
			  struct err *err)
{
	if (programme->trigger.kind != TRIGGER_DATE || strcmp(programme->category, "order") != 0)
		return 0;
	return node_error(node, err,
			  "a date has no order to take the category from; expected the "
			  "name of a category");
}

static int load_parts(struct loader *l, const struct node *node, struct programme *programme,
		      struct err *err)
{
	const struct node *child;

	if (policy_load_class_name(l, node_get(node, "class"), &programme->message_class, err) < 0)
		return -1;
	if (policy_load_actions(l, node, programme, err) < 0)
		return -1;
	child = node_get(node, "if");
	if (child && load_if(l, child, programme, err) < 0)
		return -1;
	child = node_get(node, "cancel_on");
	if (child && load_cancel_on(l, child, programme, err) < 0)
		return -1;
	child = node_get(node, "category");
	if (child && check_category(child, programme, err) < 0)
		return -1;
	child = node_get(node, "offer");
	if (!child)
		return 0;
	return fields_read(child, offer_fields, FIELDS_COUNT(offer_fields), programme, err);
}

static int load_programme(struct loader *l, const struct node *node, struct programme *ret,
			  struct err *err)
{
	*ret = (struct programme){
	    .name = node->key,
	    .trigger = {.event = "", .at_min = 9 * 60},
	    .priority = 50,
	    .expires_ms = 30 * DAY_MS,
	    .coupon = "",
	    .category = "",
	};
	if (strcmp(node->key, "feedback") == 0)
		return node_key_error(node, err,
				      "\"feedback\" is the name of the feedback rules; "
				      "expected another name");
	if (node_expect_map(node, err) < 0)
		return -1;
	if (node_get(node, "on_enter")) /* who slips twice in a year hears of it once */
		ret->again_after_ms = 365 * DAY_MS;
	if (fields_read(node, programme_fields, FIELDS_COUNT(programme_fields), ret, err) < 0)
		return -1;
	if (policy_load_trigger(l, node, ret, err) < 0)
		return -1;
	return load_parts(l, node, ret, err);
}

int policy_load_programmes(struct loader *l, const struct node *node, struct err *err)
{
	struct policy *policy = l->policy;

	if (policy_load_names(l, node, "programmes", POLICY_PROGRAMMES_MAX, &l->programmes, err) <
	    0)
		return -1;
	policy->programmes =
	    arena_zalloc(l->arena, (node->count + 1) * sizeof(*policy->programmes));
	policy->programme_count = node->count;
	for (const struct node *child = node->first; child; child = child->next) {
		if (load_programme(l, child, &policy->programmes[child->index], err) < 0)
			return -1;
	}
	return 0;
}
