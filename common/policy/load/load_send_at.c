/* load_send_at.c - on which days and at what time of day mail goes out. */
#include "load.h"

#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"

enum { QUIET_DAYS_MAX = 400, EVIDENCE_MAX = 100 };

static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
				       "friday", "saturday", "sunday"};
enum { WEEKDAY_COUNT = sizeof(weekdays) / sizeof(weekdays[0]) };

static int load_quiet_day(const struct node *node, struct quiet_day *ret, struct err *err)
{
	struct civil_date date;
	struct value_suggestion suggestion;

	*ret = (struct quiet_day){0};
	for (int i = 0; i < WEEKDAY_COUNT; i++) {
		if (strcmp(node->text, weekdays[i]) == 0) {
			ret->kind = QUIET_WEEKDAY;
			ret->weekday = i + 1;
			return 0;
		}
	}
	if (value_is_month_day(node->text, &date) || value_is_day(node->text, &date)) {
		ret->kind = date.year ? QUIET_DATE : QUIET_YEARLY;
		ret->year = date.year;
		ret->month = date.month;
		ret->day = date.day;
		return 0;
	}
	suggestion = value_suggestion(node->text, weekdays, WEEKDAY_COUNT);
	return node_error(node, err,
			  "expected a weekday, a day of each year such as \"12-25\" or of one "
			  "such as \"2026-05-01\", found %s%s%s",
			  node->kind == NODE_TEXT ? node_quoted(node->text).text : "no text",
			  strncmp(suggestion.text, "did", 3) == 0 ? "; " : "",
			  strncmp(suggestion.text, "did", 3) == 0 ? suggestion.text : "");
}

static bool is_same_day(const struct quiet_day *a, const struct quiet_day *b)
{
	return a->kind == b->kind && a->weekday == b->weekday && a->year == b->year &&
	       a->month == b->month && a->day == b->day;
}

int policy_load_quiet_days(struct loader *l, const struct node *node, struct err *err)
{
	struct policy *policy = l->policy;

	if (node_expect_list(node, err) < 0)
		return -1;
	if (node->count > QUIET_DAYS_MAX)
		return node_error(node, err, "%u days; expected at most %d", node->count,
				  QUIET_DAYS_MAX);
	policy->quiet_days = arena_zalloc(l->arena, node->count * sizeof(*policy->quiet_days));
	for (const struct node *child = node->first; child; child = child->next) {
		struct quiet_day *day = &policy->quiet_days[child->index];

		if (load_quiet_day(child, day, err) < 0)
			return -1;
		for (unsigned i = 0; i < child->index; i++) {
			if (is_same_day(&policy->quiet_days[i], day))
				return node_error(child, err, "%s is there twice",
						  node_quoted(child->text).text);
		}
	}
	policy->quiet_day_count = node->count;
	return 0;
}

static const struct field send_time_fields[] = {
    FIELD("fallback", TIME, send_time, fallback_min),
    KEY("window"),
    FIELD("evidence", INT, send_time, evidence, RANGE(1, EVIDENCE_MAX)),
};

int policy_load_send_time(struct loader *l, const struct node *node, struct err *err)
{
	struct send_time *ret = &l->policy->send_time;
	const struct node *window;
	int64_t window_ms = ret->window_min * MINUTE_MS;

	if (fields_read(node, send_time_fields, FIELDS_COUNT(send_time_fields), ret, err) < 0)
		return -1;
	window = node_get(node, "window");
	if (window && value_duration(window, MINUTE_MS, DAY_MS, &window_ms, err) < 0)
		return -1;
	if (window_ms % MINUTE_MS)
		return node_error(window, err, "expected whole minutes, found %s",
				  node_quoted(window->text).text);
	ret->window_min = (int)(window_ms / MINUTE_MS);
	if (ret->fallback_min + ret->window_min > DAY_MIN)
		return node_error(node, err,
				  "fallback and window reach beyond midnight; expected an earlier "
				  "fallback or a shorter window");
	return 0;
}

static const struct field window_fields[] = {
    FIELD("from", TIME, send_window, from_min, .missing = "a time of day such as \"10:00\""),
    KEY("to", .missing = "a time of day such as \"12:00\""),
};

/* Reads {from: "10:00", to: "12:00"}; only here a day ends at "24:00". */
static int load_window(const struct node *node, struct send_window *ret, struct err *err)
{
	const struct node *to;

	if (fields_read(node, window_fields, FIELDS_COUNT(window_fields), ret, err) < 0)
		return -1;
	to = node_get(node, "to");
	if (strcmp(to->text, "24:00") == 0)
		ret->to_min = DAY_MIN;
	else if (value_time_of_day(to, &ret->to_min, err) < 0)
		return -1;
	if (ret->from_min < ret->to_min)
		return 0;
	return node_error(node, err,
			  "from is not before to; expected a part of one day, at the latest until "
			  "\"24:00\"");
}

/* Reads "10:00", which means the window that begins then. */
static int load_time(const struct loader *l, const struct node *node, struct send_window *ret,
		     struct err *err)
{
	struct err ignored;

	if (value_time_of_day(node, &ret->from_min, &ignored) < 0)
		return node_error(node, err,
				  "expected a time of day such as \"10:00\", {from: \"10:00\", to: "
				  "\"12:00\"} or best, found %s",
				  node->kind == NODE_TEXT ? node_quoted(node->text).text
							  : "a list");
	ret->to_min = ret->from_min + l->policy->send_time.window_min;
	if (ret->to_min > DAY_MIN)
		ret->to_min = DAY_MIN;
	return 0;
}

int policy_load_send_at(struct loader *l, const struct node *node, struct programme *programme,
			struct err *err)
{
	if (!policy_has_channel(programme, CHANNEL_EMAIL))
		return node_key_error(node, err,
				      "send_at is about mails, and all actions are tasks; expected "
				      "an email, or at with on_date");
	if (node->kind == NODE_TEXT && strcmp(node->text, "best") == 0) {
		programme->send_at = SEND_AT_BEST;
		return 0;
	}
	programme->send_at = SEND_AT_TIME;
	if (node->kind == NODE_MAP)
		return load_window(node, &programme->send_window, err);
	return load_time(l, node, &programme->send_window, err);
}
