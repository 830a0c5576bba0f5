/* serve_internal.h - what the serve*.c files share. */
#ifndef NURTURE_CONSOLE_PAGES_SERVE_INTERNAL_H
#define NURTURE_CONSOLE_PAGES_SERVE_INTERNAL_H

#include <pthread.h>

#include "common/io/http/http.h"
#include "common/io/http/rate_table.h"
#include "common/io/kafka/producer.h"
#include "common/io/process/metrics.h"
#include "form.h"
#include "page.h"
#include "serve.h"
#include "services/console/say/change.h"
#include "services/console/who/headers.h"
#include "services/console/who/links.h"
#include "services/console/view/voices.h"
#include "services/console/who/mailer.h"
#include "services/console/who/sign_outs.h"

#define CON_PEOPLE_PATH "/people/"
#define CON_SIGN_IN_PATH "/sign-in/"
#define CON_TASKS_PATH "/tasks/"

enum { CON_FORM_ID_BYTES = 16 };

struct con_pages {
	struct con_pages_options options;
	struct http_server *http;
	struct producer *producer;
	struct con_mailer *mailer;       /* NULL: no links are mailed */
	struct con_sign_outs *sign_outs; /* NULL: the same */
	struct metric *shown, *said, *refused, *failed;
	struct rate_table *by_address; /* that links are mailed to */
	pthread_mutex_t lock;          /* of the links */
	struct con_links links;
};

/* One request, and what is known of it.  Begin and end it; each is answered once in between. */
struct con_visit {
	struct con_pages *pages;
	struct http_request *request;
	struct con_headers headers;
	struct con_identity who;
	struct arena arena;
	struct buf out;
	struct con_page page;
	int64_t wall_ms;    /* of sessions and links; the page's own time may be the events' */
	const char *cookie; /* a header line for the language that was chosen, or NULL */
	char form[2 * CON_FORM_ID_BYTES + 1];
};

/* serve_visit.c */
void con_visit_begin(struct con_visit *visit, struct con_pages *pages,
		     struct http_request *request);
void con_visit_end(struct con_visit *visit);
/*
 * Is it somebody who may do this, with a form of ours if it is a POST?  If false, it is answered:
 * with the way to sign in, or with what is missing.
 */
bool con_visit_enter(struct con_visit *visit, enum con_action action);
/* The session in the cookie, if it is one and nobody has ended it. */
bool con_visit_find_session(struct con_visit *visit, struct con_session *ret);
/* The same of a form, before anybody is asked who it is. */
bool con_visit_is_own(struct con_visit *visit);
/* May it be done as well?  The action is one of the form. */
bool con_visit_may(struct con_visit *visit, enum con_action action);
/* Answers with the page in visit->out; more: header lines besides, or NULL. */
void con_visit_answer(struct con_visit *visit, int status, const char *more);
void con_visit_plain(struct con_visit *visit, int status, const char *page);
/* 303 to a path of ours. */
void con_visit_redirect(struct con_visit *visit, const char *path, const char *more);
/* Where a person's page is for whoever visits; the arena's. */
const char *con_visit_person_url(struct con_visit *visit, const char *id);
/* Fills bytes with chance. */
void con_random(uint8_t *bytes, size_t len);
/* Who looked at whom, and when: a line of the log. */
void con_visit_note_look(const struct con_visit *visit, const char *customer, bool is_found);
/* The same of all whom a search showed, and of all who stand on today's page. */
void con_visit_note_found(const struct con_visit *visit, const struct view_people *people);
void con_visit_note_listed(const struct con_visit *visit, const struct con_today *today);
void con_visit_note_voices(const struct con_visit *visit, const struct view_items *items);
/* The view cannot be read: in the log, and 503. */
void con_visit_broken(struct con_visit *visit, const struct err *why);
/* Begins what is read of the view for one page; false: it is answered.  view_end(ret). */
bool con_visit_begin_reading(struct con_visit *visit, struct view_reader **ret);

/* serve_look.c */
void con_on_today(void *context, struct http_request *request);
void con_on_search_form(void *context, struct http_request *request);
void con_on_search(void *context, struct http_request *request);
void con_on_task_link(void *context, struct http_request *request);
void con_on_person(void *context, struct http_request *request);
void con_on_programmes(void *context, struct http_request *request);
void con_on_counts(void *context, struct http_request *request);

/* serve_voices.c */
void con_on_voices(void *context, struct http_request *request);
void con_on_voices_asked(void *context, struct http_request *request);
void con_on_voices_said(void *context, struct http_request *request);
void con_on_feedback(void *context, struct http_request *request);

/* serve_say.c */
/* What a form says of somebody; by and now_ms are of the visit. */
struct con_change con_change_of(const struct con_form *form, const char *customer);
/* Publishes the change, and answers in any case; path is where the browser goes on. */
void con_visit_say(struct con_visit *visit, struct con_change *change, const char *path);
/* serve_task.c */
void con_on_task(void *context, struct http_request *request);
void con_on_change(void *context, struct http_request *request);
/* The producer's acknowledgement. */
void con_on_ack(void *opaque, const char *failure);

/* serve_sign_in.c */
void con_on_sign_in_form(void *context, struct http_request *request);
void con_on_sign_in(void *context, struct http_request *request);
void con_on_link(void *context, struct http_request *request);
void con_on_link_used(void *context, struct http_request *request);
void con_on_sign_out(void *context, struct http_request *request);

#endif
