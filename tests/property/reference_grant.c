/* reference_grant.c - section 4: who is granted, who goes as a part, who is answered at once. */
#include <stdio.h>
#include <string.h>

#include "reference.h"

struct fact *ref_say(struct ref *ref, const struct ref_candidate *c, int status,
		     const struct ref_why *why)
{
	struct fact *fact = facts_add(ref->facts);

	*fact = (struct fact){.at_ms = ref->now_ms,
			      .request = c->number,
			      .status = status,
			      .host = NOBODY,
			      .won_by = NOBODY};
	if (!why || !why->rule)
		return fact;
	snprintf(fact->rule, sizeof(fact->rule), "%s", why->rule);
	fact->count = why->count;
	fact->limit = why->limit;
	fact->window_s = why->window_s;
	fact->eligible_ms = why->eligible_ms == NEVER_MS ? 0 : why->eligible_ms;
	fact->won_by = why->won_by < 0 ? NOBODY : why->won_by;
	return fact;
}

static void look_now(struct ref *ref, struct ref_candidate *c)
{
	c->look_ms = ref->now_ms;
	c->looked = true;
}

/* Weighs again, at this instant, what waited for `c` to go out or to end. */
static void wake(struct ref *ref, const struct ref_candidate *c)
{
	for (int i = 0; i < CASE_EVENTS_MAX; i++) {
		struct ref_candidate *other = &ref->candidates[i];

		if (other->state != REF_WAITING)
			continue;
		if (other->last.hold == REF_AHEAD && other->last.won_by == c->number)
			look_now(ref, other);
		if (other->ask->follows != c->number)
			continue;
		if (c->state == REF_ENDED) {
			look_now(ref, other);
			continue;
		}
		other->due_ms = c->granted_ms + other->ask->follow_after_ms;
		if (other->due_ms < other->ask->due_ms)
			other->due_ms = other->ask->due_ms;
		other->look_ms = other->due_ms;
		other->looked |= other->due_ms <= ref->now_ms;
	}
}

static void count_in(struct ref *ref, struct ref_candidate *c, bool merged)
{
	ref->entries[ref->entry_count++] = ref_entry_of(c, ref->now_ms, merged);
	c->state = REF_GRANTED;
	c->granted_ms = ref->now_ms;
}

/* Section 4, "Merging". */
static bool may_be_part(const struct ref *ref, const struct ref_candidate *c,
			const struct ref_candidate *host)
{
	struct ref_why why;

	return c->ask->group == host->ask->group && c->ask->channel == CHANNEL_EMAIL &&
	       c->due_ms <= ref->now_ms && ref_must_end(ref, c, ref->now_ms) == STATUS_DEFERRED &&
	       !ref_holds(ref, c, ref->now_ms, &why) && !ref_outside_window(ref, c, ref->now_ms) &&
	       !ref_is_ruled_out(ref, c, true, &why);
}

static void take_along(struct ref *ref, const struct ref_candidate *host)
{
	struct ref_candidate *waiting[CASE_EVENTS_MAX];
	unsigned count = ref_waiting(ref, waiting);

	for (unsigned i = 0, parts = 0; i < count && parts < 8; i++) {
		if (!may_be_part(ref, waiting[i], host))
			continue;
		parts++;
		count_in(ref, waiting[i], true);
		ref_say(ref, waiting[i], STATUS_DISPATCHED, NULL)->host = host->number;
	}
}

void ref_grant(struct ref *ref, struct ref_candidate *c)
{
	count_in(ref, c, false);
	ref_say(ref, c, c->ask->channel == CHANNEL_TASK ? STATUS_TASK_CREATED : STATUS_DISPATCHED,
		NULL);
	if (c->ask->group && c->ask->channel == CHANNEL_EMAIL)
		take_along(ref, c);
	for (int i = 0; i < CASE_EVENTS_MAX; i++)
		if (ref->candidates[i].state == REF_GRANTED &&
		    ref->candidates[i].granted_ms == ref->now_ms)
			wake(ref, &ref->candidates[i]);
}

void ref_end(struct ref *ref, struct ref_candidate *c, enum status status,
	     const struct ref_why *why)
{
	c->state = REF_ENDED;
	ref_say(ref, c, (int)status, why);
	wake(ref, c);
}

void ref_answer(struct ref *ref, struct ref_candidate *c)
{
	struct ref_why why = {.won_by = NOBODY};

	if (c->due_ms > ref->now_ms || ref_must_end(ref, c, ref->now_ms) != STATUS_DEFERRED ||
	    !ref_is_free(ref, c, &why)) {
		ref_end(ref, c, STATUS_REFUSED, &why);
		return;
	}
	count_in(ref, c, false);
	if (c->ask->reserve_ms)
		ref->entries[ref->entry_count - 1].lapses_ms = ref->now_ms + c->ask->reserve_ms;
	ref_say(ref, c, STATUS_PERMITTED, NULL);
	wake(ref, c);
}

void ref_room_came(struct ref *ref)
{
	for (int i = 0; i < CASE_EVENTS_MAX; i++)
		if (ref->candidates[i].state == REF_WAITING &&
		    (ref->candidates[i].last.hold == REF_RULE ||
		     ref->candidates[i].last.hold == REF_AHEAD))
			ref->candidates[i].look_ms = ref->now_ms;
}

void ref_release(struct ref *ref, int number)
{
	for (unsigned i = 0; i < ref->entry_count; i++) {
		if (ref->entries[i].number != number || ref->entries[i].channel != CHANNEL_EXTERNAL)
			continue;
		ref->entry_count--;
		memmove(&ref->entries[i], &ref->entries[i + 1],
			(ref->entry_count - i) * sizeof(*ref->entries));
		ref_say(ref, &ref->candidates[number], STATUS_RELEASED, NULL);
		ref_room_came(ref);
		return;
	}
}

void ref_lapse(struct ref *ref)
{
	for (unsigned i = 0; i < ref->entry_count; i++)
		if (ref->entries[i].lapses_ms <= ref->now_ms)
			ref_release(ref, ref->entries[i--].number);
}
