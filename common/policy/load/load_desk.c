/* load_desk.c - who does the tasks, when they work, and by when each task must be done. */
#include "load.h"

#include "common/policy/desk.h"
#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"

enum { DAYS_OFF_MAX = 400 };

static const char *const weekdays[WEEK_DAYS] = {"monday", "tuesday",  "wednesday", "thursday",
						"friday", "saturday", "sunday"};

static const struct field desk_fields[] = {
    KEY("hours", .missing = "{days: [monday, friday], from: \"09:00\", to: \"17:00\"}"),
    KEY("teams"),
    KEY("actions"),
};

static const struct field hours_fields[] = {
    KEY("days", .missing = "the days on which people work, such as [monday, tuesday]"),
    FIELD("from", TIME, working_hours, from_min, .missing = "a time of day such as \"09:00\""),
    FIELD("to", TIME, working_hours, to_min, .missing = "a time of day such as \"17:00\""),
    KEY("time_zone"),
    KEY("days_off"),
};

static const struct field team_fields[] = {
    KEY("hours"),
    FIELD("lead", NAME, desk_team, lead),
    FIELD("webhook", NAME, desk_team, webhook),
};

static const struct field person_fields[] = {
    KEY("mail"),
    FIELD("webhook", NAME, desk_person, webhook),
    KEY("teams"),
    KEY("hours"),
};

static const struct field action_fields[] = {
    FIELD("minutes", INT, desk_action, minutes, RANGE(1, DESK_MINUTES_MAX)),
    FIELD("answer_within", DURATION, desk_action, answer_ms, RANGE(MINUTE_MS, DURATION_MAX_MS)),
    FIELD("within", DURATION, desk_action, within_ms, RANGE(MINUTE_MS, DURATION_MAX_MS)),
    KEY("remind"),
    KEY("escalate"),
    FIELD("attempts", INT, desk_action, attempts, RANGE(1, DESK_ATTEMPTS_MAX)),
    KEY("results"),
    KEY("again"),
    FIELD("again_after", DURATION, desk_action, again_ms, RANGE(0, DURATION_MAX_MS)),
    KEY("else"),
};

static const struct field escalation_fields[] = {
    FIELD("after", DURATION, desk_escalation, after_ms, RANGE(0, DURATION_MAX_MS),
	  .missing = "how long after the missed time, such as 1h"),
    FIELD("to", NAME, desk_escalation, to, .missing = "a team, or lead"),
};

static int load_days(const struct node *list, struct working_hours *hours, struct err *err)
{
	hours->days = 0;
	if (node_expect_list(list, err) < 0)
		return -1;
	for (const struct node *node = list->first; node; node = node->next) {
		unsigned day;

		if (value_one_of(node, "weekday", weekdays, WEEK_DAYS, &day, err) < 0)
			return -1;
		if (hours->days >> day & 1)
			return node_error(node, err, "%s is there twice", weekdays[day]);
		hours->days |= 1U << day;
	}
	return 0;
}

static int load_days_off(struct loader *l, const struct node *list, struct working_hours *hours,
			 struct err *err)
{
	struct civil_date *days;

	if (node_expect_list(list, err) < 0)
		return -1;
	if (list->count > DAYS_OFF_MAX)
		return node_error(list, err, "%u days; expected at most %d", list->count,
				  DAYS_OFF_MAX);
	days = arena_zalloc(l->arena, list->count * sizeof(*days));
	for (const struct node *node = list->first; node; node = node->next)
		if (!value_is_month_day(node->text, &days[node->index]) &&
		    !value_is_day(node->text, &days[node->index]))
			return node_error(node, err,
					  "expected a day of each year such as \"12-25\" or of one "
					  "such as \"2026-05-01\", found %s",
					  node->kind == NODE_TEXT ? node_quoted(node->text).text
								  : "no text");
	hours->days_off = days;
	hours->days_off_count = list->count;
	return 0;
}

static int load_hours(struct loader *l, const struct node *node, struct working_hours *hours,
		      struct err *err)
{
	const struct node *zone = node_get(node, "time_zone");
	const struct node *days_off = node_get(node, "days_off");
	const char *name;

	if (fields_read(node, hours_fields, FIELDS_COUNT(hours_fields), hours, err) < 0 ||
	    load_days(node_get(node, "days"), hours, err) < 0)
		return -1;
	if (hours->to_min == 0)
		hours->to_min = DAY_MIN;
	if (hours->from_min >= hours->to_min)
		return node_error(node_get(node, "to"), err,
				  "work ends before it begins; expected a later time of the same "
				  "day, or \"00:00\" for midnight");
	if (zone && value_text(zone, &name, err) < 0)
		return -1;
	if (zone && !(hours->zone = zones_find(l->policy->zones, slice_text(name))))
		return node_error(zone, err,
				  "unknown time zone %s; expected an IANA zone such as "
				  "Europe/London",
				  node_quoted(name).text);
	return days_off ? load_days_off(l, days_off, hours, err) : 0;
}

