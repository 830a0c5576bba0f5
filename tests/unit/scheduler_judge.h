/*
 * scheduler_judge.h - every output of the arbiter, held against the oracle.
 */
#ifndef NURTURE_TESTS_SCHEDULER_JUDGE_H
#define NURTURE_TESTS_SCHEDULER_JUDGE_H

#include "scheduler_oracle.h"

static struct books books;
static struct {
	unsigned grants, deferred, ahead, displaced, repeats, quiet;
} seen;

#define WRONG(...)                                                                                 \
	do {                                                                                       \
		if (!books.why[0])                                                                 \
			snprintf(books.why, sizeof(books.why), __VA_ARGS__);                       \
	} while (0)

static struct asked *find_asked(const char *id)
{
	for (unsigned i = 0; i < EVENTS_MAX; i++)
		if (books.asked[i].request && !strcmp(books.asked[i].request->id, id))
			return &books.asked[i];
	return NULL;
}

static void check_grant(struct asked *a, int64_t now_ms)
{
	struct entry e = entry_of(a->request, now_ms, (unsigned)(a - books.asked));
	const char *id = a->request->id, *end = ending(&books, a, now_ms);

	if (end)
		WRONG("%s was granted, but must end: %s", id, end);
	if (now_ms < due_of(&books, a))
		WRONG("%s was granted before it was due", id);
	if (is_held_up(&books, a))
		WRONG("%s was granted with an open case", id);
	if (!caps_have_room(&books, &e, now_ms))
		WRONG("%s was granted over a cap", id);
	if (night_left_ms(&books, &e, now_ms))
		WRONG("%s was granted at night", id);
	for (unsigned i = 0; i < EVENTS_MAX && !a->request->exempt; i++) {
		struct asked *higher = &books.asked[i];
		struct entry its = {.at_ms = 0};
		int64_t at_ms;

		if (higher->fate != WAITING || higher->is_stale ||
		    !is_higher(higher->request, a->request))
			continue;
		at_ms = need_ms(&books, higher, now_ms);
		its = entry_of(higher->request, 0, 0);
		/* One that is free now waits for a still higher one itself. */
		if (at_ms == NEVER_MS || first_ms(&books, &its, now_ms) <= now_ms)
			continue;
		if (puts_off(&books, e, now_ms, higher, at_ms))
			WRONG("%s took the allowance of %s", id, higher->request->id);
	}
	books.entries[books.count++] = e;
	a->fate = GRANTED;
	a->granted_ms = now_ms;
	a->terminals++;
	seen.grants++;
}

static void check_look_ahead(const struct asked *a, int64_t now_ms, const Nurture__V1__Reason *why)
{
	struct entry e = entry_of(a->request, now_ms, 0), its;
	struct asked *higher = find_asked(why->won_by);
	int64_t at_ms, until_ms;

	seen.ahead++;
	if (!higher || higher->fate != WAITING || !is_higher(higher->request, a->request)) {
		WRONG("%s looks ahead to nobody", a->request->id);
		return;
	}
	if (channel_bit(a->request->channel) == 1 << CHANNEL_EXTERNAL)
		return; /* asked between two decisions */
	/* Its next look is not known: it may be told in this very instant, behind the ends. */
	if (higher->is_stale || why->eligible_at_ms >= a->request->expires_ms)
		return;
	at_ms = need_ms(&books, higher, now_ms);
	if (at_ms == NEVER_MS || !puts_off(&books, e, now_ms, higher, at_ms)) {
		WRONG("%s looks ahead to %s, which needs nothing", a->request->id, why->won_by);
		return;
	}
	its = entry_of(higher->request, at_ms, 0);
	books.entries[books.count++] = its;
	until_ms = first_ms(&books, &e, at_ms);
	books.count--;
	if (until_ms != (why->eligible_at_ms ? why->eligible_at_ms : NEVER_MS))
		WRONG("%s looks ahead to another instant", a->request->id);
}

