/* consent.c - see consent.h. */
#include "consent.h"

#include <string.h>

#include "common/message/event_authority.h"

/* Returns a class that may be dropped to make room for a withdrawal; -1 when there is none. */
static int unknown_yes(const struct seg_profile *profile, const struct policy *policy)
{
	for (unsigned i = profile->consent_count; i-- > 0;)
		if (profile->consents[i].word != SEG_WITHDRAWN &&
		    !policy_knows_consent(policy, profile->consents[i].message_class))
			return (int)i;
	return -1;
}

static unsigned unknown_consents(const struct seg_profile *profile, const struct policy *policy)
{
	unsigned count = 0;

	for (unsigned i = 0; i < profile->consent_count; i++)
		count += !policy_knows_consent(policy, profile->consents[i].message_class);
	return count;
}

/* Makes room for one more; false when the list is full of classes that the policy does not have. */
static bool has_room(struct seg_profile *profile, const struct policy *policy,
		     const char *message_class, enum seg_word word)
{
	int victim;

	if (policy_knows_consent(policy, message_class) ||
	    unknown_consents(profile, policy) < SEG_UNKNOWN_CONSENTS_MAX)
		return true;
	victim = word == SEG_WITHDRAWN ? unknown_yes(profile, policy) : -1;
	if (victim < 0)
		return false;
	seg_list_close(profile->consents, profile->consent_count--, sizeof(*profile->consents),
		       (unsigned)victim);
	return true;
}

static unsigned place_of(const struct seg_profile *profile, const char *name)
{
	unsigned at = 0;

	while (at < profile->consent_count && strcmp(profile->consents[at].message_class, name) < 0)
		at++;
	return at;
}

static bool is_at(const struct seg_profile *profile, unsigned at, const char *name)
{
	return at < profile->consent_count &&
	       strcmp(profile->consents[at].message_class, name) == 0;
}

/* Does the new statement hold against the old one? */
static bool holds(const struct seg_consent *new, const struct seg_consent *old)
{
	if ((new->word == SEG_ECHOED) != (old->word == SEG_ECHOED))
		return old->word == SEG_ECHOED;
	if (new->time_ms != old->time_ms)
		return new->time_ms > old->time_ms;
	return new->word == SEG_WITHDRAWN;
}

void seg_consent_note(struct seg_profile *profile, const struct policy *policy,
		      const char *message_class, enum seg_word word, int64_t time_ms)
{
	struct seg_consent new = {message_class, word, time_ms};
	unsigned at = place_of(profile, message_class);

	if (is_at(profile, at, message_class)) {
		if (holds(&new, &profile->consents[at]))
			profile->consents[at] = new;
		return;
	}
	if (!has_room(profile, policy, message_class, word))
		return;
	at = place_of(profile, message_class);
	profile->consents = seg_list_open(profile->arena, profile->consents, profile->consent_count,
					  &profile->consent_room, sizeof(new), at);
	profile->consents[at] = new;
	profile->consent_count++;
}

void seg_consents_note(struct seg_profile *profile, const struct policy *policy,
		       const Nurture__V1__Event *event)
{
	bool is_proven = event_authority(event) != AUTHORITY_ECHO && event->proof;
	int64_t said_ms = is_proven ? event->proof->at_ms : event->time_ms;

	for (size_t i = 0; i < event->customer->n_consent; i++) {
		const Nurture__V1__Consent *consent = event->customer->consent[i];
		enum seg_word word = !consent->given ? SEG_WITHDRAWN
				     : is_proven     ? SEG_PROVEN
						     : SEG_ECHOED;

		seg_consent_note(profile, policy, consent->message_class, word, said_ms);
	}
}

static const struct seg_consent *find(const struct seg_profile *profile, const char *name)
{
	unsigned at = place_of(profile, name);

	return is_at(profile, at, name) ? &profile->consents[at] : NULL;
}

bool seg_consent_is_said(const struct seg_profile *profile, const char *message_class)
{
	return find(profile, message_class);
}

/* Was the class given by name after all was withdrawn, and is that known? */
static bool is_given_anew(const struct seg_consent *own, const struct seg_consent *all)
{
	return own && own->word == SEG_PROVEN && own->time_ms > all->time_ms;
}

/* The word by which it is decided; NULL: nothing is known. */
static const struct seg_consent *deciding(const struct seg_profile *profile,
					  const char *message_class)
{
	const struct seg_consent *own = find(profile, message_class);
	const struct seg_consent *all = find(profile, "all");

	if (own && own->word == SEG_WITHDRAWN)
		return own;
	if (all && all->word == SEG_WITHDRAWN && !is_given_anew(own, all))
		return all;
	return own ? own : all;
}

enum seg_consent_state seg_consent_of(const struct seg_profile *profile, const char *message_class)
{
	const struct seg_consent *word = deciding(profile, message_class);

	if (!word)
		return SEG_CONSENT_UNKNOWN;
	return word->word == SEG_WITHDRAWN ? SEG_CONSENT_WITHDRAWN : SEG_CONSENT_GIVEN;
}

