/* desk.c - see desk.h. */
#include "desk.h"

#include <string.h>
#include <strings.h>

struct desk_team desk_team(const struct desk *desk, const char *owner)
{
	for (unsigned i = 0; i < desk->team_count; i++)
		if (strcmp(desk->teams[i].name, owner) == 0)
			return desk->teams[i];
	return (struct desk_team){.name = owner, .hours = desk->hours, .lead = "", .webhook = ""};
}

const struct desk_action *desk_action(const struct desk *desk, const char *name)
{
	static const struct desk_action nothing_said = {.name = "", .attempts = 1, .otherwise = ""};

	for (unsigned i = 0; i < desk->action_count; i++)
		if (strcmp(desk->actions[i].name, name) == 0)
			return &desk->actions[i];
	return &nothing_said;
}

const char *desk_escalation_to(const struct desk_team *team, const struct desk_escalation *step)
{
	return strcmp(step->to, DESK_TO_LEAD) == 0 ? team->lead : step->to;
}

unsigned desk_results(const struct desk_action *action, const char *const **ret)
{
	*ret = action->result_count ? action->results : action->again;
	return action->result_count ? action->result_count : action->again_count;
}

bool desk_is_result(const struct desk_action *action, const char *result)
{
	const char *const *results;
	unsigned count = desk_results(action, &results);

	for (unsigned i = 0; i < count; i++)
		if (strcmp(results[i], result) == 0)
			return true;
	return count == 0;
}

bool desk_is_in_team(const struct desk_person *person, const char *team)
{
	for (unsigned i = 0; i < person->team_count; i++)
		if (strcmp(person->teams[i], team) == 0)
			return true;
	return person->team_count == 0 && strcmp(person->id, team) == 0;
}

bool desk_is_by(const struct desk_person *person, const char *by)
{
	return strcmp(by, person->id) == 0 || (*by && strcasecmp(by, person->mail) == 0);
}

static size_t add_hook(const char *hook, const char **hooks, size_t count)
{
	if (!*hook || count == DESK_HOOKS_MAX)
		return count;
	for (size_t i = 0; i < count; i++)
		if (strcmp(hooks[i], hook) == 0)
			return count;
	hooks[count] = hook;
	return count + 1;
}

size_t desk_hooks_of(const struct desk *desk, const char *team, const char **ret)
{
	size_t count = add_hook(desk_team(desk, team).webhook, ret, 0);

	for (unsigned i = 0; i < desk->people_count; i++)
		if (desk_is_in_team(&desk->people[i], team))
			count = add_hook(desk->people[i].webhook, ret, count);
	return count;
}
