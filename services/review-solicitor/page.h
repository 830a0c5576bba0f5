/*
 * page.h - the feedback page and the one to unsubscribe: their HTML, and what
 * the feedback's form sends back.  Pure.
 *
 * Opening the page changes nothing (mail scanners open every link); only the
 * form's POST does.  What is shown after it is the same whatever the score.
 * No script, no picture, nothing from elsewhere; every text is escaped.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGE_H
#define NURTURE_REVIEW_SOLICITOR_PAGE_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/policy/policy.h"

enum {
	SOL_COMMENT_MAX_CHARS = 2000,
	/* Each character may be four bytes, each of those three in the form; and the rest of it. */
	SOL_FORM_MAX_BYTES = 12 * SOL_COMMENT_MAX_CHARS * 2 + 1024,
	SOL_PAGE_MAX_BYTES = 128 * 1024,
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

/* form: what is chosen already.  complaint: what was wrong with the last try, or NULL. */
void sol_page_form(const struct policy *policy, const char *order, const struct sol_form *form,
		   const char *complaint, struct buf *out);
void sol_page_thanks(const struct policy *policy, struct buf *out);
/* message_class: what the link is about. */
void sol_page_unsubscribe(const struct policy *policy, const char *message_class, struct buf *out);
void sol_page_unsubscribed(const struct policy *policy, struct buf *out);
void sol_page_unknown(const struct policy *policy, struct buf *out);
void sol_page_unavailable(const struct policy *policy, struct buf *out);

/* The headers that go with each page, for http_answer(). */
const char *sol_page_headers(struct arena *arena);

#endif
