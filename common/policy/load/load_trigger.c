/* load_trigger.c - the occasion of a programme, and what it then does. */
#include "load.h"

#include "common/base/text.h"
#include "common/policy/event_type.h"
#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"

enum { EVENT_TYPE_MAX = 100 };

int policy_load_event(const struct node *node, const char **ret, struct err *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t len;

	if (node->kind != NODE_TEXT)
		return node_error(node, err, "expected one event type");
	len = strlen(node->text);
	if (len == 0 || len > EVENT_TYPE_MAX || strspn(node->text, allowed) != len)
		return node_error(node, err,
				  "expected an event type of 1 to %d of a-z 0-9 . _ -, found %s",
				  EVENT_TYPE_MAX, node_quoted(node->text).text);
	*ret = node->text;
	return 0;
}

const char *policy_near_event(const char *type)
{
	enum { SLIP = 2 };
	const char *near =
	    text_nearest_within(slice_text(type), event_type_texts, EVENT_TYPE_COUNT, SLIP);

	return near && strcmp(near, type) != 0 ? near : NULL;
}

static int load_on(const struct node *node, struct trigger *ret, struct err *err)
{
	if (policy_load_event(node, &ret->event, err) < 0)
		return -1;
	if (event_type_is(ret->event, EVENT_CUSTOMER_ERASED))
		return node_error(node, err,
				  "who is erased cannot hear from the shop; expected "
				  "another event type");
	ret->kind = TRIGGER_EVENT;
	return 0;
}

static int load_on_enter(struct loader *l, const struct node *node, struct trigger *ret,
			 struct err *err)
{
	ret->kind = TRIGGER_ENTER;
	return value_one_of(node, "segment", l->segments, l->policy->segment_count, &ret->segment,
			    err);
}

static int load_on_date(const struct node *node, struct trigger *ret, struct err *err)
{
	struct civil_date date = {0};

	ret->kind = TRIGGER_DATE;
	if (strcmp(node->text, "customer.birthday") == 0)
		ret->date = DATE_BIRTHDAY;
	else if (strcmp(node->text, "customer.first_order") == 0)
		ret->date = DATE_FIRST_ORDER;
	else if (strcmp(node->text, "order.starts_at") == 0)
		ret->date = DATE_ORDER_STARTS;
	else if (strcmp(node->text, "order.ends_at") == 0)
		ret->date = DATE_ORDER_ENDS;
	else if (value_is_month_day(node->text, &date))
		ret->date = DATE_YEARLY;
	else if (value_is_day(node->text, &date))
		ret->date = DATE_ONCE;
	else
		return node_error(node, err,
				  "expected customer.birthday, customer.first_order, "
				  "order.starts_at, order.ends_at, a day of each year such as "
				  "\"12-06\" or of one such as \"2026-11-20\", found %s",
				  node_quoted(node->text).text);
	ret->year = date.year;
	ret->month = date.month;
	ret->day = date.day;
	return 0;
}

/* Reads how far before or after the order's date it is; without either it is on that date. */
static int load_offset(const struct node *before, const struct node *after, struct trigger *ret,
		       struct err *err)
{
	const struct node *node = before ? before : after;
	int64_t offset_ms;

	if (before && after)
		return node_key_error(after, err, "expected before or after, not both");
	if (!node)
		return 0;
	if (value_duration(node, SECOND_MS, DURATION_MAX_MS, &offset_ms, err) < 0)
		return -1;
	if (ret->has_at && offset_ms % DAY_MS)
		return node_error(node, err,
				  "at is a time of day; expected whole days such as 1d, found %s",
				  node_quoted(node->text).text);
	ret->offset_ms = before ? -offset_ms : offset_ms;
	return 0;
}

static int load_order_date(const struct node *node, struct trigger *ret, struct err *err)
{
	const struct node *before = node_get(node, "before"), *after = node_get(node, "after");
	const struct node *wait = node_get(node, "wait");

	ret->has_at = node_get(node, "at") != NULL;
	if (!trigger_is_order_date(ret)) {
		if (before || after)
			return node_key_error(before ? before : after, err,
					      "only an order's date has a before and an after; "
					      "expected on_date: order.starts_at or order.ends_at");
		return 0;
	}
	if (wait)
		return node_key_error(wait, err, "wait is for events; expected before or after");
	return load_offset(before, after, ret, err);
}

