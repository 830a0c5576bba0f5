/*
 * preferences.h - what a person prefers once the form of their page has come back.
 * Pure; the time and the key are arguments.
 *
 * A form brings back what its page had shown, signed for this person: the signed
 * form state.  So a form changes only what was changed on its page, whatever was
 * chosen elsewhere meanwhile, and nobody can send a form that we did not show.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_PREFERENCES_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_PREFERENCES_H

#include "common/token/token_keys.h"
#include "common/web/form_fields.h"
#include "person.h"
#include "strings.h"

enum {
	SOL_PREFERENCES_FORM_MAX_BYTES = 64 * 1024,
	SOL_PAUSE_DAYS = 30,
	SOL_FORM_STATE_MAX_BYTES = 8 * 1024, /* 64 classes of 64 letters, and the rest */
};
/* A form of an older page changes nothing: its sender is shown the page of today. */
#define SOL_FORM_STATE_LIFE_MS DAY_MS
/* After so long the person's state, as we read it, knows what a form said. */
#define SOL_ROUND_TRIP_MS MINUTE_MS

/* What a page showed, and when; without can_show the preferences are those of nobody. */
struct sol_form_state {
	int64_t at_ms;
	bool can_show;
	struct sol_preferences preferences;
};

/* The value of the form's field "shown"; the arena's. */
const char *sol_form_state_sign(const struct policy *policy, const char *customer, struct slice key,
				const struct sol_form_state *state, struct arena *arena);
/* Refuses what was not signed for this customer with one of the keys; *ret is the arena's. */
int sol_form_state_open(const struct policy *policy, const char *customer,
			const struct token_keys *keys, struct slice text, struct arena *arena,
			struct sol_form_state *ret, struct err *err);

#define SOL_ACTIONS(X)                                                                             \
	X(SAVE, "save")                                                                            \
	X(PAUSE, "pause")                                                                          \
	X(RESUME, "resume")                                                                        \
	X(NOTHING, "nothing")       /* hear nothing more at all */                                 \
	X(FORGET, "forget")         /* asks whether really */                                      \
	X(FORGET_YES, "forget-yes") /* really */
enum sol_action {
#define X(name, text) SOL_ACTION_##name,
	SOL_ACTIONS(X)
#undef X
	    SOL_ACTION_COUNT
};

struct sol_preferences_form {
	enum sol_action action;
	const char *signed_state; /* the field "shown"; not opened yet */
	uint64_t agreed;          /* SAVE: the boxes that are ticked */
	bool clicks;              /* SAVE: that of CONSENT_CLICKS */
	bool keeps_own;           /* SAVE: how often stays as it is */
	struct sol_own own;       /* else this; limit 0: none */
	const char *locale;       /* SAVE: "" stays as it is */
	const char *address;      /* FORGET_YES */
};

/*
 * Reads the fields of any of the page's forms; an unknown class, an unknown action and a language
 * that words has not are errors.
 */
int sol_preferences_form_read(const struct policy *policy, const struct words *words,
			      const struct form_fields *fields, struct sol_preferences_form *ret,
			      struct err *err);

/*
 * The preferences that a form changes: those of now; or those that the page showed, while the page
 * is so young that the state may not know yet what the form before this one said.
 */
const struct sol_preferences *sol_preferences_before(const struct sol_form_state *state,
						     const struct sol_preferences *now,
						     int64_t now_ms);
/* The preferences after the form; only those of its fields count that differ from what its page
 * showed. */
struct sol_preferences sol_preferences_after(const struct words *words,
					     const struct sol_preferences *before,
					     const struct sol_form_state *state,
					     const struct sol_preferences_form *form,
					     int64_t now_ms);

/* How often a person may ask for mails: what allows less than the shop's own caps. */
enum { SOL_OFTEN_MAX = 4 };
struct sol_often {
	struct sol_own own;
	enum sol_word word;
};
/* The value of the field "often": "1/7". */
enum { SOL_OWN_TEXT_BYTES = 24 };
const char *sol_own_text(const struct sol_own *own, char ret[SOL_OWN_TEXT_BYTES]);
unsigned sol_often_choices(const struct policy *policy, struct sol_often ret[SOL_OFTEN_MAX]);

/* Are they the same address, whatever the blanks around them and the capitals? */
bool sol_address_equal(const char *a, const char *b);

#endif
