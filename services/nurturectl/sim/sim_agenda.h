/*
 * sim_agenda.h - what is to be looked at when, the earliest first.  Pure.
 *
 * What is due at one instant comes in the order of its rank.  Whoever comes to be due later than
 * noted is taken too early, and noted again; whoever comes to be due earlier is noted once more.
 */
#ifndef NURTURE_NURTURECTL_SIM_SIM_AGENDA_H
#define NURTURE_NURTURECTL_SIM_SIM_AGENDA_H

#include <stddef.h>
#include <stdint.h>

/* Part of what is noted: its first member. */
struct sim_noted {
	int64_t at_ms; /* NEVER_MS: it is not on the agenda */
	size_t rank;
};

struct sim_note {
	int64_t at_ms;
	struct sim_noted *noted;
};

/* Zeroed it is empty. */
struct sim_agenda {
	struct sim_note *notes; /* a heap */
	size_t count, room;
};

/* Looks at it at that time, or before; NEVER_MS: changes nothing. */
void sim_agenda_note(struct sim_agenda *agenda, struct sim_noted *noted, int64_t at_ms);
/* When something is to be looked at next; NEVER_MS: nothing is. */
int64_t sim_agenda_next(const struct sim_agenda *agenda);
/* Takes what comes first of all that is to be looked at up to then; NULL: nothing is. */
struct sim_noted *sim_agenda_take(struct sim_agenda *agenda, int64_t now_ms);
void sim_agenda_clear(struct sim_agenda *agenda);
void sim_agenda_free(struct sim_agenda *agenda);

#endif