static int load_teams(struct loader *l, const struct node *map, struct desk *desk, struct err *err)
{
	const char **names;

	if (policy_load_names(l, map, "teams", DESK_TEAMS_MAX, &names, err) < 0)
		return -1;
	desk->teams = arena_zalloc(l->arena, (map->count + 1) * sizeof(*desk->teams));
	desk->team_count = map->count;
	for (const struct node *node = map->first; node; node = node->next) {
		struct desk_team *team = &desk->teams[node->index];
		const struct node *hours = node_get(node, "hours");

		*team = (struct desk_team){node->key, desk->hours, "", ""};
		if (strcmp(node->key, DESK_TO_LEAD) == 0)
			return node_key_error(node, err, "a team cannot be called \"lead\"");
		if (fields_read(node, team_fields, FIELDS_COUNT(team_fields), team, err) < 0)
			return -1;
		/* Days off and the zone are the desk's, unless the team says otherwise. */
		if (hours && load_hours(l, hours, &team->hours, err) < 0)
			return -1;
	}
	return 0;
}

static int load_remind(const struct node *list, struct desk_action *action, struct err *err)
{
	if (node_expect_list(list, err) < 0)
		return -1;
	if (!action->within_ms)
		return node_error(list, err, "reminders of nothing that is due; expected within");
	if (list->count > DESK_STEPS_MAX)
		return node_error(list, err, "%u reminders; expected at most %d", list->count,
				  DESK_STEPS_MAX);
	for (const struct node *node = list->first; node; node = node->next) {
		int64_t *before_ms = &action->remind_ms[node->index];

		if (value_duration(node, MINUTE_MS, DURATION_MAX_MS, before_ms, err) < 0)
			return -1;
		if (*before_ms >= action->within_ms)
			return node_error(node, err,
					  "not before the task itself; expected less than within");
		if (node->index && *before_ms >= action->remind_ms[node->index - 1])
			return node_error(node, err, "expected the longest time first");
	}
	action->remind_count = list->count;
	return 0;
}

static int load_escalate(const struct node *list, struct desk_action *action, struct err *err)
{
	if (node_expect_list(list, err) < 0)
		return -1;
	if (!action->within_ms && !action->answer_ms)
		return node_error(list, err,
				  "nothing can be missed; expected within or answer_within");
	if (list->count > DESK_STEPS_MAX)
		return node_error(list, err, "%u steps; expected at most %d", list->count,
				  DESK_STEPS_MAX);
	for (const struct node *node = list->first; node; node = node->next) {
		struct desk_escalation *step = &action->escalate[node->index];

		if (fields_read(node, escalation_fields, FIELDS_COUNT(escalation_fields), step,
				err) < 0)
			return -1;
		if (node->index && step->after_ms <= action->escalate[node->index - 1].after_ms)
			return node_error(node, err, "expected a longer time than the step before");
	}
	action->escalate_count = list->count;
	return 0;
}

static int load_results(struct loader *l, const struct node *list, const char ***ret,
			unsigned *ret_count, struct err *err)
{
	if (node_expect_list(list, err) < 0)
		return -1;
	if (list->count > DESK_RESULTS_MAX)
		return node_error(list, err, "%u results; expected at most %d", list->count,
				  DESK_RESULTS_MAX);
	*ret = arena_zalloc(l->arena, list->count * sizeof(**ret));
	*ret_count = list->count;
	for (const struct node *result = list->first; result; result = result->next)
		if (value_text(result, &(*ret)[result->index], err) < 0)
			return -1;
	return 0;
}

/* Where it is said what may come of a task, nothing else is tried again. */
static int check_again(const struct node *list, const struct desk_action *action, struct err *err)
{
	unsigned ignored;

	for (const struct node *result = list->first; action->result_count && result;
	     result = result->next)
		if (value_one_of(result, "result", action->results, action->result_count, &ignored,
				 err) < 0)
			return -1;
	return 0;
}

static int load_again(struct loader *l, const struct node *node, struct desk_action *action,
		      struct err *err)
{
	const struct node *list = node_get(node, "again"), *after = node_get(node, "again_after");
	const struct node *results = node_get(node, "results");

	if (action->attempts > 1 && !after)
		return node_error(node, err,
				  "again_after is missing; expected the time from one attempt to "
				  "the next, such as 1d");
	if (action->attempts == 1 && (list || after))
		return node_error(list ? list : after, err,
				  "nothing is tried again; expected attempts of 2 or more");
	if (results && load_results(l, results, &action->results, &action->result_count, err) < 0)
		return -1;
	if (!list)
		return 0;
	if (load_results(l, list, &action->again, &action->again_count, err) < 0)
		return -1;
	return check_again(list, action, err);
}

