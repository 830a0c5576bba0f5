/* reference_decide.c - section 4: the rounds of one instant, and what is deferred then. */
#include <string.h>

#include "reference.h"

/* What it lost against is what its newest deferral said, whatever counts now. */
static void end_late(struct ref *ref, struct ref_candidate *c, enum status end)
{
	struct ref_why why = c->last;

	why.count = why.limit = why.window_s = 0;
	ref_end(ref, c, end, end == STATUS_DISPLACED ? &why : NULL);
}

/* In order, up to the first that ends or is granted: then it begins again. */
static bool round_of(struct ref *ref)
{
	struct ref_candidate *waiting[CASE_EVENTS_MAX];
	unsigned count = ref_waiting(ref, waiting);
	for (unsigned i = 0; i < count; i++) {
		struct ref_candidate *c = waiting[i];
		enum status end;
		struct ref_why why;

		if (c->state != REF_WAITING || !c->looked)
			continue;
		end = ref_must_end(ref, c, ref->now_ms);
		if (end != STATUS_DEFERRED) {
			end_late(ref, c, end);
			return true;
		}
		if (c->due_ms > ref->now_ms) {
			c->look_ms = c->due_ms;
			continue;
		}
		if (ref_is_free(ref, c, &why)) {
			ref_grant(ref, c);
			return true;
		}
		c->look_ms = why.look_ms ? why.look_ms : NEVER_MS;
	}
	return false;
}

static bool may_lapse_before(const struct ref *ref, int64_t time_ms)
{
	for (unsigned i = 0; i < ref->entry_count; i++)
		if (ref->entries[i].lapses_ms < time_ms)
			return true;
	return false;
}

/*
 * It can no more be granted before it expires.  What the person says can end a
 * case or a pause, and a permit that lapses makes room.
 */
static bool is_hopeless(const struct ref *ref, const struct ref_candidate *c,
			const struct ref_why *why)
{
	bool by_ledger = why->hold == REF_RULE || why->hold == REF_AHEAD;

	return why->hold != REF_CASE && why->hold != REF_PAUSE &&
	       why->eligible_ms >= c->ask->expires_ms &&
	       !(by_ledger && may_lapse_before(ref, c->ask->expires_ms));
}

static bool end_hopeless(struct ref *ref)
{
	struct ref_candidate *waiting[CASE_EVENTS_MAX];
	unsigned count = ref_waiting(ref, waiting);

	for (unsigned i = 0; i < count; i++) {
		struct ref_candidate *c = waiting[i];
		struct ref_why why;

		if (!c->looked || c->due_ms > ref->now_ms)
			continue;
		if (!ref_is_free(ref, c, &why) && is_hopeless(ref, c, &why)) {
			ref_end(ref, c,
				why.hold == REF_RULE || why.hold == REF_AHEAD ? STATUS_DISPLACED
									      : STATUS_EXPIRED,
				&why);
			return true;
		}
	}
	return false;
}

/* A deferral that says what the one before said is not written again. */
static bool says_the_same(const struct ref_why *a, const struct ref_why *b)
{
	return a->hold == b->hold && strcmp(a->rule ? a->rule : "", b->rule) == 0 &&
	       a->eligible_ms == b->eligible_ms && a->won_by == b->won_by;
}

static void defer(struct ref *ref, struct ref_candidate *c)
{
	struct ref_why why;

	if (c->due_ms > ref->now_ms) {
		c->look_ms = c->due_ms;
		return;
	}
	if (ref_is_free(ref, c, &why)) {
		snprintf(ref->facts->trouble, sizeof(ref->facts->trouble),
			 "the reference forgot to grant %s", request_name(ref->c, c->number));
		return;
	}
	c->look_ms = why.look_ms ? why.look_ms : NEVER_MS;
	if (says_the_same(&c->last, &why))
		return;
	c->last = why;
	ref_say(ref, c, STATUS_DEFERRED, &why);
}

void ref_decide(struct ref *ref)
{
	struct ref_candidate *waiting[CASE_EVENTS_MAX];
	unsigned count;

	for (int i = 0; i < CASE_EVENTS_MAX; i++) {
		struct ref_candidate *c = &ref->candidates[i];

		c->looked = c->state == REF_WAITING &&
			    (c->look_ms <= ref->now_ms || c->ask->expires_ms <= ref->now_ms);
	}
	do {
		while (round_of(ref))
			;
	} while (end_hopeless(ref));
	count = ref_waiting(ref, waiting);
	for (unsigned i = 0; i < count; i++)
		if (waiting[i]->looked)
			defer(ref, waiting[i]);
}
