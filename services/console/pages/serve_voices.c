/* serve_voices.c - what customers said: the page, what is done on it, and the same as JSON. */
#include <stdlib.h>

#include "common/mail/address.h"
#include "form.h"
#include "page_voices.h"
#include "serve_internal.h"
#include "voices_json.h"

/* Of a number without its country and area: fewer are the end of many people's. */
enum { PHONE_DIGITS_MIN = 6 };

static const char *from_query(void *context, const char *name)
{
	return http_query(context, name);
}

struct fields {
	struct form_fields of;
	bool is_broken; /* one was asked for that is there twice */
};

static const char *from_form(void *context, const char *name)
{
	struct fields *fields = context;
	const char *value = "";
	struct err ignored;

	if (form_field_once(&fields->of, name, &value, &ignored) < 0)
		fields->is_broken = true;
	return value;
}

static bool read_asked(struct con_visit *visit, bool is_covered, struct con_voices_asked *ret)
{
	return con_voices_read(from_query, visit->request, is_covered,
			       &visit->pages->options.who->keys, visit->who.address, &visit->arena,
			       ret);
}

/* Reads the page of what was asked for; false: it is answered. */
static bool read_voices(struct con_visit *visit, struct view_reader *reader,
			struct con_voices *voices)
{
	struct view_wanted wanted = con_voices_wanted(&voices->asked);
	struct err err;

	if (view_voices(reader, &wanted, CON_VOICES_ITEMS, &visit->arena, &voices->items, &err) ==
		0 &&
	    view_facets(reader, &wanted, &visit->arena, &voices->facets, &err) == 0)
		return true;
	con_visit_broken(visit, &err);
	return false;
}

static void show(struct con_visit *visit, struct view_reader *reader, struct con_voices *voices,
		 int status)
{
	if (!read_voices(visit, reader, voices))
		return;
	con_visit_note_voices(visit, &voices->items);
	con_page_voices(&visit->page, voices);
	con_visit_answer(visit, status, NULL);
}

void con_on_voices(void *context, struct http_request *request)
{
	struct con_voices voices = {.draft = CON_NO_DRAFT};
	struct view_reader *reader = NULL;
	struct con_visit visit;

	con_visit_begin(&visit, context, request);
	if (con_visit_enter(&visit, CON_DO_LOOK)) {
		if (!read_asked(&visit, true, &voices.asked))
			con_visit_plain(&visit, 404, "unknown");
		else if (con_visit_begin_reading(&visit, &reader))
			show(&visit, reader, &voices, 200);
	}
	view_end(&reader);
	con_visit_end(&visit);
}

/* What somebody typed leads to an address in which it cannot be read. */
void con_on_voices_asked(void *context, struct http_request *request)
{
	struct con_voices_asked asked;
	struct fields fields = {.is_broken = false};
	struct con_visit visit;
	struct err err;

	con_visit_begin(&visit, context, request);
	if (con_visit_is_own(&visit) && con_visit_enter(&visit, CON_DO_SEARCH)) {
		if (form_fields_parse(http_body(request), &visit.arena, &fields.of, &err) < 0 ||
		    !con_voices_read(from_form, &fields, false, &visit.pages->options.who->keys,
				     visit.who.address, &visit.arena, &asked) ||
		    fields.is_broken)
			con_visit_plain(&visit, 400, "unreadable");
		else
			con_visit_redirect(&visit,
					   con_voices_url(&visit.page, &asked, &visit.arena), NULL);
	}
	con_visit_end(&visit);
}

static const char *path_back(struct con_visit *visit, const struct con_form *form)
{
	return arena_printf(&visit->arena, "%s%csaid=%s", form->back,
			    strchr(form->back, '?') ? '&' : '?', con_action_text(form->action));
}

/* Whose item it is says the address that covers it, and that there is one says the view. */
static void say_of_item(struct con_visit *visit, struct view_reader *reader,
			const struct con_form *form)
{
	char customer[CON_ID_MAX_BYTES + 1];
	struct con_change change;
	struct view_item item;
	struct err err;
	int r = 0;

	if (con_cover_open(&visit->pages->options.who->keys, visit->who.address,
			   slice_text(form->other), customer))
		r = view_voice(reader, customer, form->item, &visit->arena, &item, &err);
	if (r < 0) {
		con_visit_broken(visit, &err);
	} else if (!r) {
		con_visit_plain(visit, 404, "unknown");
	} else {
		change = con_change_of(form, customer);
		con_visit_say(visit, &change, path_back(visit, form));
	}
}

