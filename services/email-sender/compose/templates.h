/*
 * templates.h - the shop's mails: NAME.subject, NAME.txt and NAME.html, the
 * pieces that they share, and NAME.block.txt and NAME.block.html: what the mail
 * says when it is merged into another one, which shows it as {{#also}}.  Each of them
 * may be there in several languages: NAME.de.txt.  docs/templates.md has the
 * rules.
 *
 * A set is built, checked and then immutable: every variable that a template
 * uses is one of mail_words (common/policy/mail_words.h), every piece exists, and a mail is in
 * one language.
 */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_TEMPLATES_H
#define NURTURE_EMAIL_SENDER_COMPOSE_TEMPLATES_H

#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/policy/policy.h"
#include "common/template/mustache.h"

enum template_part {
	TEMPLATE_SUBJECT,
	TEMPLATE_TXT,
	TEMPLATE_HTML,
	TEMPLATE_BLOCK_TXT, /* both blocks or none */
	TEMPLATE_BLOCK_HTML,
	TEMPLATE_PART_COUNT
};

struct template_set;

struct template_set *template_set_new(void);
/*
 * Adds one file, "tips.html.mustache", "tips.de.html.mustache" or "_footer.txt.mustache" (a piece,
 * for the same part's templates), with its text, which is copied.
 */
int template_set_add(struct template_set *set, const char *file, struct slice text,
		     struct err *err);
/*
 * Checks the set after its last file: each mail has all parts in every language, and no variable
 * or piece is unknown.
 */
int template_set_check(struct template_set *set, struct err *err);
void template_set_free(struct template_set *set); /* NULL-safe */

/* Reads and checks all files NAME.PART.mustache of a directory; ERR_CONFIG says file and line. */
int template_set_open(const char *directory, struct template_set **ret, struct err *err);

/* Returns the names of all mails, sorted, NULL at the end; for policy_load(). */
const char *const *template_set_names(const struct template_set *set);
bool template_set_has(const struct template_set *set, const char *name);
/* Can the mail be a part of another mail? */
bool template_set_has_block(const struct template_set *set, const char *name);
/* Does the mail show its merged parts, in text and HTML alike? */
bool template_set_shows_parts(const struct template_set *set, const char *name);

/*
 * Checks that every mail of a merge group has blocks and shows its parts. ERR_CONFIG names the
 * programme.
 */
int template_set_check_merges(const struct template_set *set, const struct policy *policy,
			      struct err *err);

/*
 * Checks that no mail waits for a word that its programme never brings: a coupon without an offer,
 * an order on a birthday. ERR_CONFIG says file and line.
 */
int template_set_check_words(const struct template_set *set, const struct policy *policy,
			     struct err *err);

/*
 * Appends one part of a mail, in the language nearest to locale ("de-AT"; any
 * text): html escaped in TEMPLATE_HTML and _BLOCK_HTML only.  values is the
 * tree of mail_words.
 */
int template_set_render(const struct template_set *set, const char *name, struct slice locale,
			enum template_part part, const struct mustache_value *values,
			struct buf *out, struct err *err);

#endif