static int load_else(const struct node *node, struct desk_action *action, struct err *err)
{
	static const struct field fields[] = {KEY("event", .missing = "the event that is told")};

	if (fields_read(node, fields, FIELDS_COUNT(fields), action, err) < 0)
		return -1;
	return policy_load_event(node_get(node, "event"), &action->otherwise, err);
}

static int load_action(struct loader *l, const struct node *node, struct desk_action *action,
		       struct err *err)
{
	const struct node *remind = node_get(node, "remind");
	const struct node *escalate = node_get(node, "escalate");
	const struct node *otherwise = node_get(node, "else");

	*action = (struct desk_action){.name = node->key, .attempts = 1, .otherwise = ""};
	if (fields_read(node, action_fields, FIELDS_COUNT(action_fields), action, err) < 0)
		return -1;
	if (action->within_ms && action->answer_ms > action->within_ms)
		return node_error(node_get(node, "answer_within"), err,
				  "longer than within; expected at most as long");
	if ((remind && load_remind(remind, action, err) < 0) ||
	    (escalate && load_escalate(escalate, action, err) < 0) ||
	    load_again(l, node, action, err) < 0)
		return -1;
	if (action->answer_ms && !escalate)
		return node_error(node_get(node, "answer_within"), err,
				  "nobody hears when it is missed; expected escalate as well");
	return otherwise ? load_else(otherwise, action, err) : 0;
}

int policy_load_desk(struct loader *l, const struct node *node, struct err *err)
{
	struct desk *desk = arena_zalloc(l->arena, sizeof(*desk));
	const struct node *teams = node ? node_get(node, "teams") : NULL;
	const struct node *actions = node ? node_get(node, "actions") : NULL;
	const char **names;

	desk->hours = (struct working_hours){
	    .zone = l->policy->shop_zone, .days = (1U << WEEK_DAYS) - 1, .to_min = DAY_MIN};
	l->policy->desk = desk;
	if (!node)
		return 0;
	desk->is_said = true;
	if (fields_read(node, desk_fields, FIELDS_COUNT(desk_fields), desk, err) < 0 ||
	    load_hours(l, node_get(node, "hours"), &desk->hours, err) < 0 ||
	    (teams && load_teams(l, teams, desk, err) < 0))
		return -1;
	if (!actions)
		return 0;
	if (policy_load_names(l, actions, "actions", DESK_ACTIONS_MAX, &names, err) < 0)
		return -1;
	desk->actions = arena_zalloc(l->arena, (actions->count + 1) * sizeof(*desk->actions));
	desk->action_count = actions->count;
	for (const struct node *child = actions->first; child; child = child->next)
		if (load_action(l, child, &desk->actions[child->index], err) < 0)
			return -1;
	return 0;
}

static int load_person_teams(struct loader *l, const struct node *list, struct desk_person *person,
			     struct err *err)
{
	if (node_expect_list(list, err) < 0)
		return -1;
	if (list->count > DESK_PERSON_TEAMS_MAX)
		return node_error(list, err, "%u teams; expected at most %d", list->count,
				  DESK_PERSON_TEAMS_MAX);
	person->teams = arena_zalloc(l->arena, (list->count + 1) * sizeof(*person->teams));
	person->team_count = list->count;
	for (const struct node *node = list->first; node; node = node->next)
		if (value_name(node, &person->teams[node->index], err) < 0)
			return -1;
	return 0;
}

static int load_person(struct loader *l, const struct node *node, struct desk_person *person,
		       struct err *err)
{
	const struct node *mail = node_get(node, "mail"), *teams = node_get(node, "teams");
	const struct node *hours = node_get(node, "hours");
	const char *name;

	*person = (struct desk_person){
	    .id = node->key, .mail = "", .webhook = "", .hours = l->policy->desk->hours};
	if (fields_read(node, person_fields, FIELDS_COUNT(person_fields), person, err) < 0 ||
	    (mail && value_mailbox(mail, l->arena, &name, &person->mail, err) < 0) ||
	    (teams && load_person_teams(l, teams, person, err) < 0))
		return -1;
	return hours ? load_hours(l, hours, &person->hours, err) : 0;
}

int policy_load_people(struct loader *l, const struct node *node, struct err *err)
{
	struct desk *desk;
	const char **names;

	if (!l->policy->desk && policy_load_desk(l, NULL, err) < 0)
		return -1;
	/* The policy's while it is loaded. */
	desk = (struct desk *)(uintptr_t)l->policy->desk;
	if (policy_load_names(l, node, "people", DESK_PEOPLE_MAX, &names, err) < 0)
		return -1;
	desk->people = arena_zalloc(l->arena, (node->count + 1) * sizeof(*desk->people));
	desk->people_count = node->count;
	for (const struct node *child = node->first; child; child = child->next)
		if (load_person(l, child, &desk->people[child->index], err) < 0)
			return -1;
	return 0;
}
