/* contact.c - see contact.h. */
#include "contact.h"

#include "services/segmenter/profile/bought.h"
#include "services/segmenter/profile/cases.h"
#include "common/base/hash.h"
#include "common/policy/case_name.h"
#include "services/segmenter/profile/consent.h"
#include "services/segmenter/profile/dates.h"
#include "services/segmenter/profile/deliverable.h"
#include "emit.h"
#include "services/segmenter/profile/orders.h"
#include "services/segmenter/profile/person.h"
#include "services/segmenter/profile/send_time.h"

static int64_t longest_just_bought_ms(const struct policy *policy)
{
	const struct just_bought *just_bought = &policy->just_bought;
	int64_t longest_ms = just_bought->default_ms;

	if (just_bought->off)
		return 0;
	for (unsigned i = 0; i < just_bought->category_count; i++)
		longest_ms = seg_max(longest_ms, just_bought->categories[i].window_ms);
	return longest_ms;
}

static void add_bought(const struct seg_decision *decision, Nurture__V1__Contact *contact)
{
	struct arena *arena = decision->step->arena;
	int64_t after_ms = seg_now_ms(decision) - longest_just_bought_ms(decision->policy);
	const struct seg_bought *list;
	unsigned count;

	list = seg_bought_list(decision, &count);
	contact->bought = arena_alloc(arena, count * sizeof(*contact->bought));
	for (unsigned i = 0; i < count; i++) {
		Nurture__V1__Bought *bought;

		if (list[i].time_ms <= after_ms)
			continue;
		bought = arena_alloc(arena, sizeof(*bought));
		nurture__v1__bought__init(bought);
		bought->category = (char *)list[i].category;
		bought->time_ms = list[i].time_ms;
		contact->bought[contact->n_bought++] = bought;
	}
}

static void add_preferences(const struct seg_decision *decision, Nurture__V1__Contact *contact)
{
	const struct seg_preferences *preferences = &decision->profile->preferences;
	struct arena *arena = decision->step->arena;

	contact->paused_until_ms = preferences->paused_until_ms;
	if (preferences->count == 0)
		return;
	contact->allowances = arena_alloc(arena, preferences->count * sizeof(*contact->allowances));
	for (unsigned i = 0; i < preferences->count; i++) {
		Nurture__V1__Allowance *allowance = arena_alloc(arena, sizeof(*allowance));

		nurture__v1__allowance__init(allowance);
		allowance->limit = preferences->allowances[i].limit;
		allowance->window_ms = preferences->allowances[i].days * DAY_MS;
		contact->allowances[contact->n_allowances++] = allowance;
	}
}

/* Adds the case to those that hold, or to those that have ended by themselves. */
static void add_case(const struct seg_decision *decision, int64_t ends_ms, const char *name,
		     Nurture__V1__Contact *contact)
{
	if (ends_ms > seg_now_ms(decision))
		contact->open_cases[contact->n_open_cases++] = (char *)name;
	else if (ends_ms != SEG_NEVER)
		contact->ended_cases[contact->n_ended_cases++] = (char *)name;
}

static void add_cases(const struct seg_decision *decision, Nurture__V1__Contact *contact)
{
	const struct seg_profile *profile = decision->profile;
	size_t most = profile->order_count + profile->case_count;

	contact->open_cases = arena_alloc(profile->arena, most * sizeof(*contact->open_cases));
	contact->ended_cases = arena_alloc(profile->arena, most * sizeof(*contact->ended_cases));
	for (unsigned i = 0; i < profile->order_count; i++)
		if (seg_order_is_late(&profile->orders[i]))
			add_case(decision, seg_late_ends_ms(decision, &profile->orders[i]),
				 case_late_name(profile->orders[i].id, profile->arena), contact);
	for (unsigned i = 0; i < profile->case_count; i++)
		add_case(decision, seg_case_ends_ms(decision, &profile->cases[i]),
			 profile->cases[i].id, contact);
}

