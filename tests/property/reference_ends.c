/* reference_ends.c - section 2, what ends unheard; 3.1 and 3.2, what holds. */
#include <string.h>

#include "reference.h"

static const struct message_class *class_of(const struct ref *ref, const struct ref_candidate *c)
{
	return &ref->policy->classes[c->ask->message_class];
}

bool ref_consents(const struct ref *ref, const struct ref_candidate *c, const struct person *person)
{
	int said = person->consent[c->ask->message_class];

	if (c->ask->channel == CHANNEL_TASK || !class_of(ref, c)->needs_consent)
		return true;
	return (said ? said : person->consent[CASE_CLASSES]) > 0;
}

static int64_t bought_window_ms(const struct policy *policy, const char *category)
{
	for (unsigned i = 0; i < policy->just_bought.category_count; i++)
		if (strcmp(policy->just_bought.categories[i].category, category) == 0)
			return policy->just_bought.categories[i].window_ms;
	return policy->just_bought.default_ms;
}

static bool just_bought(const struct ref *ref, const struct ref_candidate *c, int64_t at_ms)
{
	const char *category = category_name(c->ask->category);
	int64_t bought_ms;

	if (!class_of(ref, c)->skips_just_bought || !category[0] || ref->policy->just_bought.off)
		return false;
	bought_ms = ref->person.bought_ms[c->ask->category];
	return bought_ms && at_ms - bought_ms < bought_window_ms(ref->policy, category);
}

static bool follows_nothing(const struct ref *ref, const struct ref_candidate *c)
{
	return c->ask->follows != NOBODY && ref->candidates[c->ask->follows].state == REF_ENDED;
}

enum status ref_must_end(const struct ref *ref, const struct ref_candidate *c, int64_t at_ms)
{
	if (at_ms >= c->ask->expires_ms)
		return c->last.hold == REF_RULE || c->last.hold == REF_AHEAD ? STATUS_DISPLACED
									     : STATUS_EXPIRED;
	if (ref->person.erased || (ref->erased_ms && c->ask->triggered_ms <= ref->erased_ms))
		return STATUS_ERASED;
	if (ref->person.merged)
		return STATUS_CANCELLED;
	if (c->ask->message_class == CLASS_UNKNOWN)
		return STATUS_CANCELLED;
	if (!ref_consents(ref, c, &ref->person))
		return STATUS_NO_CONSENT;
	if (c->ask->channel == CHANNEL_EMAIL && (!ref->person.has_address || ref->person.bounces))
		return STATUS_UNDELIVERABLE;
	if (just_bought(ref, c, at_ms))
		return STATUS_JUST_BOUGHT;
	if (class_of(ref, c)->needs_consent && c->ask->held_out && !c->ask->always)
		return STATUS_HOLDOUT;
	if (follows_nothing(ref, c))
		return STATUS_CANCELLED;
	return STATUS_DEFERRED;
}

bool ref_holds(const struct ref *ref, const struct ref_candidate *c, int64_t at_ms,
	       struct ref_why *ret)
{
	const struct message_class *message_class = class_of(ref, c);

	bool waits =
	    c->ask->on_open_case ? c->ask->on_open_case == 1 : message_class->holds_on_open_case;

	if (waits && ref->person.has_case) {
		*ret = (struct ref_why){.hold = REF_CASE, .rule = "open_case", .won_by = NOBODY};
		return true;
	}
	if (ref->person.paused_until_ms > at_ms && message_class->needs_consent &&
	    c->ask->channel != CHANNEL_TASK) {
		*ret = (struct ref_why){.hold = REF_PAUSE,
					.rule = "paused",
					.won_by = NOBODY,
					.look_ms = ref->person.paused_until_ms};
		return true;
	}
	return false;
}
