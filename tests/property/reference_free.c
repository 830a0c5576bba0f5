/* reference_free.c - the order of section 1 and all of section 3. */
#include <string.h>

#include "reference.h"

static bool is_higher(const struct ref_candidate *a, const struct ref_candidate *b)
{
	if (a->ask->priority != b->ask->priority)
		return a->ask->priority > b->ask->priority;
	return a->ask->value_e4 > b->ask->value_e4;
}

bool ref_precedes(const struct ref *ref, const struct ref_candidate *a,
		  const struct ref_candidate *b)
{
	if (is_higher(a, b) || is_higher(b, a))
		return is_higher(a, b);
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms;
	return strcmp(request_name(ref->c, a->number), request_name(ref->c, b->number)) < 0;
}

unsigned ref_waiting(struct ref *ref, struct ref_candidate *ret[CASE_EVENTS_MAX])
{
	unsigned count = 0;

	for (int i = 0; i < CASE_EVENTS_MAX; i++) {
		struct ref_candidate *c = &ref->candidates[i];
		unsigned at = count;

		if (c->state != REF_WAITING)
			continue;
		for (; at > 0 && ref_precedes(ref, c, ret[at - 1]); at--)
			ret[at] = ret[at - 1];
		ret[at] = c;
		count++;
	}
	return count;
}

/* The same question with one more entry in the ledger. */
static int64_t first_instant_with(struct ref *ref, const struct ref_candidate *c, int64_t from_ms,
				  const struct ref_candidate *other, int64_t other_ms)
{
	int64_t first_ms;

	ref->entries[ref->entry_count++] = ref_entry_of(other, other_ms, false);
	first_ms = ref_first_instant(ref, c, from_ms);
	ref->entry_count--;
	return first_ms;
}

/* When it will need its allowance; NEVER_MS: it needs nothing. */
static int64_t need_ms(struct ref *ref, const struct ref_candidate *higher, int64_t from_ms)
{
	struct ref_why why;
	int64_t at_ms;

	if (higher->due_ms == NEVER_MS || higher->ask->message_class == CLASS_UNKNOWN ||
	    ref_holds(ref, higher, ref->now_ms, &why))
		return NEVER_MS;
	at_ms = ref_first_instant(ref, higher, from_ms);
	if (at_ms == NEVER_MS || ref_must_end(ref, higher, at_ms) != STATUS_DEFERRED)
		return NEVER_MS;
	return at_ms;
}

static bool is_ahead(struct ref *ref, const struct ref_candidate *c, struct ref_why *ret)
{
	struct ref_candidate *waiting[CASE_EVENTS_MAX];
	unsigned count = ref_waiting(ref, waiting);

	for (unsigned i = 0; i < count; i++) {
		const struct ref_candidate *h = waiting[i];
		int64_t from_ms = h->look_ms > ref->now_ms ? h->look_ms : ref->now_ms, n_ms;

		if (h == c || !is_higher(h, c))
			continue;
		n_ms = need_ms(ref, h, from_ms);
		if (n_ms == NEVER_MS || first_instant_with(ref, h, from_ms, c, ref->now_ms) <= n_ms)
			continue;
		*ret =
		    (struct ref_why){.hold = REF_AHEAD, .rule = "look_ahead", .won_by = h->number};
		ret->eligible_ms = ret->look_ms = first_instant_with(ref, c, n_ms, h, n_ms);
		return true;
	}
	return false;
}

static struct ref_why awaits(enum ref_hold hold, const char *rule)
{
	return (struct ref_why){.hold = hold, .rule = rule, .won_by = NOBODY};
}

bool ref_is_free(struct ref *ref, const struct ref_candidate *c, struct ref_why *ret)
{
	int64_t now_ms = ref->now_ms, from_ms = now_ms;

	*ret = (struct ref_why){.won_by = NOBODY};
	if (ref_holds(ref, c, now_ms, ret)) {
		if (ret->hold == REF_CASE)
			return false;
		from_ms = ret->look_ms;
	} else if (ref_is_ruled_out(ref, c, false, ret)) {
		;
	} else if (ref_is_night(ref, c, now_ms)) {
		*ret = awaits(REF_NIGHT,
			      ref_is_quiet_hour(ref, c, now_ms) ? "quiet_hours" : "quiet_days");
	} else if (ref_outside_window(ref, c, now_ms)) {
		*ret = awaits(REF_WINDOW, "send_at");
	} else {
		return c->ask->exempt || !is_ahead(ref, c, ret);
	}
	ret->eligible_ms = ref_first_instant(ref, c, from_ms);
	if (!ret->look_ms)
		ret->look_ms = ret->eligible_ms;
	return false;
}