static void add_consent(struct arena *arena, const struct seg_profile *profile, const char *name,
			Nurture__V1__Contact *contact)
{
	enum seg_consent_state state = seg_consent_of(profile, name);
	Nurture__V1__ConsentState *consent;

	if (state == SEG_CONSENT_UNKNOWN)
		return;
	consent = arena_alloc(arena, sizeof(*consent));
	nurture__v1__consent_state__init(consent);
	consent->message_class = (char *)name;
	consent->given = state == SEG_CONSENT_GIVEN;
	consent->said_ms = seg_consent_said_ms(profile, name);
	contact->consent[contact->n_consent++] = consent;
}

static void add_consents(const struct seg_decision *decision, Nurture__V1__Contact *contact)
{
	const struct policy *policy = decision->policy;
	struct arena *arena = decision->step->arena;

	if (decision->profile->consent_count == 0)
		return;
	contact->consent =
	    arena_alloc(arena, (policy->class_count + 2) * sizeof(*contact->consent));
	for (unsigned i = 0; i < policy->class_count; i++)
		add_consent(arena, decision->profile, policy->classes[i].name, contact);
	add_consent(arena, decision->profile, "all", contact);
	/* Who wants to hear of everything has not said that we may watch what they open. */
	if (policy->clicks != CLICKS_OFF && seg_consent_is_said(decision->profile, CONSENT_CLICKS))
		add_consent(arena, decision->profile, CONSENT_CLICKS, contact);
}

static void add_segments(const struct seg_decision *decision, Nurture__V1__Contact *contact)
{
	const struct policy *policy = decision->policy;

	contact->segments =
	    arena_alloc(decision->step->arena, policy->segment_count * sizeof(*contact->segments));
	for (unsigned i = 0; i < policy->segment_count; i++)
		if (decision->is_in[i] == SEG_IN)
			contact->segments[contact->n_segments++] = (char *)policy->segments[i].name;
}

struct words {
	uint64_t *items;
	size_t count;
};

static void add_text(struct words *words, const char *text)
{
	words->items[words->count++] = hash64(slice_text(text));
}

static void add_number(struct words *words, uint64_t number)
{
	words->items[words->count++] = number;
}

static void add_texts(struct words *words, char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_text(words, texts[i]);
}

static bool add_attributes(struct words *words, const Nurture__V1__Contact *contact)
{
	char *const texts[] = {contact->email,     contact->name,    contact->locale,
			       contact->time_zone, contact->country, contact->undeliverable};
	bool says = false;

	add_texts(words, texts, sizeof(texts) / sizeof(texts[0]));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		says = says || *texts[i];
	return says;
}

static void add_consent_words(struct words *words, const Nurture__V1__Contact *contact)
{
	add_number(words, contact->n_consent);
	for (size_t i = 0; i < contact->n_consent; i++) {
		add_text(words, contact->consent[i]->message_class);
		add_number(words, contact->consent[i]->given);
		if (contact->consent[i]->said_ms)
			add_number(words, (uint64_t)contact->consent[i]->said_ms);
	}
}

static bool add_history(struct words *words, const Nurture__V1__Contact *contact)
{
	add_number(words, contact->n_bought);
	for (size_t i = 0; i < contact->n_bought; i++) {
		add_text(words, contact->bought[i]->category);
		add_number(words, (uint64_t)contact->bought[i]->time_ms);
	}
	add_number(words, contact->n_open_cases);
	add_texts(words, contact->open_cases, contact->n_open_cases);
	add_texts(words, contact->ended_cases, contact->n_ended_cases);
	add_texts(words, contact->segments, contact->n_segments);
	if (contact->merged)
		add_number(words, contact->merged);
	if (*contact->merged_into) {
		add_text(words, contact->merged_into);
		add_number(words, (uint64_t)contact->merged_ms);
	}
	return contact->n_bought || contact->n_open_cases || contact->n_ended_cases ||
	       contact->n_segments || contact->merged;
}

/*
 * Most policies have neither calls nor letters: a contact without phone and address adds no words.
 */
