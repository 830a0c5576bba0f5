/* roles.c - see roles.h. */
#include "roles.h"

static const char *const role_texts[CON_ROLE_COUNT] = {[CON_NOBODY] = "nobody",
#define X(name, text) [CON_##name] = text,
						       CON_ROLES(X)
#undef X
};

static const struct {
	const char *text;
	enum con_role least;
} actions[CON_ACTION_COUNT] = {
#define X(name, text, role) [CON_DO_##name] = {text, CON_##role},
    CON_ACTIONS(X)
#undef X
};

enum con_role con_role_of(struct slice text)
{
	for (int role = CON_NOBODY + 1; role < CON_ROLE_COUNT; role++)
		if (slice_is(text, role_texts[role]))
			return (enum con_role)role;
	return CON_NOBODY;
}

const char *con_role_text(enum con_role role)
{
	return role_texts[role];
}

enum con_action con_action_of(const char *text)
{
	for (int action = 0; action < CON_ACTION_COUNT; action++)
		if (strcmp(text, actions[action].text) == 0)
			return (enum con_action)action;
	return CON_ACTION_COUNT;
}

const char *con_action_text(enum con_action action)
{
	return actions[action].text;
}

bool con_action_is_of_item(enum con_action action)
{
	return action == CON_DO_TAG || action == CON_DO_UNTAG || action == CON_DO_ANSWERED ||
	       action == CON_DO_ARCHIVE;
}

bool con_may(enum con_role role, enum con_action action)
{
	return action < CON_ACTION_COUNT && role >= actions[action].least;
}