/* Nobody, or several: the page again, with what was written. */
static void ask_whom(struct con_visit *visit, struct view_reader *reader,
		     const struct con_form *form)
{
	struct con_voices voices = {.notice = "voices-whom",
				    .draft = {.is_open = true,
					      .who = form->who,
					      .kind = form->kind,
					      .words = form->words,
					      .order = form->order,
					      .sku = form->sku,
					      .score = form->score}};

	if (read_asked(visit, true, &voices.asked))
		show(visit, reader, &voices, 409);
	else
		con_visit_plain(visit, 400, "unreadable");
}

/* What support was told by somebody. */
static size_t digits_of(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text >= '0' && *text <= '9';
	return count;
}

/*
 * Does what was typed name this person, and nobody else?  The search finds people by beginnings as
 * well, and words must not be written down for somebody who only may be meant.
 */
static bool is_named(const struct view_people *people, const char *who)
{
	const struct view_found *first = people->items;

	if (!people->count || (people->count > 1 && first->match != VIEW_BY_ID))
		return false;
	switch (first->match) {
	case VIEW_BY_ID:
	case VIEW_BY_ORDER:
		return true;
	case VIEW_BY_EMAIL:
		return address_equal(slice_trim(slice_text(who), " \t\r\n"),
				     slice_text(first->email));
	case VIEW_BY_PHONE:
		return digits_of(who) >= PHONE_DIGITS_MIN;
	case VIEW_BY_WORDS:
		break;
	}
	return false;
}

static void say_new(struct con_visit *visit, struct view_reader *reader,
		    const struct con_form *form)
{
	struct con_change change;
	struct view_people people;
	struct err err;

	if (strlen(form->who) > VIEW_SEARCH_MAX_BYTES) {
		con_visit_plain(visit, 400, "unreadable");
	} else if (view_search(reader, slice_text(form->who), CON_FOUND_MAX, &visit->arena, &people,
			       &err) < 0) {
		con_visit_broken(visit, &err);
	} else if (!is_named(&people, form->who)) {
		con_visit_note_found(visit, &people);
		ask_whom(visit, reader, form);
	} else {
		change = con_change_of(form, arena_text(&visit->arena, people.items[0].id));
		con_visit_say(visit, &change, path_back(visit, form));
	}
}

void con_on_voices_said(void *context, struct http_request *request)
{
	struct view_reader *reader = NULL;
	struct con_visit visit;
	struct con_form form;
	struct err err;

	con_visit_begin(&visit, context, request);
	if (con_visit_is_own(&visit) && con_visit_enter(&visit, CON_DO_LOOK)) {
		if (con_form_read(http_body(request), &visit.arena, &form, &err) < 0)
			con_visit_plain(&visit, 400, "unreadable");
		else if (con_visit_may(&visit, form.action) &&
			 con_visit_begin_reading(&visit, &reader)) {
			if (form.action == CON_DO_FEEDBACK)
				say_new(&visit, reader, &form);
			else if (con_action_is_of_item(form.action))
				say_of_item(&visit, reader, &form);
			else
				con_visit_plain(&visit, 400, "unreadable");
		}
	}
	view_end(&reader);
	con_visit_end(&visit);
}

static void answer_json(struct con_visit *visit, struct view_reader *reader,
			const struct con_voices_asked *asked)
{
	struct view_wanted wanted = con_voices_wanted(asked);
	struct view_items items;
	struct err err;

	if (view_voices(reader, &wanted, CON_JSON_ITEMS, &visit->arena, &items, &err) < 0) {
		con_visit_broken(visit, &err);
		return;
	}
	con_visit_note_voices(visit, &items);
	buf_reset(&visit->out);
	con_voices_json(&items, wanted.best_first, &visit->out);
	metric_add(visit->pages->shown, 1);
	if (buf_failed(&visit->out))
		http_refuse(visit->request, 500, "too_large", "the answer does not fit", NULL);
	else
		http_answer(visit->request, 200, "application/json", "Cache-Control: no-store",
			    buf_slice(&visit->out));
}

void con_on_feedback(void *context, struct http_request *request)
{
	struct view_reader *reader = NULL;
	struct con_voices_asked asked;
	struct con_visit visit;

	con_visit_begin(&visit, context, request);
	if (con_visit_enter(&visit, CON_DO_SEARCH)) {
		if (!read_asked(&visit, false, &asked))
			http_refuse(request, 400, "bad_query",
				    "q, tag, product, kind, state, source: at most 200 bytes; "
				    "score: 1 to 5, or 4-5; before: a place of this answer",
				    NULL);
		else if (con_visit_begin_reading(&visit, &reader))
			answer_json(&visit, reader, &asked);
	}
	view_end(&reader);
	con_visit_end(&visit);
}
