/*
 * preferences.h - from what a page showed and what its form says to what is wanted.
 * Pure; the time and the key are arguments.
 *
 * A form brings back what its page had shown, signed for this person.  So only
 * what was changed on the page is said, whatever was chosen elsewhere
 * meanwhile; and no form can be sent that we did not show.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_PREFERENCES_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_PREFERENCES_H

#include "common/token/token_keys.h"
#include "form_fields.h"
#include "person.h"
#include "strings.h"

enum {
	SOL_WISHES_FORM_MAX_BYTES = 64 * 1024,
	SOL_PAUSE_DAYS = 30,
	SOL_SHOWN_MAX_BYTES = 8 * 1024, /* 64 classes of 64 letters, and the rest */
};
/* Who comes back to a page that is older sees it anew first. */
#define SOL_SHOWN_LIFE_MS DAY_MS
/* After so long what a form said has come back to us as the person's state. */
#define SOL_ROUND_TRIP_MS MINUTE_MS

/* What a page showed, and when; wishes are those of nobody when it could not. */
struct sol_shown {
	int64_t at_ms;
	bool can_show;
	struct sol_wishes wishes;
};

/* For the form's field "shown"; the arena's. */
const char *sol_shown_sign(const struct policy *policy, const char *customer, struct slice key,
			   const struct sol_shown *shown, struct arena *arena);
/* Takes only what was signed for this customer with one of the keys; *ret is the arena's. */
int sol_shown_open(const struct policy *policy, const char *customer, const struct token_keys *keys,
		   struct slice text, struct arena *arena, struct sol_shown *ret, struct err *err);

#define SOL_DEEDS(X)                                                                               \
	X(SAVE, "save")                                                                            \
	X(PAUSE, "pause")                                                                          \
	X(RESUME, "resume")                                                                        \
	X(NOTHING, "nothing")       /* hear nothing more at all */                                 \
	X(FORGET, "forget")         /* asks whether really */                                      \
	X(FORGET_YES, "forget-yes") /* really */
enum sol_deed {
#define X(name, text) SOL_DO_##name,
	SOL_DEEDS(X)
#undef X
	    SOL_DEED_COUNT
};

struct sol_choice {
	enum sol_deed deed;
	const char *shown;   /* the field; not opened yet */
	uint64_t agreed;     /* SAVE: the boxes that are ticked */
	bool keeps_own;      /* SAVE: how often stays as it is */
	struct sol_own own;  /* else this; limit 0: none */
	const char *locale;  /* SAVE: "" stays as it is */
	const char *address; /* FORGET_YES */
};

/*
 * The fields of any of the page's forms; an unknown class, deed or language
 * (one that words has not) is an error.
 */
int sol_choice_read(const struct policy *policy, const struct words *words,
		    const struct sol_fields *fields, struct sol_choice *ret, struct err *err);

/*
 * What a choice changes: the state as it is read now; or what the page showed, when that is so
 * young that the state may not know yet what the form before it said.
 */
const struct sol_wishes *sol_wishes_before(const struct sol_shown *shown,
					   const struct sol_wishes *now, int64_t now_ms);
/* What is wanted after it: of the form's fields only those count that differ from what was
 * shown. */
struct sol_wishes sol_wishes_after(const struct words *words, const struct sol_wishes *before,
				   const struct sol_shown *shown, const struct sol_choice *choice,
				   int64_t now_ms);

/* The choices of how often that say less than the shop's own caps; at most SOL_OFTEN_MAX. */
enum { SOL_OFTEN_MAX = 4 };
struct sol_often {
	struct sol_own own;
	enum sol_word word;
};
/* Its field's value: "1/7". */
enum { SOL_OWN_TEXT_BYTES = 24 };
const char *sol_own_text(const struct sol_own *own, char ret[SOL_OWN_TEXT_BYTES]);
unsigned sol_often_choices(const struct policy *policy, struct sol_often ret[SOL_OFTEN_MAX]);

/* The same address, whatever blanks are around it and whatever its capitals. */
bool sol_address_equal(const char *a, const char *b);

#endif
