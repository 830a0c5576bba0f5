/* load_programmes.c - what the shop wants to say, on what occasion, to whom. */
#include "load.h"

#include "common/policy/event_type.h"
#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"

static const struct field programme_fields[] = {
    FIELD("owner", TEXT, programme, owner, .missing = "who answers for the programme"),
    KEY("title"),
    KEY("on"),
    KEY("on_enter"),
    KEY("on_date"),
    FIELD("at", TIME, programme, trigger.at_min),
    KEY("before"),
    KEY("after"),
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
    KEY("variants"),
    KEY("value"),
    KEY("send_at"),
    KEY("instead"), /* policy_load_instead() reads it */
    FIELD("category", TEXT, programme, category),
    FIELD("exempt", BOOL, programme, exempt),
    FIELD("again_after", DURATION, programme, again_after_ms, RANGE(0, DURATION_MAX_MS)),
};

bool policy_has_channel(const struct programme *programme, enum channel channel)
{
	for (unsigned i = 0; i < programme->action_count; i++) {
		if (programme->actions[i].channel == channel)
			return true;
	}
	return false;
}

static bool has_score(const struct trigger *trigger)
{
	return trigger->kind == TRIGGER_EVENT &&
	       (event_type_is(trigger->event, EVENT_FEEDBACK_RECEIVED) ||
		event_type_is(trigger->event, EVENT_REVIEW_PUBLISHED));
}

/* Reads the condition: a score may set off a call, but never a mail, which all get alike. */
static int load_if(struct loader *l, const struct node *node, struct programme *programme,
		   struct err *err)
{
	struct condition_scope scope = {0};

	if (policy_has_channel(programme, CHANNEL_EMAIL))
		scope.no_score = "a score must not decide who gets mail; expected a programme "
				 "whose actions are all tasks";
	else if (!has_score(&programme->trigger))
		scope.no_score = "there is no score; expected a programme on: feedback.received "
				 "or review.published";
	if (trigger_has_no_order(&programme->trigger)) {
		scope.no_order_amount = "a date has no order; expected spent, or a programme "
					"with on: EVENT";
		scope.no_order_category = "a date has no order; expected bought, or a programme "
					  "with on: EVENT";
	}
	if (programme->trigger.kind != TRIGGER_EVENT ||
	    !event_type_is(programme->trigger.event, EVENT_INTERACTION_RECORDED))
		scope.no_channel = "nobody was spoken to; expected a programme on: "
				   "interaction.recorded";
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

static int check_category(struct loader *l, const struct node *node, struct programme *programme,
			  struct err *err)
{
	(void)l;
	if (!trigger_has_no_order(&programme->trigger) || strcmp(programme->category, "order") != 0)
		return 0;
	return node_error(node, err,
			  "a date has no order to take the category from; expected the "
			  "name of a category");
}

/* Reads the value: an amount, or "order" for the amount of the order that set the programme off. */
static int load_value(struct loader *l, const struct node *node, struct programme *programme,
		      struct err *err)
{
	struct err ignored;

	(void)l;
	if (node->kind == NODE_TEXT && strcmp(node->text, "order") == 0) {
		programme->value_is_order = true;
		if (trigger_has_no_order(&programme->trigger))
			return node_error(node, err,
					  "a date has no order; expected an amount such as "
					  "\"4.00\"");
		return 0;
	}
	if (value_money(node, &programme->value_e4, &ignored) == 0)
		return 0;
	return node_error(node, err, "expected an amount such as \"4.00\", or order, found %s",
			  node->kind == NODE_TEXT ? node_quoted(node->text).text : "no text");
}

static int load_title(struct loader *l, const struct node *node, struct programme *programme,
		      struct err *err)
{
	return policy_load_wording(l, node, &programme->title, err);
}

/* Reads the parts in this order: the later ones ask for the trigger and the actions. */
static int load_parts(struct loader *l, const struct node *node, struct programme *programme,
		      struct err *err)
{
	static const struct {
		const char *key;
		int (*load)(struct loader *l, const struct node *node, struct programme *programme,
			    struct err *err);
	} parts[] = {
	    {"title", load_title},         {"if", load_if},
	    {"cancel_on", load_cancel_on}, {"category", check_category},
	    {"offer", policy_load_offer},  {"variants", policy_load_variants},
	    {"value", load_value},         {"send_at", policy_load_send_at},
	};

	if (policy_load_class_name(l, node_get(node, "class"), &programme->message_class, err) < 0)
		return -1;
	if (policy_load_actions(l, node, programme, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct node *child = node_get(node, parts[i].key);

		if (child && parts[i].load(l, child, programme, err) < 0)
			return -1;
	}
	return 0;
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
	if (node_get(node, "on_enter")) /* a customer who slips twice in a year hears of it once */
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
