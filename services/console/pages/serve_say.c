/* serve_say.c - forms that change something: each becomes one event, and a redirect once Kafka has
 * it. */
#include <stdlib.h>

#include "common/io/http/http_waiting.h"
#include "common/io/process/log.h"
#include "form.h"
#include "serve_internal.h"

/* One answer that waits for Kafka. */
struct waiting {
	struct http_waiting http; /* first: it is what comes back */
	struct con_pages *pages;
	const char *headers; /* the arena's */
	struct arena arena;
	struct buf busy; /* the page when it cannot be stored */
};

static void answer(struct http_waiting *http, bool is_stored)
{
	struct waiting *waiting = (struct waiting *)http;
	struct con_pages *pages = waiting->pages;

	metric_add(is_stored ? pages->said : pages->failed, 1);
	if (is_stored)
		http_answer(http->request, 303, "text/html; charset=utf-8", waiting->headers,
			    slice_of("", 0));
	else
		http_answer(http->request, 503, "text/html; charset=utf-8",
			    pages->options.site->headers, buf_slice(&waiting->busy));
	buf_free(&waiting->busy);
	arena_free(&waiting->arena);
	free(waiting);
}

/* Runs on the producer's thread. */
void con_on_ack(void *opaque, const char *failure)
{
	struct waiting *waiting = opaque;

	http_waiting_told(&waiting->http, !failure);
}

static struct waiting *wait_for(struct con_visit *visit, const char *path)
{
	struct waiting *waiting = calloc(1, sizeof(*waiting));

	if (!waiting)
		abort();
	waiting->pages = visit->pages;
	waiting->headers = arena_printf(&waiting->arena, "%s\nLocation: %s",
					visit->pages->options.site->headers, path);
	buf_reset(&visit->out);
	con_page_plain(&visit->page, "unavailable");
	waiting->busy = visit->out;
	visit->out = BUF_MAX(CON_PAGE_MAX_BYTES);
	return waiting;
}

void con_visit_say(struct con_visit *visit, struct con_change *change, const char *path)
{
	struct buf event = BUF_MAX(64 * 1024);
	struct waiting *waiting;
	struct err err;

	change->by = visit->who.address;
	change->now_ms = visit->page.now_ms;
	if (con_change_event(change, &event, &err) < 0) {
		con_visit_plain(visit, 400, "unreadable");
		buf_free(&event);
		return;
	}
	log_record("person_changed", "by", change->by, "customer", change->customer, "action",
		   con_action_text(change->action), NULL);
	waiting = wait_for(visit, path);
	http_waiting_begin(&waiting->http, visit->request, answer);
	http_waiting_add(&waiting->http);
	if (producer_send(visit->pages->producer, visit->pages->options.events_topic, -1,
			  slice_text(change->customer), buf_slice(&event), RECORD_EVENT, waiting,
			  &err) != 1)
		http_waiting_told(&waiting->http, false);
	http_waiting_told(&waiting->http, true);
	buf_free(&event);
}

struct con_change con_change_of(const struct con_form *form, const char *customer)
{
	return (struct con_change){.action = form->action,
				   .customer = customer,
				   .form = form->form,
				   .task = form->task,
				   .words = form->words,
				   .channel = form->channel,
				   .direction = form->direction,
				   .later = form->later,
				   .order = form->order,
				   .item = form->item,
				   .tag = form->tag,
				   .kind = form->kind,
				   .sku = form->sku,
				   .note = form->note,
				   .score = form->score};
}

/* A form on somebody's page. */
struct request_of_person {
	struct con_form form;
	struct view_reader *reader;
	struct view_person person;
	const char *url; /* of the person's page */
};

static void say_here(struct con_visit *visit, const struct request_of_person *of,
		     struct con_change *change, const char *path)
{
	con_visit_say(
	    visit, change,
	    arena_printf(&visit->arena, "%s?said=%s", path, con_action_text(of->form.action)));
}

/* How often the person wants to hear is part of the same word, so it must be known. */
static void say_quiet(struct con_visit *visit, const struct request_of_person *of)
{
	struct con_change change = con_change_of(&of->form, of->person.id);

	if (!of->person.contact) {
		con_visit_plain(visit, 409, "unavailable");
		return;
	}
	change.allowances = of->person.contact->allowances;
	change.allowance_count = of->person.contact->n_allowances;
	say_here(visit, of, &change, of->url);
}

/* The one person that is meant by what was written; an id counts before all else.  1, or 0. */
static int find_other(struct con_visit *visit, const struct request_of_person *of,
		      struct view_people *people, struct view_person *ret, struct err *err)
{
	const struct view_found *first;

