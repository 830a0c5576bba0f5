/*
 * serve_preferences.c - the person's own page, and what it says.
 *
 * The address is the key: whoever has it may speak for the person, so the page
 * is never cached, nothing of it goes along as a referrer, and the form brings
 * back what was shown, signed for this person (preferences.h).  Who was shown
 * nothing, because the state cannot be read, can end everything and no more:
 * preferences.changed replaces all, and nobody knows what would be lost.
 */
#include <string.h>

#include "common/io/process/clock.h"
#include "common/token/unsubscribe_token.h"
#include "common/web/page.h"
#include "serve_internal.h"

/* One request, from its link to its answer. */
struct visit {
	struct sol_serve *serve;
	struct http_request *request;
	struct unsubscribe link; /* whose page */
	struct arena arena;
	struct sol_person person;
	bool can_show; /* the person could be read */
	int64_t now_ms;
	struct buf out;
	struct sol_page page;
};

/* The number is asked for once: with another one it would be another deployment. */
static int partition_count(struct sol_serve *serve, int32_t *ret, struct err *err)
{
	*ret = atomic_load(&serve->partitions);
	if (*ret)
		return 0;
	if (producer_topic_check(serve->producer, serve->options.events_topic, err) < 0 ||
	    producer_partitions(serve->producer, serve->options.events_topic, ret, err) < 0)
		return -1;
	atomic_store(&serve->partitions, *ret);
	return 0;
}

int sol_serve_read_person(struct sol_serve *serve, const char *customer, struct arena *arena,
			  struct sol_person *ret)
{
	int32_t partitions;
	struct err why;

	if (!serve->reader || partition_count(serve, &partitions, &why) < 0)
		return -1;
	return sol_reader_read(serve->reader, serve->options.policy, customer, partitions, arena,
			       ret, &why);
}

unsigned sol_serve_language(const struct sol_serve *serve, const struct http_request *request,
			    const char *form, const char *locale)
{
	return web_language(serve->options.site,
			    &(struct web_languages){
				.form = form,
				.asked = http_query(request, "lang"),
				.own = locale,
				.accepted = http_header(request, "Accept-Language"),
			    });
}

unsigned sol_serve_language_of(struct sol_serve *serve, const struct http_request *request,
			       const char *form, const char *customer)
{
	struct sol_person person = {.preferences.locale = ""};
	struct arena arena = {0};
	unsigned ret;

	if (sol_serve_read_person(serve, customer, &arena, &person) < 0)
		person.preferences.locale = "";
	ret = sol_serve_language(serve, request, form, person.preferences.locale);
	arena_free(&arena);
	return ret;
}

/* False when the link is none of ours; then the request is answered already. */
static bool begin(struct visit *visit, struct sol_serve *serve, struct http_request *request)
{
	const char *token = http_path(request) + strlen(SOL_PREFERENCES_PATH);
	struct err why;

	*visit = (struct visit){.serve = serve,
				.request = request,
				.person = {.email = "", .preferences.locale = ""},
				.now_ms = clock_wall_ms(),
				.out = BUF_MAX(SOL_PAGE_MAX_BYTES)};
	visit->page = (struct sol_page){
	    .site = serve->options.site, .policy = serve->options.policy, .out = &visit->out};
	if (preferences_token_open(&serve->options.token_keys, slice_text(token), &visit->link,
				   &why) < 0) {
		sol_serve_refuse(serve, request, &serve->preferences);
		return false;
	}
	visit->can_show =
	    sol_serve_read_person(serve, visit->link.customer, &visit->arena, &visit->person) == 0;
	return true;
}

static void end(struct visit *visit)
{
	buf_free(&visit->out);
	arena_free(&visit->arena);
}

static void speak(struct visit *visit, const char *form, const char *locale)
{
	visit->page.language = sol_serve_language(visit->serve, visit->request, form, locale);
}

/* What the page is to show, with the signed state that its forms bring back. */
static struct sol_preferences_view view_of(struct visit *visit,
					   const struct sol_preferences *preferences,
					   enum sol_word notice, bool is_alert)
{
	struct sol_form_state state = {visit->now_ms, visit->can_show, *preferences};

	return (struct sol_preferences_view){
	    .person = visit->can_show ? &visit->person : NULL,
	    .preferences = *preferences,
	    .signed_state =
		sol_form_state_sign(visit->serve->options.policy, visit->link.customer,
				    visit->serve->options.token_keys.now, &state, &visit->arena),
	    .now_ms = visit->now_ms,
	    .notice = notice,
	    .is_alert = is_alert,
	};
}

/* Shows the page as things are, with nothing changed. */
static void show(struct visit *visit, int status, enum sol_word notice)
{
	struct sol_preferences_view view =
	    view_of(visit, &visit->person.preferences, notice, notice != SOL_SAY_UNCHANGED);

	sol_page_preferences(&visit->page, &view);
	sol_serve_answer(visit->serve, visit->request, status, &visit->out);
}

void sol_serve_show_preferences(void *context, struct http_request *request)
{
	struct sol_serve *serve = context;
	struct visit visit;

	if (begin(&visit, serve, request)) {
		metric_add(serve->preferences.shown, 1);
		speak(&visit, "", visit.person.preferences.locale);
		show(&visit, 200, SOL_SAY_NOTHING);
	}
	end(&visit);
}