static int load_occasion(struct loader *l, const struct node *node, struct programme *programme,
			 struct err *err)
{
	const struct node *on = node_get(node, "on");
	const struct node *on_enter = node_get(node, "on_enter");
	const struct node *on_date = node_get(node, "on_date");
	const struct node *at = node_get(node, "at");

	if ((on != NULL) + (on_enter != NULL) + (on_date != NULL) != 1)
		return node_error(node, err, "expected exactly one of on, on_enter and on_date");
	if (at && !on_date)
		return node_key_error(at, err,
				      "at is the time of day of on_date; expected wait "
				      "or nothing");
	if (on)
		return load_on(on, &programme->trigger, err);
	if (on_enter)
		return load_on_enter(l, on_enter, &programme->trigger, err);
	return load_on_date(on_date, &programme->trigger, err);
}

int policy_load_trigger(struct loader *l, const struct node *node, struct programme *programme,
			struct err *err)
{
	if (load_occasion(l, node, programme, err) < 0)
		return -1;
	return load_order_date(node, &programme->trigger, err);
}

/* Reads one action: email: TEMPLATE or task: WHAT. */
static int load_action(struct loader *l, const struct node *node, struct action *ret,
		       struct err *err)
{
	if (strcmp(node->key, "task") == 0) {
		ret->channel = CHANNEL_TASK;
		return value_text(node, &ret->name, err);
	}
	ret->channel = CHANNEL_EMAIL;
	if (value_name(node, &ret->name, err) < 0)
		return -1;
	return policy_load_template(l, node, ret->name, err);
}

static const struct field action_fields[] = {KEY("email"), KEY("task")};

/* Refuses an action that is there twice: only actions tell the requests of an event apart. */
static int check_repeat(const struct node *node, const struct programme *programme, unsigned index,
			struct err *err)
{
	const struct action *action = &programme->actions[index];

	for (unsigned i = 0; i < index; i++) {
		if (programme->actions[i].channel == action->channel &&
		    strcmp(programme->actions[i].name, action->name) == 0)
			return node_error(node, err, "%s %s is there twice",
					  channel_text(action->channel),
					  node_quoted(action->name).text);
	}
	return 0;
}

static int load_do(struct loader *l, const struct node *node, struct programme *programme,
		   struct err *err)
{
	if (node_expect_list(node, err) < 0)
		return -1;
	if (node->count > POLICY_ACTIONS_MAX)
		return node_error(node, err, "%u actions; expected at most %d", node->count,
				  POLICY_ACTIONS_MAX);
	programme->actions = arena_zalloc(l->arena, node->count * sizeof(*programme->actions));
	programme->action_count = node->count;
	for (const struct node *child = node->first; child; child = child->next) {
		if (fields_read(child, action_fields, FIELDS_COUNT(action_fields), programme, err) <
		    0)
			return -1;
		if (child->count != 1)
			return node_error(child, err, "expected email: TEMPLATE or task: WHAT");
		if (load_action(l, child->first, &programme->actions[child->index], err) < 0 ||
		    check_repeat(child, programme, child->index, err) < 0)
			return -1;
	}
	return 0;
}

int policy_load_actions(struct loader *l, const struct node *node, struct programme *programme,
			struct err *err)
{
	const struct node *email = node_get(node, "email");
	const struct node *task = node_get(node, "task");
	const struct node *list = node_get(node, "do");

	if ((email != NULL) + (task != NULL) + (list != NULL) != 1)
		return node_error(node, err,
				  "expected exactly one of email, task and do (a list "
				  "of several)");
	if (list)
		return load_do(l, list, programme, err);
	programme->actions = arena_zalloc(l->arena, sizeof(*programme->actions));
	programme->action_count = 1;
	return load_action(l, email ? email : task, programme->actions, err);
}