/*
 * A later no to all is a later no to the class, too, that was withdrawn by name before: to others
 * behind the same inbox it holds against what they said between the two.
 */
int64_t seg_consent_said_ms(const struct seg_profile *profile, const char *message_class)
{
	const struct seg_consent *word = deciding(profile, message_class);
	const struct seg_consent *all = find(profile, "all");
	int64_t time_ms;

	if (!word || word->word == SEG_ECHOED)
		return 0;
	time_ms = word->time_ms;
	if (word->word == SEG_WITHDRAWN && all && all->word == SEG_WITHDRAWN)
		time_ms = seg_max(time_ms, all->time_ms);
	return seg_max(time_ms, 0);
}

/* Notes the withdrawal whatever was said before, and after. */
static void withdraw(struct seg_profile *profile, const struct policy *policy,
		     const char *message_class, int64_t time_ms)
{
	unsigned at = place_of(profile, message_class);

	if (is_at(profile, at, message_class))
		profile->consents[at] = (struct seg_consent){
		    message_class, SEG_WITHDRAWN, seg_max(time_ms, profile->consents[at].time_ms)};
	else
		seg_consent_note(profile, policy, message_class, SEG_WITHDRAWN, time_ms);
}

/* When the newest word was said that speaks of the class. */
static int64_t said_ms(const struct seg_profile *profile, const char *message_class)
{
	const struct seg_consent *own = find(profile, message_class), *all = find(profile, "all");

	return seg_max(own ? own->time_ms : SEG_NEVER, all ? all->time_ms : SEG_NEVER);
}

/* What a class given anew says against a withdrawal of all counts within one profile only. */
static void unite_class(struct seg_profile *profile, const struct seg_profile *before,
			const struct seg_profile *with, const struct policy *policy,
			const char *message_class)
{
	bool withdrawn = seg_consent_of(before, message_class) == SEG_CONSENT_WITHDRAWN ||
			 seg_consent_of(with, message_class) == SEG_CONSENT_WITHDRAWN;

	if (withdrawn && seg_consent_of(profile, message_class) != SEG_CONSENT_WITHDRAWN)
		withdraw(profile, policy, message_class,
			 seg_max(said_ms(before, message_class), said_ms(with, message_class)));
}

/* Of what was said before the merge the stricter word holds. */
static void unite_strictly(struct seg_profile *profile, const struct seg_profile *with,
			   const struct policy *policy)
{
	struct seg_profile before = *profile;
	unsigned count = profile->consent_count;

	before.consents = arena_alloc(profile->arena, (count + 1) * sizeof(*before.consents));
	if (count)
		memcpy(before.consents, profile->consents, count * sizeof(*before.consents));
	for (unsigned i = 0; i < with->consent_count; i++) {
		const struct seg_consent *said = &with->consents[i];

		if (said->word == SEG_WITHDRAWN)
			withdraw(profile, policy, said->message_class, said->time_ms);
		else
			seg_consent_note(profile, policy, said->message_class, said->word,
					 said->time_ms);
	}
	for (unsigned i = 0; i < count; i++)
		if (before.consents[i].word == SEG_WITHDRAWN)
			withdraw(profile, policy, before.consents[i].message_class,
				 before.consents[i].time_ms);
	for (unsigned i = 0; i < policy->class_count; i++)
		unite_class(profile, &before, with, policy, policy->classes[i].name);
}

/* The profile with those words alone that were said after the merge, or with the others. */
static struct seg_profile with_words(const struct seg_profile *profile, int64_t merged_ms,
				     bool are_later)
{
	struct seg_profile ret = *profile;

	ret.consent_count = 0;
	ret.consent_room = profile->consent_count + 1;
	ret.consents = arena_alloc(profile->arena, ret.consent_room * sizeof(*ret.consents));
	for (unsigned i = 0; i < profile->consent_count; i++) {
		const struct seg_consent *said = &profile->consents[i];

		if ((said->word != SEG_ECHOED && said->time_ms > merged_ms) == are_later)
			ret.consents[ret.consent_count++] = *said;
	}
	return ret;
}

static void note_all(struct seg_profile *profile, const struct seg_profile *said,
		     const struct policy *policy)
{
	for (unsigned i = 0; i < said->consent_count; i++)
		seg_consent_note(profile, policy, said->consents[i].message_class,
				 said->consents[i].word, said->consents[i].time_ms);
}

void seg_consents_unite(struct seg_profile *profile, const struct seg_profile *with,
			int64_t merged_ms, const struct policy *policy)
{
	const struct seg_profile own_later = with_words(profile, merged_ms, true);
	const struct seg_profile other_later = with_words(with, merged_ms, true);
	const struct seg_profile other = with_words(with, merged_ms, false);

	*profile = with_words(profile, merged_ms, false);
	unite_strictly(profile, &other, policy);
	note_all(profile, &own_later, policy);
	note_all(profile, &other_later, policy);
}
