/*
 * roles.h - who of the shop's people may do what.  Pure.
 *
 * A role may do all that those before it may.  Each thing that can be done has one row, and nothing
 * is done without a question to con_may().
 */
#ifndef NURTURE_CONSOLE_WHO_ROLES_H
#define NURTURE_CONSOLE_WHO_ROLES_H

#include <stdbool.h>

#include "common/base/slice.h"

#define CON_ROLES(X)                                                                               \
	X(VIEWER, "viewer")     /* looks */                                                        \
	X(AGENT, "agent")       /* does tasks, speaks with people */                               \
	X(MARKETER, "marketer") /* works with what people say */                                   \
	X(APPROVER, "approver") /* lets words of people out */                                     \
	X(ADMIN, "admin")       /* merges and erases people */
enum con_role {
	CON_NOBODY, /* may do nothing */
#define X(name, text) CON_##name,
	CON_ROLES(X)
#undef X
	    CON_ROLE_COUNT
};

/* X(name, what a form's field "do" says, the least role) */
#define CON_ACTIONS(X)                                                                             \
	X(LOOK, "look", VIEWER)                                                                    \
	X(SEARCH, "search", VIEWER)                                                                \
	X(CLAIM, "claim", AGENT)                                                                   \
	X(SNOOZE, "snooze", AGENT)                                                                 \
	X(DONE, "done", AGENT)                                                                     \
	X(FAILED, "failed", AGENT)                                                                 \
	X(NOTE, "note", AGENT)                                                                     \
	X(FEEDBACK, "feedback", AGENT)                                                             \
	X(ANSWERED, "answered", AGENT)                                                             \
	X(TAG, "tag", MARKETER)                                                                    \
	X(UNTAG, "untag", MARKETER)                                                                \
	X(ARCHIVE, "archive", MARKETER)                                                            \
	X(PAUSE, "pause", AGENT)                                                                   \
	X(RESUME, "resume", AGENT)                                                                 \
	X(MERGE, "merge", ADMIN)                                                                   \
	X(MERGE_YES, "merge-yes", ADMIN)                                                           \
	X(ERASE, "erase", ADMIN)                                                                   \
	X(ERASE_YES, "erase-yes", ADMIN)
enum con_action {
#define X(name, text, role) CON_DO_##name,
	CON_ACTIONS(X)
#undef X
	    CON_ACTION_COUNT
};

/* CON_NOBODY for what is no role. */
enum con_role con_role_of(struct slice text);
const char *con_role_text(enum con_role role);
/* CON_ACTION_COUNT for what is no action. */
enum con_action con_action_of(const char *text);
const char *con_action_text(enum con_action action);
/* One that is done to what somebody said. */
bool con_action_is_of_item(enum con_action action);
bool con_may(enum con_role role, enum con_action action);

#endif
