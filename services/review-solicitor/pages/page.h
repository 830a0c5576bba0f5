/*
 * page.h - the pages behind the links of mails: the values that their templates
 * (deploy/pages) show, and what the feedback's form sends back.  Pure.
 *
 * Opening a page changes nothing (mail scanners open every link); only a
 * form's POST does.  What is shown after feedback is the same whatever the
 * score.  No script, no picture, nothing from elsewhere; every text is escaped.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_PAGE_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_PAGE_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/policy/policy.h"
#include "person.h"
#include "preferences.h"
#include "site.h"
#include "strings.h"

enum {
	SOL_COMMENT_MAX_CHARS = 2000,
	/* Each character may be four bytes, each of those three in the form; and the rest of it. */
	SOL_FORM_MAX_BYTES = 12 * SOL_COMMENT_MAX_CHARS * 2 + 1024,
	SOL_PAGE_MAX_BYTES = 256 * 1024,
};

struct sol_form {
	int score;           /* 1 to 5; 0: none chosen */
	const char *comment; /* UTF-8, lines end with \n, no other control but \t */
};

/*
 * application/x-www-form-urlencoded: score and comment, each at most once;
 * fields of other names are passed over.  *ret is the arena's.
 */
int sol_form_parse(struct slice body, struct arena *arena, struct sol_form *ret, struct err *err);
/* A score in a link: 0 when text is NULL or not "1" to "5". */
int sol_score_parse(const char *text);

/* Whose page, in which language, and where it goes. */
struct sol_page {
	const struct web_site *site;
	const struct policy *policy;
	unsigned language; /* of site->words */
	struct buf *out;   /* fails when the page does not fit */
};
/* Stands for no complaint and no notice. */
#define SOL_SAY_NOTHING SOL_WORD_COUNT

/* form has what is chosen already; complaint says what was wrong with the last try. */
void sol_page_form(const struct sol_page *page, const char *order, const struct sol_form *form,
		   enum sol_word complaint);
void sol_page_thanks(const struct sol_page *page);
/* message_class is what the link is about; preferences is the token of the person's own page. */
void sol_page_unsubscribe(const struct sol_page *page, const char *message_class,
			  const char *preferences);
void sol_page_unsubscribed(const struct sol_page *page, const char *preferences);
void sol_page_unknown(const struct sol_page *page);
/* The answer to a link, or an address, that is used too often within a short time. */
void sol_page_too_often(const struct sol_page *page);
void sol_page_unavailable(const struct sol_page *page);

/* What the person's own page shows. */
struct sol_preferences_view {
	const struct sol_person *person;    /* NULL: the state cannot be read now */
	struct sol_preferences preferences; /* of the state or, after a form, of the form */
	const char *signed_state;           /* by sol_form_state_sign() */
	int64_t now_ms;
	enum sol_word notice; /* at the top: saved, or what was wrong */
	bool is_alert;        /* the notice says what was wrong */
};
/* The person's own page; also for a person who is not known (any more). */
void sol_page_preferences(const struct sol_page *page, const struct sol_preferences_view *view);
/* Asks whether the person is really to be forgotten; complaint as above. */
void sol_page_forget(const struct sol_page *page, const struct sol_preferences_view *view,
		     enum sol_word complaint);
void sol_page_forgotten(const struct sol_page *page);

#endif
