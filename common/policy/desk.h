/*
 * desk.h - the policy's `desk:`: who does the tasks, when they work, and by when each must be done.
 *
 * A duration here is working time of the team that owns the task, unless its name says otherwise;
 * working_hours.h counts it.  All texts are the policy's.
 */
#ifndef NURTURE_POLICY_DESK_H
#define NURTURE_POLICY_DESK_H

#include "policy.h"
#include "working_hours.h"

enum {
	DESK_TEAMS_MAX = 256,
	DESK_ACTIONS_MAX = 256,
	DESK_STEPS_MAX = 8, /* reminders, and escalations, of one action */
	DESK_ATTEMPTS_MAX = 20,
	DESK_RESULTS_MAX = 32,   /* of `results`, and of `again` */
	DESK_MINUTES_MAX = 2400, /* of one task: forty hours */
	DESK_PEOPLE_MAX = 1024,
	DESK_PERSON_TEAMS_MAX = 32,
	DESK_HOOKS_MAX = 32, /* that hear of one notice */
};

/* How long the task of a low score lives. */
#define LOW_TASK_EXPIRES_MS (14 * DAY_MS)

/* `to` of an escalation that goes to the lead of the task's own team. */
#define DESK_TO_LEAD "lead"

struct desk_team {
	const char *name; /* as `owner` of programmes says it */
	struct working_hours hours;
	const char *lead;    /* "": none */
	const char *webhook; /* where its notices go, by the name of its address; "": nowhere */
};

/* Somebody of a team, as `people` has them. */
struct desk_person {
	const char *id;
	const char *mail; /* ""; where the morning's list goes */
	const char *webhook;
	const char **teams; /* none: the one that is called as the person is */
	unsigned team_count;
	struct working_hours hours;
};

struct desk_escalation {
	int64_t after_ms; /* after the time that was missed */
	const char *to;   /* DESK_TO_LEAD or a team */
};

struct desk_action {
	const char *name;
	unsigned minutes;                  /* one takes whoever does it so long; 0: nobody says */
	int64_t answer_ms;                 /* somebody takes it up within; 0: nobody asks */
	int64_t within_ms;                 /* it is over within; 0: until it expires */
	int64_t remind_ms[DESK_STEPS_MAX]; /* before it is due, the longest first */
	unsigned remind_count;
	struct desk_escalation escalate[DESK_STEPS_MAX]; /* the soonest first */
	unsigned escalate_count;
	unsigned attempts;  /* so many failures are its end; default 1 */
	int64_t again_ms;   /* after a failure that is not the last */
	const char **again; /* results that are tried again; none: every one is */
	unsigned again_count;
	const char **results; /* all that may come of it, `again` among them; none: nobody says */
	unsigned result_count;
	const char *otherwise; /* the event that is told when all attempts have failed; "" */
};

/* Of a file without `desk:` it is all there, with a team's work at any hour and no action. */
struct desk {
	bool is_said;               /* the file has a `desk:` */
	struct working_hours hours; /* of teams that say nothing of their own */
	struct desk_team *teams;
	unsigned team_count;
	struct desk_action *actions;
	unsigned action_count;
	struct desk_person *people;
	unsigned people_count;
};

/* The team of that name; one with the desk's hours and no lead when the file does not name it. */
struct desk_team desk_team(const struct desk *desk, const char *owner);
/* What is said of the action; one attempt, no time but the task's own, when nothing is. */
const struct desk_action *desk_action(const struct desk *desk, const char *name);
/* Who hears an escalation of a team's task; "" when the team has no lead. */
const char *desk_escalation_to(const struct desk_team *team, const struct desk_escalation *step);
/* What may come of a task of that action, for people to choose from; 0: whatever they write. */
unsigned desk_results(const struct desk_action *action, const char *const **ret);
/* Is it one of these, or may it be anything? */
bool desk_is_result(const struct desk_action *action, const char *result);
bool desk_is_in_team(const struct desk_person *person, const char *team);
/* Is it this person who said so?  The console says the address, others what the policy says. */
bool desk_is_by(const struct desk_person *person, const char *by);
/*
 * The webhooks at which a notice to the team is told: its own, and those of its people, each once.
 * ret has room for DESK_HOOKS_MAX, and gets no more.
 */
size_t desk_hooks_of(const struct desk *desk, const char *team, const char **ret);

#endif
