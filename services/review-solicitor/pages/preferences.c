/* preferences.c - see preferences.h; what a page showed is in signed_form.c. */
#include "preferences.h"

#include <stdio.h>

#include "common/mail/address.h"

static const char *const actions[] = {
#define X(name, text) [SOL_ACTION_##name] = text,
    SOL_ACTIONS(X)
#undef X
};

static int read_action(const char *text, enum sol_action *ret, struct err *err)
{
	for (unsigned i = 0; i < SOL_ACTION_COUNT; i++)
		if (strcmp(text, actions[i]) == 0) {
			*ret = (enum sol_action)i;
			return 0;
		}
	return err_set(err, "form: do: expected save, pause or another of the page's");
}

/* One field of this name for each box that is ticked. */
static int read_agreed(const struct policy *policy, const struct form_fields *fields,
		       struct sol_preferences_form *ret, struct err *err)
{
	for (size_t i = 0; i < fields->count; i++) {
		int found;

		if (!slice_equal(fields->items[i].name, slice_text("class")))
			continue;
		if (policy->clicks != CLICKS_OFF &&
		    slice_is(fields->items[i].value, CONSENT_CLICKS)) {
			ret->clicks = true;
			continue;
		}
		found = policy_class(policy, fields->items[i].value);
		if (found < 0 || !policy->classes[found].needs_consent)
			return err_set(err, "form: class: not one that can be chosen");
		ret->agreed |= UINT64_C(1) << found;
	}
	return 0;
}

static const struct sol_often all_often[SOL_OFTEN_MAX] = {
    {{1, 7}, SOL_SAY_OFTEN_WEEK},
    {{2, 30}, SOL_SAY_OFTEN_MONTH_2},
    {{1, 30}, SOL_SAY_OFTEN_MONTH},
    {{1, 91}, SOL_SAY_OFTEN_QUARTER},
};

const char *sol_own_text(const struct sol_own *own, char ret[SOL_OWN_TEXT_BYTES])
{
	snprintf(ret, SOL_OWN_TEXT_BYTES, "%u/%u", own->limit, own->days);
	return ret;
}

/* "keep", "none", or "1/7" of those that are offered. */
static int read_often(const char *text, struct sol_preferences_form *ret, struct err *err)
{
	char offered[SOL_OWN_TEXT_BYTES];

	ret->keeps_own = !text[0] || strcmp(text, "keep") == 0;
	if (ret->keeps_own || strcmp(text, "none") == 0)
		return 0;
	for (unsigned i = 0; i < SOL_OFTEN_MAX; i++) {
		ret->own = all_often[i].own;
		if (strcmp(text, sol_own_text(&ret->own, offered)) == 0)
			return 0;
	}
	return err_set(err, "form: often: not one that can be chosen");
}

int sol_preferences_form_read(const struct policy *policy, const struct words *words,
			      const struct form_fields *fields, struct sol_preferences_form *ret,
			      struct err *err)
{
	struct sol_preferences_form form = {0};
	const char *action, *often;
	unsigned language;

	if (form_field_once(fields, "do", &action, err) < 0 ||
	    form_field_once(fields, "shown", &form.signed_state, err) < 0 ||
	    form_field_once(fields, "often", &often, err) < 0 ||
	    form_field_once(fields, "language", &form.locale, err) < 0 ||
	    form_field_once(fields, "address", &form.address, err) < 0 ||
	    read_action(action, &form.action, err) < 0 ||
	    read_agreed(policy, fields, &form, err) < 0 || read_often(often, &form, err) < 0)
		return -1;
	if (form.locale[0] && !words_find(words, slice_text(form.locale), &language))
		return err_set(err, "form: language: not one that can be chosen");
	*ret = form;
	return 0;
}

/* For a person who has "de-AT", choosing "de" changes nothing. */
static bool is_same_language(const struct words *words, const char *a, const char *b)
{
	unsigned of_a, of_b;

	return words_find(words, slice_text(a), &of_a) && words_find(words, slice_text(b), &of_b) &&
	       of_a == of_b;
}

static void save(const struct words *words, const struct sol_form_state *state,
		 const struct sol_preferences_form *form, struct sol_preferences *preferences)
{
	uint64_t changed = state->preferences.agreed ^ form->agreed;

	preferences->agreed = (preferences->agreed & ~changed) | (form->agreed & changed);
	if (form->clicks != state->preferences.clicks)
		preferences->clicks = form->clicks;
	if (!form->keeps_own) {
		preferences->own_count = form->own.limit != 0;
		preferences->own[0] = form->own;
	}
	if (form->locale[0] && !is_same_language(words, form->locale, state->preferences.locale))
		preferences->locale = form->locale;
}

const struct sol_preferences *sol_preferences_before(const struct sol_form_state *state,
						     const struct sol_preferences *now,
						     int64_t now_ms)
{
	return now_ms - state->at_ms < SOL_ROUND_TRIP_MS ? &state->preferences : now;
}

struct sol_preferences sol_preferences_after(const struct words *words,
					     const struct sol_preferences *before,
					     const struct sol_form_state *state,
					     const struct sol_preferences_form *form,
					     int64_t now_ms)
{
	struct sol_preferences preferences = *before;

	switch (form->action) {
	case SOL_ACTION_SAVE:
		save(words, state, form, &preferences);
		break;
	case SOL_ACTION_PAUSE:
		/* A pause ends with a day, so that a second click on the button says the same. */
		preferences.paused_until_ms = (now_ms / DAY_MS + SOL_PAUSE_DAYS + 1) * DAY_MS;
		break;
	case SOL_ACTION_RESUME:
		preferences.paused_until_ms = 0;
		break;
	case SOL_ACTION_NOTHING:
		preferences.agreed = 0;
		break;
	case SOL_ACTION_FORGET:
	case SOL_ACTION_FORGET_YES:
	case SOL_ACTION_COUNT:
		break;
	}
	return preferences;
}

/* Does the cap keep everybody's mails of all classes to at most so many in so long? */
static bool allows_at_most(const struct policy *policy, const struct cap *cap,
			   const struct sol_own *own)
{
	int64_t window_ms = own->days * DAY_MS;
	int64_t times = (window_ms + cap->window_ms - 1) / cap->window_ms;

	if (cap->programme[0] || cap->category[0] || !(cap->channels & 1u << CHANNEL_EMAIL))
		return false;
	for (unsigned i = 0; i < policy->class_count; i++)
		if (policy->classes[i].needs_consent && !(cap->classes >> i & 1))
			return false;
	return cap->limit < INT64_MAX / times && cap->limit * times <= own->limit;
}

unsigned sol_often_choices(const struct policy *policy, struct sol_often ret[SOL_OFTEN_MAX])
{
	unsigned count = 0;

	for (unsigned i = 0; i < SOL_OFTEN_MAX; i++) {
		bool is_less = true;

		for (unsigned k = 0; k < policy->cap_count; k++)
			is_less =
			    is_less && !allows_at_most(policy, &policy->caps[k], &all_often[i].own);
		if (is_less)
			ret[count++] = all_often[i];
	}
	return count;
}

bool sol_address_equal(const char *a, const char *b)
{
	struct slice first = slice_trim(slice_text(a), " \t\r\n");
	struct slice second = slice_trim(slice_text(b), " \t\r\n");

	return first.len && address_equal(first, second);
}