static bool add_phone_and_address(struct words *words, const Nurture__V1__Contact *contact)
{
	if (!*contact->phone && !*contact->address)
		return false;
	add_text(words, contact->phone);
	add_text(words, contact->address);
	return true;
}

/* Most people never say these: while nothing of them is said, they add no words. */
static bool add_preferences_words(struct words *words, const Nurture__V1__Contact *contact)
{
	if (!contact->best_hour && !contact->paused_until_ms && !contact->n_allowances)
		return false;
	add_number(words, contact->best_hour);
	add_number(words, (uint64_t)contact->paused_until_ms);
	for (size_t i = 0; i < contact->n_allowances; i++) {
		add_number(words, contact->allowances[i]->limit);
		add_number(words, (uint64_t)contact->allowances[i]->window_ms);
	}
	return true;
}

/* A person who was forgotten has no consent anyway: a "no" must not bring anybody back. */
static bool says_of_consent(const struct seg_profile *profile, const Nurture__V1__Contact *contact)
{
	if (profile->erased_ms == SEG_NEVER)
		return contact->n_consent > 0;
	for (size_t i = 0; i < contact->n_consent; i++)
		if (contact->consent[i]->given)
			return true;
	return false;
}

/*
 * Returns 0 for a contact that says nothing, which is also the fingerprint before the first
 * contact. It is not a hash of the packed bytes: packing takes longer than the rest of a step.
 */
static uint64_t fingerprint_of(const struct seg_profile *profile,
			       const Nurture__V1__Contact *contact)
{
	size_t most = 17 + 3 * contact->n_consent + 2 * contact->n_bought + contact->n_open_cases +
		      contact->n_ended_cases + contact->n_segments + 2 * contact->n_allowances;
	struct words words = {.items = arena_alloc(profile->arena, most * sizeof(uint64_t))};
	bool says = add_attributes(&words, contact);

	add_consent_words(&words, contact);
	says = says_of_consent(profile, contact) || says;
	says = add_history(&words, contact) || says;
	says = add_phone_and_address(&words, contact) || says;
	says = add_preferences_words(&words, contact) || says;
	return says ? hash64(slice_of(words.items, words.count * sizeof(uint64_t))) | 1 : 0;
}

void seg_contact_emit(struct seg_decision *decision)
{
	struct seg_profile *profile = decision->profile;
	const struct seg_attribute *attributes = profile->attributes;
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	uint64_t fingerprint;

	contact.email = (char *)seg_address(profile);
	contact.name = (char *)attributes[SEG_NAME].text;
	contact.locale = (char *)attributes[SEG_LOCALE].text;
	contact.time_zone = (char *)seg_zone_name(profile);
	contact.country = (char *)attributes[SEG_COUNTRY].text;
	contact.undeliverable = (char *)seg_undeliverable(profile);
	contact.merged = *profile->merged_into != '\0';
	if (decision->hands_over) {
		contact.merged_into = (char *)profile->merged_into;
		contact.merged_ms = contact.merged ? profile->merged_ms : 0;
	}
	if (decision->policy->has_calls)
		contact.phone = (char *)attributes[SEG_PHONE].text;
	if (decision->policy->has_letters)
		contact.address = (char *)attributes[SEG_ADDRESS].text;
	if (seg_best_hour_matters(decision->policy))
		contact.best_hour = (uint32_t)(1 + seg_best_hour(decision));
	add_consents(decision, &contact);
	add_bought(decision, &contact);
	add_cases(decision, &contact);
	add_segments(decision, &contact);
	add_preferences(decision, &contact);
	fingerprint = fingerprint_of(profile, &contact);
	if (fingerprint == profile->contact_fingerprint)
		return;
	profile->contact_fingerprint = fingerprint;
	seg_emit_contact(decision->step, &contact);
}

void seg_contact_emit_erased(struct step *step, int64_t erased_ms)
{
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;

	contact.erased = true;
	contact.erased_ms = erased_ms;
	seg_emit_contact(step, &contact);
}
