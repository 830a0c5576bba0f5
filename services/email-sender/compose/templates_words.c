/*
 * templates_words.c - does a template wait for what its programme never
 * brings?  See templates.h.
 */
#include <stdio.h>

#include "common/policy/mail_words.h"
#include "templates_internal.h"

enum { PIECES_DEPTH_MAX = MUSTACHE_DEPTH_MAX };

/* A mail, and the programme that sends it. */
struct mail {
	const struct template_set *set;
	const struct policy *policy;
	const struct programme *programme; /* NULL: of the feedback rules */
	const struct variant *variant;
};

/* A template's part in one language, how far it has been read, and the page that includes it. */
struct page {
	const struct template *template;
	const struct edition *edition;
	enum template_part part;
	const struct mustache *text;
	size_t position;
	const struct page *by;
	unsigned depth;
};

static const char *missing(const struct mail *mail, struct slice name)
{
	enum mail_word word = mail_word_find(name);

	if (word == MAIL_WORD_COUNT)
		return NULL;
	return mail_word_missing(mail->policy, mail->programme, mail->variant, word);
}

/* Is it in a section about a word that is always empty, and so never shown? */
static bool is_never_shown(const struct mail *mail, const struct page *page)
{
	for (; page; page = page->by) {
		struct slice section;
		size_t at = 0;

		while (mustache_next_enclosing(page->text, page->position, &at, &section))
			if (missing(mail, section))
				return true;
	}
	return false;
}

static int refuse(const struct mail *mail, const struct page *page,
		  const struct mustache_reference *reference, const char *why, struct err *err)
{
	const char *locale = page->edition->locale;

	return err_config(
	    err,
	    "%s%s%s.%s.mustache:%u: {{%.*s}} is always empty in mails of %s%s%s: %s, "
	    "or {{#%.*s}} around it",
	    page->template->name, locale[0] ? "." : "", locale, template_part_names[page->part],
	    reference->line, SLICE_ARGS(reference->name),
	    mail->programme ? mail->programme->name : "feedback", mail->variant ? ", variant " : "",
	    mail->variant ? mail->variant->name : "", why, SLICE_ARGS(reference->name));
}

static int check_page(const struct mail *mail, struct page *page, struct err *err);

static int check_piece(const struct mail *mail, const struct page *by, struct slice locale,
		       struct slice name, struct err *err)
{
	struct page page = {.template = template_find(mail->set, name),
			    .part = template_piece_part(by->part),
			    .by = by,
			    .depth = by->depth + 1};

	if (!page.template || page.depth > PIECES_DEPTH_MAX)
		return 0; /* other checks say so */
	page.edition = template_nearest(page.template, locale, page.part);
	if (!page.edition)
		return 0;
	page.text = page.edition->parts[page.part];
	return check_page(mail, &page, err);
}

/* Checks the references of a page; a section is none, since it only asks if a word is there. */
static int check_page(const struct mail *mail, struct page *page, struct err *err)
{
	struct mustache_reference reference;

	while (mustache_next_reference(page->text, &page->position, &reference)) {
		const char *why;

		if (reference.is_partial) {
			const struct page *top = page;

			while (top->by)
				top = top->by;
			if (check_piece(mail, page, slice_text(top->edition->locale),
					reference.name, err) < 0)
				return -1;
			continue;
		}
		why = reference.is_section ? NULL : missing(mail, reference.name);
		if (why && !is_never_shown(mail, page))
			return refuse(mail, page, &reference, why, err);
	}
	return 0;
}

static int check_mail(const struct mail *mail, const char *name, struct err *err)
{
	const struct template *template = template_find(mail->set, slice_text(name));

	for (const struct edition *e = template ? template->editions : NULL; e; e = e->next) {
		for (int part = 0; part < TEMPLATE_PART_COUNT; part++) {
			struct page page = {.template = template,
					    .edition = e,
					    .part = (enum template_part)part,
					    .text = e->parts[part]};

			if (page.text && check_page(mail, &page, err) < 0)
				return -1;
		}
	}
	return 0;
}

/* Checks a programme: each arm of it is a mail of its own; without arms there is one mail. */
static int check_programme(struct mail *mail, struct err *err)
{
	const struct programme *programme = mail->programme;

	for (unsigned i = 0; i < programme->action_count; i++) {
		const struct action *action = &programme->actions[i];
		unsigned arm = 0;

		if (action->channel != CHANNEL_EMAIL)
			continue;
		do {
			const char *name = action->name;

			mail->variant =
			    arm < programme->variant_count ? &programme->variants[arm] : NULL;
			if (mail->variant && mail->variant->email[0])
				name = mail->variant->email;
			if (check_mail(mail, name, err) < 0)
				return -1;
		} while (++arm < programme->variant_count);
	}
	return 0;
}

static int check_feedback(const struct mail *mail, struct err *err)
{
	const struct feedback *feedback = &mail->policy->feedback;
	char name[100];

	if (feedback->rung_count == 0 && check_mail(mail, "feedback-rating", err) < 0)
		return -1;
	for (unsigned i = 0; i < feedback->rung_count; i++) {
		snprintf(name, sizeof(name), "feedback-%s", feedback->ladder[i].name);
		if (check_mail(mail, name, err) < 0)
			return -1;
	}
	return feedback->reminders ? check_mail(mail, "feedback-reminder", err) : 0;
}

int template_set_check_words(const struct template_set *set, const struct policy *policy,
			     struct err *err)
{
	struct mail mail = {.set = set, .policy = policy};

	if (!policy->feedback.off && check_feedback(&mail, err) < 0)
		return -1;
	for (unsigned i = 0; i < policy->programme_count; i++) {
		mail.programme = &policy->programmes[i];
		if (check_programme(&mail, err) < 0)
			return -1;
	}
	return 0;
}