/* One that was put off, or ended for want of room: until when exactly? */
static void check_reason(const struct asked *a, int64_t now_ms, const Nurture__V1__Reason *why)
{
	struct entry e = entry_of(a->request, now_ms, 0);
	int64_t until_ms = why->eligible_at_ms ? why->eligible_at_ms : NEVER_MS;

	if (strcmp(why->rule, "open_case") == 0) {
		if (!is_held_up(&books, a))
			WRONG("%s is held by no case", a->request->id);
		return;
	}
	if (strcmp(why->rule, "look_ahead") == 0) {
		check_look_ahead(a, now_ms, why);
		return;
	}
	seen.quiet += !strcmp(why->rule, "quiet_hours");
	if (first_ms(&books, &e, now_ms) != until_ms)
		WRONG("%s: expected until %lld, found %lld", a->request->id,
		      (long long)first_ms(&books, &e, now_ms), (long long)until_ms);
	if (until_ms <= now_ms)
		WRONG("%s was free", a->request->id);
	if (why->won_by[0] && strcmp(why->rule, "quiet_hours") == 0)
		WRONG("%s: nobody wins against the night", a->request->id);
}

/* The oracle has heard of the release already. */
static void check_released(const struct asked *a, const char *request)
{
	if (!a || a->fate != GRANTED || strcmp(a->request->channel, "external") != 0) {
		WRONG("%s was released, but it is no permit", request);
		return;
	}
	for (unsigned i = 0; i < books.count; i++)
		if (books.entries[i].number == (unsigned)(a - books.asked) &&
		    !books.entries[i].gone)
			WRONG("%s was released, but nobody gave it back", request);
}

static void check_outcome(const Nurture__V1__Outcome *outcome, int64_t now_ms)
{
	struct asked *a = find_asked(outcome->request);
	const char *end;

	if (strcmp(outcome->status, "released") == 0) {
		check_released(a, outcome->request);
		return;
	}
	if (!a || a->fate != WAITING) {
		WRONG("%s: %s, but it is not waiting", outcome->request, outcome->status);
		return;
	}
	end = ending(&books, a, now_ms);
	if (strcmp(outcome->status, "deferred") == 0) {
		if (end)
			WRONG("%s was deferred, but must end: %s", outcome->request, end);
		check_reason(a, now_ms, outcome->reason);
		a->last_eligible_ms = outcome->reason->eligible_at_ms;
		a->is_stale = false;
		seen.deferred++;
		return;
	}
	if (strcmp(outcome->status, "task_created") == 0 || !strcmp(outcome->status, "permitted")) {
		check_grant(a, now_ms);
		return;
	}
	if (strcmp(outcome->status, "displaced") == 0 && now_ms < a->request->expires_ms) {
		check_reason(a, now_ms, outcome->reason);
		seen.displaced++;
		if (outcome->reason->eligible_at_ms &&
		    outcome->reason->eligible_at_ms < a->request->expires_ms)
			WRONG("%s was displaced too early", outcome->request);
	} else if (strcmp(outcome->status, "refused") == 0) {
		if (outcome->reason->window_s || !strcmp(outcome->reason->rule, "quiet_hours"))
			check_reason(a, now_ms, outcome->reason);
	} else if (strcmp(outcome->status, "cancelled") != 0 &&
		   !(end && (!strcmp(end, outcome->status) || !strcmp(end, "expired")))) {
		/* The night may outlast it. */
		if (!outcome->reason || strcmp(outcome->reason->rule, "quiet_hours") != 0)
			WRONG("%s: %s, expected %s", outcome->request, outcome->status,
			      end ? end : "something else");
	}
	a->fate = ENDED;
	a->terminals++;
}

static void check_outputs(struct driver *d, size_t from)
{
	for (; from < d->output_count; from++) {
		const struct output *o = &d->outputs[from];

		if (o->outcome)
			check_outcome(o->outcome, o->at_ms);
		else if (o->dispatch &&
			 o->dispatch->body_case == NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH)
			check_grant(find_asked(o->dispatch->dispatch->request->id), o->at_ms);
	}
}

#endif
