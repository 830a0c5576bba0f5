/*
 * check_desk.c - what of `desk:` can never be met: a task that expires before it is due, an
 * escalation that reaches nobody, a name that is nobody's.  See check.h.
 */
#include "check.h"

#include <string.h>

#include "common/policy/desk.h"
#include "common/policy/event_type.h"
#include "common/policy/file/value.h"

enum { OWNERS_MAX = DESK_TEAMS_MAX + POLICY_PROGRAMMES_MAX + 1 };

/* A kind of task that this file gives to people. */
struct given {
	const char *action, *owner;
	int64_t expires_ms;
	const struct node *node;
};

/* The tasks of feedback stand behind those of all programmes. */
static bool given_at(const struct loader *l, unsigned sender, unsigned action, struct given *ret)
{
	const struct policy *policy = l->policy;
	const struct feedback *feedback = &policy->feedback;
	struct sender from = sender_at(l, sender);

	if (!from.programme) {
		*ret = (struct given){feedback->low_task, feedback->owner, LOW_TASK_EXPIRES_MS,
				      from.node};
		return action == 0;
	}
	if (action >= from.programme->action_count)
		return false;
	*ret = (struct given){from.programme->actions[action].name, from.programme->owner,
			      from.programme->expires_ms, from.node};
	return true;
}

typedef int (*given_check)(struct loader *l, const struct given *given, struct err *err);

static int each_given(struct loader *l, given_check check, struct err *err)
{
	for (unsigned i = 0; i < sender_count(l->policy); i++) {
		struct sender sender = sender_at(l, i);
		struct given given;

		for (unsigned k = 0; given_at(l, i, k, &given); k++) {
			if (sender.programme &&
			    sender.programme->actions[k].channel != CHANNEL_TASK)
				continue;
			if (check(l, &given, err) < 0)
				return -1;
		}
	}
	return 0;
}

static const struct node *action_node(const struct loader *l, const struct desk_action *action)
{
	const struct node *actions = node_get(node_get(l->root, "desk"), "actions");

	return node_get(actions, action->name);
}

/* Refuses an escalation to the lead of a team that has none. */
static int check_lead(struct loader *l, const struct given *given, struct err *err)
{
	const struct desk *desk = l->policy->desk;
	const struct desk_action *action = desk_action(desk, given->action);
	struct desk_team team = desk_team(desk, given->owner);

	for (unsigned i = 0; i < action->escalate_count; i++) {
		if (*desk_escalation_to(&team, &action->escalate[i]))
			continue;
		return node_error(node_get(action_node(l, action), "escalate"), err,
				  "goes to the lead, and %s, whose task it is, has none; expected "
				  "desk.teams.%s.lead",
				  given->owner, given->owner);
	}
	return 0;
}

/* A Monday; what is asked of a week is the same in any. */
static const struct civil_date some_monday = {2026, 1, 5};

/*
 * Refuses a task that expires before it is due whenever it is given; warns when it does so only at
 * some hours of the week, which are those that nobody remembers.
 */
static int check_expiry(struct loader *l, const struct given *given, struct err *err)
{
	const struct desk_action *action = desk_action(l->policy->desk, given->action);
	struct desk_team team = desk_team(l->policy->desk, given->owner);
	int64_t monday_ms, work_ms = action->within_ms ? action->within_ms : 1;
	int late = 0, hours = (int)(WEEK_MS / HOUR_MS);

	team.hours.days_off_count = 0;
	monday_ms = zone_instant(team.hours.zone, some_monday, 0);
	for (int hour = 0; hour < hours; hour++) {
		int64_t at_ms = monday_ms + hour * HOUR_MS;

		late += working_add(&team.hours, at_ms, work_ms) > at_ms + given->expires_ms;
	}
	if (late == hours && action->within_ms)
		return node_error(node_get(action_node(l, action), "within"), err,
				  "%s of %s expires before that, whenever it is given; expected a "
				  "shorter time, or a task that lives longer",
				  given->action, given->owner);
	if (late)
		policy_warn(l, given->node,
			    "the task %s expires before %s when it is given at %d of the week's "
			    "%d hours",
			    given->action,
			    action->within_ms ? "it is due" : "anybody of its team works", late,
			    hours);
	return 0;
}

