/* decision.h - what the parts of one decision share. */
#ifndef NURTURE_DESK_DECISION_H
#define NURTURE_DESK_DECISION_H

#include "book.h"
#include "common/policy/desk.h"
#include "common/stream/step.h"

struct dsk_decision {
	struct step *step;
	const struct desk *desk;
	const char *console_url; /* step.h; "": none */
	bool is_wall;            /* step.h */
	struct dsk_book book;
};

/* What the policy says of a task: its action, and the team that owns it. */
struct dsk_rules {
	const struct desk_action *action;
	struct desk_team team;
};

static inline struct dsk_rules dsk_rules_of(const struct dsk_decision *decision,
					    const Nurture__V1__DeskTask *task)
{
	return (struct dsk_rules){desk_action(decision->desk, task->action),
				  desk_team(decision->desk, task->owner)};
}

#endif
