/* desk.c - see desk.h. */
#include "desk.h"

#include <string.h>

struct desk_team desk_team(const struct desk *desk, const char *owner)
{
	for (unsigned i = 0; i < desk->team_count; i++)
		if (strcmp(desk->teams[i].name, owner) == 0)
			return desk->teams[i];
	return (struct desk_team){.name = owner, .hours = desk->hours, .lead = ""};
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
