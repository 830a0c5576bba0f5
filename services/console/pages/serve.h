/*
 * serve.h - the console's pages over HTTP.
 *
 *	GET  /                  today: tasks, low scores, what was escalated; ?all=1 of all teams
 *	GET  /people            a form to search by; POST: who was found
 *	GET  /people/COVER      a person (who/cover.h); ?before=AT.NUMBER an earlier part
 *	POST /people/COVER      a note, feedback, quiet, merge, erase
 *	POST /tasks             what became of a task
 *	GET  /tasks/TASK        leads to the person whose task it is, as reminders do
 *	GET  /voices            what customers said; POST: leads to what was asked for
 *	POST /voices/say        tagged, answered, put away; what support was told
 *	GET  /v1/feedback       the same as /voices, as JSON
 *	GET  /programmes        what became of what each programme wanted
 *	GET  /counts            the numbers above today's page, as JSON
 *	GET  /sign-in           a form for an address; POST: mails a link, if it is on the list
 *	GET  /sign-in/LINK      a button; POST: signs in
 *	POST /sign-out
 *
 * Every request is asked who sends it and what that role may do (who/), every POST whether it is
 * from a page of ours.  A change becomes an event and is answered by a redirect once Kafka has it.
 * ?lang=de is the language from then on.  Nothing of a customer is in an address, and each look at
 * a person is a line of the log.
 */
#ifndef NURTURE_CONSOLE_PAGES_SERVE_H
#define NURTURE_CONSOLE_PAGES_SERVE_H

#include "common/base/err.h"
#include "common/policy/policy.h"
#include "services/console/view/view.h"
#include "services/console/who/who_config.h"

struct con_pages;
struct web_site;

struct con_pages_options {
	const char *brokers;
	const char *events_topic; /* "nurture.events" */
	const char *listen, *admin_listen;
	const char *sign_outs; /* a file (who/sign_outs.h) */
	unsigned connections_per_address;
	/* All of these outlive the pages. */
	const struct policy *policy;
	const struct con_who_config *who; /* without staff there are no pages */
	const struct web_site *site;
	struct view *view;
};

/*
 * Options are copied, what they point to is not.  -1: it cannot listen there, or a mailer, the file
 * of sign-outs or the producer cannot be opened; err says which.
 */
int con_pages_open(struct con_pages **ret, const struct con_pages_options *options,
		   struct err *err);
/* -1 when nothing can be said by this process any more: leave with 111. */
int con_pages_check(const struct con_pages *pages, struct err *err);
unsigned short con_pages_port(const struct con_pages *pages);
/* Waits for what is under way, a few seconds at most.  NULL-safe, sets NULL. */
void con_pages_close(struct con_pages **pages);

#endif