/* The names of teams: those of desk.teams, and all who own a task. */
static unsigned owners_of(const struct loader *l, const char **ret)
{
	const struct policy *policy = l->policy;
	unsigned count = 0;

	for (unsigned i = 0; i < policy->desk->team_count; i++)
		ret[count++] = policy->desk->teams[i].name;
	for (unsigned i = 0; i < policy->programme_count; i++)
		ret[count++] = policy->programmes[i].owner;
	if (!policy->feedback.off)
		ret[count++] = policy->feedback.owner;
	return count;
}

static int check_name(const struct loader *l, const struct node *node, struct err *err)
{
	const char *names[OWNERS_MAX];
	unsigned count = owners_of(l, names), index;

	return value_one_of(node, "team", names, count, &index, err);
}

static bool goes_to_lead(const struct node *step)
{
	return strcmp(node_get(step, "to")->text, DESK_TO_LEAD) == 0;
}

/* Refuses leads, and aims of escalations, that are nobody's name. */
static int check_names(const struct loader *l, struct err *err)
{
	const struct node *desk = node_get(l->root, "desk");
	const struct node *teams = node_get(desk, "teams"), *actions = node_get(desk, "actions");

	for (const struct node *team = teams ? teams->first : NULL; team; team = team->next) {
		const struct node *lead = node_get(team, "lead");

		if (lead && check_name(l, lead, err) < 0)
			return -1;
	}
	for (const struct node *node = actions ? actions->first : NULL; node; node = node->next) {
		const struct node *list = node_get(node, "escalate");

		for (const struct node *step = list ? list->first : NULL; step; step = step->next)
			if (!goes_to_lead(step) && check_name(l, node_get(step, "to"), err) < 0)
				return -1;
	}
	return 0;
}

/* Refuses people of teams that own nothing. */
static int check_people(const struct loader *l, struct err *err)
{
	const struct node *people = node_get(l->root, "people");

	for (const struct node *person = people ? people->first : NULL; person;
	     person = person->next) {
		const struct node *teams = node_get(person, "teams");

		for (const struct node *team = teams ? teams->first : NULL; team; team = team->next)
			if (check_name(l, team, err) < 0)
				return -1;
	}
	return 0;
}

static bool has_programme_on(const struct policy *policy, const char *event)
{
	for (unsigned i = 0; i < policy->programme_count; i++) {
		const struct trigger *trigger = &policy->programmes[i].trigger;

		if (trigger->kind == TRIGGER_EVENT && strcmp(trigger->event, event) == 0)
			return true;
	}
	return false;
}

static bool is_given(struct loader *l, const char *name)
{
	struct given given;

	for (unsigned i = 0; i < sender_count(l->policy); i++)
		for (unsigned k = 0; given_at(l, i, k, &given); k++)
			if (strcmp(given.action, name) == 0)
				return true;
	return false;
}

/* Refuses what is said of a task that nobody is given, and a second way that leads nowhere. */
static int check_actions(struct loader *l, struct err *err)
{
	const struct desk *desk = l->policy->desk;

	for (unsigned i = 0; i < desk->action_count; i++) {
		const struct desk_action *action = &desk->actions[i];
		const struct node *node = action_node(l, action);
		const struct node *otherwise = node_get(node, "else");

		if (!is_given(l, action->name))
			return node_key_error(node, err, "no programme gives the task %s",
					      action->name);
		if (!otherwise)
			continue;
		otherwise = node_get(otherwise, "event");
		if (event_type_of(action->otherwise) != EVENT_OTHER)
			return node_error(otherwise, err,
					  "%s means something else already; expected a name of "
					  "your own, such as call.unanswered",
					  action->otherwise);
		if (!has_programme_on(l->policy, action->otherwise))
			return node_error(otherwise, err,
					  "no programme is on %s; expected one that says what "
					  "happens then",
					  action->otherwise);
	}
	return 0;
}

int check_desk(struct loader *l, struct err *err)
{
	if (check_people(l, err) < 0)
		return -1;
	if (!l->policy->desk->is_said)
		return 0;
	if (check_actions(l, err) < 0 || check_names(l, err) < 0 ||
	    each_given(l, check_lead, err) < 0)
		return -1;
	return each_given(l, check_expiry, err);
}