static struct sol_sender sender_of(const struct visit *visit,
				   const struct sol_preferences_form *form)
{
	return (struct sol_sender){.policy = visit->serve->options.policy,
				   .customer = visit->link.customer,
				   .signed_state = form->signed_state,
				   .now_ms = visit->now_ms,
				   .inbox = visit->link.inbox};
}

static void publish(struct visit *visit, struct sol_events *events)
{
	sol_serve_publish(visit->serve, visit->request, visit->link.customer, events,
			  &visit->serve->preferences, &visit->page);
	sol_events_free(events);
}

static void change(struct visit *visit, const struct sol_preferences_form *form,
		   const struct sol_form_state *state)
{
	const struct sol_preferences *before =
	    sol_preferences_before(state, &visit->person.preferences, visit->now_ms);
	struct sol_preferences after = sol_preferences_after(visit->serve->options.site->words,
							     before, state, form, visit->now_ms);
	struct sol_sender sender = sender_of(visit, form);
	struct sol_events events = {0};
	struct sol_preferences_view view;

	sol_preferences_events(&sender, before, &after, &events);
	if (strcmp(before->locale, after.locale) != 0)
		speak(visit, after.locale, "");
	view = view_of(visit, &after, events.count ? SOL_SAY_SAVED : SOL_SAY_UNCHANGED, false);
	sol_page_preferences(&visit->page, &view);
	if (events.count)
		publish(visit, &events);
	else
		sol_serve_answer(visit->serve, visit->request, 200, &visit->out);
}

/* Unsubscribes from all; the other preferences stay, in case the person comes back. */
static void leave(struct visit *visit)
{
	struct sol_preferences after = visit->person.preferences;
	struct sol_events events = {0};
	struct sol_preferences_view view;

	after.agreed = 0;
	after.clicks = false;
	view = view_of(visit, &after, SOL_SAY_SAVED, false);
	sol_page_preferences(&visit->page, &view);
	sol_unsubscribe_event(visit->link.customer, "", visit->link.inbox, visit->now_ms, &events);
	publish(visit, &events);
}

static void forget(struct visit *visit, const struct sol_preferences_form *form)
{
	struct sol_preferences_view view =
	    view_of(visit, &visit->person.preferences, SOL_SAY_NOTHING, false);
	bool is_sure = form->action == SOL_ACTION_FORGET_YES;
	bool is_right =
	    !visit->person.email[0] || sol_address_equal(form->address, visit->person.email);
	struct sol_sender sender = sender_of(visit, form);
	struct sol_events events = {0};

	if (is_sure && is_right) {
		sol_page_forgotten(&visit->page);
		sol_forget_event(&sender, &events);
		publish(visit, &events);
		return;
	}
	sol_page_forget(&visit->page, &view, is_sure ? SOL_SAY_FORGET_WRONG : SOL_SAY_NOTHING);
	sol_serve_answer(visit->serve, visit->request, is_sure ? 400 : 200, &visit->out);
}

/* Refuses a form that is none of ours, or too old, and shows the page as things are. */
static void refuse(struct visit *visit, enum sol_word why)
{
	metric_add(visit->serve->preferences.refused, 1);
	show(visit, 400, why);
}

static void act(struct visit *visit, const struct sol_preferences_form *form,
		const struct sol_form_state *state)
{
	int64_t age_ms = visit->now_ms - state->at_ms;

	if (form->action == SOL_ACTION_NOTHING)
		leave(visit);
	else if (!visit->can_show)
		show(visit, 503, SOL_SAY_NOTHING);
	else if (!visit->person.is_known)
		show(visit, 200, SOL_SAY_NOTHING);
	else if (!state->can_show || age_ms < -MINUTE_MS || age_ms > SOL_FORM_STATE_LIFE_MS)
		refuse(visit, SOL_SAY_STALE);
	else if (form->action == SOL_ACTION_FORGET || form->action == SOL_ACTION_FORGET_YES)
		forget(visit, form);
	else
		change(visit, form, state);
}

void sol_serve_take_preferences(void *context, struct http_request *request)
{
	struct sol_serve *serve = context;
	const struct policy *policy = serve->options.policy;
	struct form_fields fields = {0};
	struct sol_preferences_form form;
	struct sol_form_state state;
	struct visit visit;
	const char *lang;
	struct err why;

	if (begin(&visit, serve, request) &&
	    sol_serve_may(serve, request, true, &serve->preferences)) {
		bool is_form =
		    form_fields_parse(http_body(request), &visit.arena, &fields, &why) == 0 &&
		    form_field_once(&fields, "lang", &lang, &why) == 0;

		speak(&visit, is_form ? lang : "", visit.person.preferences.locale);
		if (is_form &&
		    sol_preferences_form_read(policy, serve->options.site->words, &fields, &form,
					      &why) == 0 &&
		    sol_form_state_open(policy, visit.link.customer, &serve->options.token_keys,
					slice_text(form.signed_state), &visit.arena, &state,
					&why) == 0)
			act(&visit, &form, &state);
		else
			refuse(&visit, SOL_SAY_FORM_UNREADABLE);
	}
	end(&visit);
}