	if (view_search(of->reader, slice_text(of->form.into), CON_FOUND_MAX, &visit->arena, people,
			err) < 0)
		return -1;
	first = people->items;
	if (!people->count || (people->count > 1 && first->match != VIEW_BY_ID) ||
	    strcmp(first->id, of->person.id) == 0)
		return 0;
	return view_person(of->reader, first->id, visit->page.now_ms, &visit->arena, ret, err);
}

static void ask_merge(struct con_visit *visit, const struct request_of_person *of)
{
	struct view_people people;
	struct view_person other;
	struct err err;
	int r = find_other(visit, of, &people, &other, &err);

	if (r < 0) {
		con_visit_broken(visit, &err);
	} else if (!r) {
		/* Nobody else, or several: their ids say whom to mean. */
		con_visit_note_found(visit, &people);
		con_page_people(&visit->page, of->form.into, &people);
		con_visit_answer(visit, 409, NULL);
	} else {
		con_visit_note_look(visit, of->person.id, true);
		con_visit_note_look(visit, other.id, true);
		con_page_merge(&visit->page, &of->person, &other);
		con_visit_answer(visit, 200, NULL);
	}
}

static void say_merge(struct con_visit *visit, const struct request_of_person *of)
{
	struct con_change change = con_change_of(&of->form, of->person.id);
	char other[CON_ID_MAX_BYTES + 1];

	if (!con_cover_open(&visit->pages->options.who->keys, visit->who.address,
			    slice_text(of->form.other), other) ||
	    strcmp(other, of->person.id) == 0) {
		con_visit_plain(visit, 400, "unreadable");
		return;
	}
	change.into = other;
	say_here(visit, of, &change, con_visit_person_url(visit, other));
}

static void ask_erase(struct con_visit *visit, const struct request_of_person *of, int status,
		      const char *notice)
{
	con_visit_note_look(visit, of->person.id, true);
	con_page_erase(&visit->page, &of->person, notice);
	con_visit_answer(visit, status, NULL);
}

static void say_erase(struct con_visit *visit, const struct request_of_person *of)
{
	struct con_change change = con_change_of(&of->form, of->person.id);

	if (strcmp(of->form.id, of->person.id) != 0)
		ask_erase(visit, of, 400, "erase-wrong");
	else
		say_here(visit, of, &change, "/people");
}

static void handle(struct con_visit *visit, const struct request_of_person *of)
{
	struct con_change change = con_change_of(&of->form, of->person.id);

	switch ((int)of->form.action) {
	case CON_DO_NOTE:
	case CON_DO_FEEDBACK:
		say_here(visit, of, &change, of->url);
		return;
	case CON_DO_PAUSE:
	case CON_DO_RESUME:
		say_quiet(visit, of);
		return;
	case CON_DO_MERGE:
		ask_merge(visit, of);
		return;
	case CON_DO_MERGE_YES:
		say_merge(visit, of);
		return;
	case CON_DO_ERASE:
		ask_erase(visit, of, 200, "");
		return;
	case CON_DO_ERASE_YES:
		say_erase(visit, of);
		return;
	default:
		con_visit_plain(visit, 400, "unreadable");
	}
}

/* Finds whom the form is about. */
static void handle_for(struct con_visit *visit, struct request_of_person *of, const char *id)
{
	struct err err;
	int r;

	if (!con_visit_begin_reading(visit, &of->reader))
		return;
	r = view_person(of->reader, id, visit->page.now_ms, &visit->arena, &of->person, &err);
	if (r < 0) {
		con_visit_broken(visit, &err);
	} else if (!r) {
		con_visit_plain(visit, 404, "nobody");
	} else {
		of->url = con_visit_person_url(visit, of->person.id);
		handle(visit, of);
	}
	view_end(&of->reader);
}

void con_on_change(void *context, struct http_request *request)
{
	const char *cover = http_path(request) + strlen(CON_PEOPLE_PATH);
	struct request_of_person of = {.reader = NULL};
	char id[CON_ID_MAX_BYTES + 1];
	struct con_visit visit;
	struct err err;

	con_visit_begin(&visit, context, request);
	if (con_visit_is_own(&visit) && con_visit_enter(&visit, CON_DO_LOOK)) {
		if (!con_cover_open(&visit.pages->options.who->keys, visit.who.address,
				    slice_text(cover), id))
			con_visit_plain(&visit, 404, "unknown");
		else if (con_form_read(http_body(request), &visit.arena, &of.form, &err) < 0)
			con_visit_plain(&visit, 400, "unreadable");
		else if (con_visit_may(&visit, of.form.action))
			handle_for(&visit, &of, id);
	}
	con_visit_end(&visit);
}
