/*
 * email_sender_world.h - one customer's mails on a virtual clock, for the tests
 * of the email-sender's step: what went in, what came out, in short words.
 */
#ifndef NURTURE_TESTS_EMAIL_SENDER_WORLD_H
#define NURTURE_TESTS_EMAIL_SENDER_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "services/email-sender/step.h"
#include "common/mail/bounce_record.h"
#include "common/message/event.h"
#include "services/email-sender/wire.h"
#include "policy_fixture.h"

#define T0 INT64_C(1772366400000) /* 2026-03-01T12:00:00Z */

enum { PROMOTION, TRANSACTIONAL, CARE };

struct world {
	struct arena arena;
	struct message_class classes[3];
	struct cap caps[2];
	struct policy policy;
	struct zones *zones;
	struct sender sender;
	int64_t now_ms, due_ms;
	uint64_t owner;
	uint8_t state[4096];
	size_t state_len;
	struct step step;
	int64_t contact_paused_until_ms; /* what a contact says besides */
	int64_t contact_own_window_ms;   /* one mail in so long; 0: no wish */
	const char *contact_case,
	    *contact_bought;     /* an open case, and what was bought now; or NULL */
	const char *inbox;       /* the key; NULL: "ann" */
	const char *customer;    /* of the next record, which says so; NULL: it does not */
	bool contact_merged;     /* the customer ends, and says nothing more */
	int64_t contact_said_ms; /* when the contact's consent was said; 0: it is an echo */
	bool names;      /* say which request an outcome is about: "a:sent@0", "b:sent@0 in a" */
	char said[2000]; /* outcomes and effects of the last step: "sent@0 effect:a/1" */
};

static inline void world_open(struct world *w)
{

	*w = (struct world){.now_ms = T0, .owner = 1};
	w->classes[PROMOTION] = (struct message_class){.name = "promotion", .needs_consent = true};
	w->classes[TRANSACTIONAL] =
	    (struct message_class){.name = "transactional", .in_doubt_resend = true};
	w->classes[CARE] =
	    (struct message_class){.name = "care", .needs_consent = true, .quiet_hours = true};
	w->caps[0] = (struct cap){.name = "week",
				  .limit = 2,
				  .window_ms = 7 * DAY_MS,
				  .classes = 1 << PROMOTION | 1 << CARE,
				  .channels = 1,
				  .programme = "",
				  .category = "",
				  .counts_exempt = true};
	w->policy = (struct policy){
	    .file = "test",
	    .hash = "0123456789abcdef",
	    .classes = w->classes,
	    .class_count = 3,
	    .caps = w->caps,
	    .cap_count = 1,
	    .ceiling = {.name = "ceiling",
			.limit = 20,
			.window_ms = DAY_MS,
			.classes = ALL_CLASSES,
			.channels = 5,
			.programme = "",
			.category = "",
			.counts_exempt = true},
	    .quiet_hours = {.off = true},
	    .retry = {.first_ms = 15 * MINUTE_MS, .max_ms = 6 * HOUR_MS, .attempts = 4}};
	w->zones = fixture_zones();
	w->policy.zones = w->zones;
	w->policy.shop_zone = zones_find(w->zones, slice_text("Europe/London"));
	w->sender = (struct sender){.policy = &w->policy, .format = OUTCOME_PROTOBUF};
}

static inline void world_close(struct world *w)
{
	zones_free(w->zones);
	arena_free(&w->arena);
}

static inline void say(struct world *w, const char *format, ...)
{
	size_t used = strlen(w->said);
	va_list args;

	va_start(args, format);
	vsnprintf(w->said + used, sizeof(w->said) - used, format, args);
	va_end(args);
}

/* A report about the same mail, which may come as well, is the same event. */
static inline void check_is_told_once(const Nurture__V1__Event *event)
{
	const struct bounce report = {
	    .kind = strcmp(event->message->kind, "soft") == 0 ? BOUNCE_SOFT : BOUNCE_HARD,
	    .form = BOUNCE_FORM_DSN};
	struct bounce_record record = BOUNCE_RECORD;
	struct return_token owner = {.customer = "ann"};

	snprintf(owner.send, sizeof(owner.send), "%s", event->message->id);
	assert_true(bounce_record(&report, &owner, "lmtp", 0, &record));
	assert_string_equal(event->id, record.id);
	buf_free(&record.value);
}

static inline void say_event(struct world *w, struct slice value)
{
	Nurture__V1__Event *event;
	struct err err;

	if (event_decode(value, &w->arena, &event, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(event->customer->id, "ann");
	check_is_told_once(event);
	say(w, "%s:%s/%s@%lld", event->type, event->message->id, event->message->kind,
	    (long long)(event->time_ms - T0) / 1000);
}

static inline void say_output(struct world *w, const struct step_output *output)
{
	Nurture__V1__DeliveryEffect *effect;
	Nurture__V1__Outcome *outcome;
	struct err err;

	if (w->said[0])
		say(w, " ");
	if (output->topic == STEP_EFFECT) {
		assert_int_equal(send_effect_decode(output->value, &w->arena, &effect, &err), 0);
		say(w, "%s:%s/%u", effect->recall ? "recall" : "effect", effect->id,
		    effect->attempt);
		return;
	}
	if (output->topic == SEND_EVENTS) {
		say_event(w, output->value);
		return;
	}
	assert_int_equal(output->topic, SEND_OUTCOMES);
	assert_int_equal(outcome_decode(output->value, &w->arena, &outcome, &err), 0);
	if (w->inbox)
		say(w, "%s:", outcome->customer);
	else
		assert_string_equal(outcome->customer, "ann");
	assert_string_equal(outcome->policy, "0123456789abcdef");
	if (w->names)
		say(w, "%s:", outcome->request + strlen("request-"));
	say(w, "%s@%lld", outcome->status, (long long)((int64_t)outcome->at_ms - T0) / 1000);
	if (outcome->reason && outcome->reason->rule[0])
		say(w, "(%s until %lld)", outcome->reason->rule,
		    outcome->reason->eligible_at_ms
			? (long long)(outcome->reason->eligible_at_ms - T0) / 1000
			: 0);
	if (outcome->reason && outcome->reason->detail[0])
		say(w, "[%s]", outcome->reason->detail);
	if (outcome->merged_into[0])
		say(w, " in %s", outcome->merged_into + strlen("request-"));
}

static inline int world_step(struct world *w, enum step_kind kind, struct slice value,
			     struct err *err)
{
	int r;

	w->said[0] = '\0';
	w->step = (struct step){.context = &w->sender,
				.arena = &w->arena,
				.now_ms = w->now_ms,
				.kind = kind,
				.input = SEND_DISPATCH,
				.time_ms = w->now_ms,
				.owner = w->owner,
				.customer = slice_text(w->inbox ? w->inbox : "ann"),
				.value = value,
				.state = slice_of(w->state, w->state_len)};
	step_prepare(&w->step);
	r = send_step(&w->step, err);
	if (r < 0) {
		assert_false(w->step.state_changed);
		assert_null(w->step.outputs);
		return r;
	}
	for (const struct step_output *o = w->step.outputs; o; o = o->next)
		say_output(w, o);
	if (w->step.state_changed) {
		assert_true(w->step.new_state.len <= sizeof(w->state));
		if (w->step.new_state.len) /* else it has no bytes at all */
			memcpy(w->state, w->step.new_state.bytes, w->step.new_state.len);
		w->state_len = w->step.new_state.len;
		w->due_ms = w->step.due_ms;
		if (kind == STEP_TIMER) /* progress */
			assert_true(w->due_ms > w->now_ms || w->due_ms == STEP_DUE_NEW_OWNER);
	} else {
		assert_null(w->step.outputs);
	}
	return r;
}

struct ask {
	const char *id, *class_name, *email, *action, *programme, *time_zone, *category, *order;
	Nurture__V1__OnOpenCase on_open_case;
	int64_t expires_ms; /* after T0; 0: 10 days */
	bool exempt;
	/* id, class_name, action, programme, category, expires_ms, exempt */
	const struct ask *parts;
	size_t part_count;
	const char *country;
	uint32_t best_from_min, best_to_min;
	uint32_t own_limit; /* of own_window_ms; none when that is 0 */
	int64_t own_window_ms;
};

static inline Nurture__V1__Request world_request(struct world *w, const struct ask *ask)
{
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;

	request.id = arena_printf(&w->arena, "request-%s", ask->id);
	request.programme = (char *)(uintptr_t)(ask->programme ? ask->programme : "win-back");
	request.message_class =
	    (char *)(uintptr_t)(ask->class_name ? ask->class_name : "promotion");
	request.channel = (char *)"email";
	request.action = (char *)(uintptr_t)(ask->action ? ask->action : "tips");
	request.category = (char *)(uintptr_t)(ask->category ? ask->category : "");
	request.expires_ms = T0 + (ask->expires_ms ? ask->expires_ms : 10 * DAY_MS);
	request.exempt = ask->exempt;
	request.order = (char *)(uintptr_t)(ask->order ? ask->order : "");
	request.on_open_case = ask->on_open_case;
	return request;
}

static inline void world_send(struct world *w, const Nurture__V1__Dispatch *dispatch)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	uint8_t bytes[8192];
	struct err err;

	record.time_ms = (uint64_t)w->now_ms;
	record.customer = (char *)(uintptr_t)(w->customer ? w->customer : "");
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH;
	record.dispatch = (Nurture__V1__Dispatch *)(uintptr_t)dispatch;
	assert_true(nurture__v1__dispatch_record__get_packed_size(&record) <= sizeof(bytes));
	assert_int_equal(
	    world_step(w, STEP_RECORD,
		       slice_of(bytes, nurture__v1__dispatch_record__pack(&record, bytes)), &err),
	    0);
	/* With the event clock the timer of the instant decides. */
	if (w->sender.is_event_time && w->step.state_changed && w->step.wake_ms <= w->now_ms)
		assert_int_equal(world_step(w, STEP_TIMER, slice_of("", 0), &err), 0);
}

static inline void world_dispatch(struct world *w, struct ask ask)
{
	Nurture__V1__Dispatch dispatch = NURTURE__V1__DISPATCH__INIT;
	Nurture__V1__Request request = world_request(w, &ask), requests[8];
	Nurture__V1__Part parts[8], *list[8];
	Nurture__V1__Allowance allowance = NURTURE__V1__ALLOWANCE__INIT, *own[] = {&allowance};

	for (size_t i = 0; i < ask.part_count; i++) {
		requests[i] = world_request(w, &ask.parts[i]);
		nurture__v1__part__init(&parts[i]);
		parts[i].request = &requests[i];
		list[i] = &parts[i];
	}
	dispatch.parts = list;
	dispatch.n_parts = ask.part_count;
	allowance.limit = ask.own_limit;
	allowance.window_ms = ask.own_window_ms;
	dispatch.allowances = own;
	dispatch.n_allowances = ask.own_window_ms != 0;
	dispatch.id = (char *)(uintptr_t)ask.id;
	dispatch.request = &request;
	dispatch.email = (char *)(uintptr_t)(ask.email ? ask.email : "ann@customers.example");
	dispatch.name = (char *)"Ann Archer";
	dispatch.time_zone = (char *)(uintptr_t)(ask.time_zone ? ask.time_zone : "");
	dispatch.country = (char *)(uintptr_t)(ask.country ? ask.country : "");
	dispatch.best_from_min = ask.best_from_min;
	dispatch.best_to_min = ask.best_to_min;
	dispatch.granted_ms = w->now_ms;
	world_send(w, &dispatch);
}

/* consent: "promotion", "all", "-promotion" or NULL. */
static inline void world_contact(struct world *w, const char *email, const char *consent,
				 bool erased, const char *undeliverable)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	Nurture__V1__ConsentState all = NURTURE__V1__CONSENT_STATE__INIT, one = all;
	Nurture__V1__ConsentState *list[2] = {&all, &one};
	Nurture__V1__Bought bought = NURTURE__V1__BOUGHT__INIT, *goods[] = {&bought};
	Nurture__V1__Allowance allowance = NURTURE__V1__ALLOWANCE__INIT, *own[] = {&allowance};
	char *cases[] = {(char *)(uintptr_t)w->contact_case};
	uint8_t bytes[1024];
	struct err err;

	all.message_class = (char *)"all";
	all.given = true;
	one.said_ms = w->contact_said_ms;
	if (consent) {
		one.given = consent[0] != '-';
		one.message_class = (char *)(uintptr_t)(consent + !one.given);
		contact.consent = list;
		contact.n_consent = 2;
	}
	contact.email = (char *)(uintptr_t)email;
	contact.erased = erased;
	contact.merged = w->contact_merged;
	contact.paused_until_ms = w->contact_paused_until_ms;
	allowance.limit = 1;
	allowance.window_ms = w->contact_own_window_ms;
	contact.allowances = own;
	contact.n_allowances = w->contact_own_window_ms != 0;
	contact.open_cases = cases;
	contact.n_open_cases = w->contact_case != NULL;
	bought.category = (char *)(uintptr_t)(w->contact_bought ? w->contact_bought : "");
	bought.time_ms = w->now_ms;
	contact.bought = goods;
	contact.n_bought = w->contact_bought != NULL;
	contact.undeliverable = (char *)(uintptr_t)undeliverable;
	record.time_ms = (uint64_t)w->now_ms;
	record.customer = (char *)(uintptr_t)(w->customer ? w->customer : "");
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_CONTACT;
	record.contact = &contact;
	assert_int_equal(
	    world_step(w, STEP_RECORD,
		       slice_of(bytes, nurture__v1__dispatch_record__pack(&record, bytes)), &err),
	    0);
}

/* Each NULL for any; the reason is "order.refunded". */
static inline void world_cancel(struct world *w, const char *request, const char *programme,
				const char *order)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Cancel cancel = NURTURE__V1__CANCEL__INIT;
	uint8_t bytes[1024];
	struct err err;

	cancel.request = (char *)(uintptr_t)(request ? request : "");
	cancel.programme = (char *)(uintptr_t)(programme ? programme : "");
	cancel.order = (char *)(uintptr_t)(order ? order : "");
	cancel.reason = (char *)"order.refunded";
	record.time_ms = (uint64_t)w->now_ms;
	record.customer = (char *)(uintptr_t)(w->customer ? w->customer : "");
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_CANCEL;
	record.cancel = &cancel;
	assert_int_equal(
	    world_step(w, STEP_RECORD,
		       slice_of(bytes, nurture__v1__dispatch_record__pack(&record, bytes)), &err),
	    0);
}

/* Of which id, attempt and verdict are to be given. */
static inline void world_learn(struct world *w, Nurture__V1__DeliveryResult result)
{
	struct buf bytes = BUF_MAX(1000);
	struct err err;

	send_result_encode(&result, &bytes);
	assert_int_equal(world_step(w, STEP_RESULT, buf_slice(&bytes), &err), 0);
	buf_free(&bytes);
}

static inline void world_result(struct world *w, const char *id, uint32_t attempt,
				enum send_verdict verdict, int code, const char *text)
{
	Nurture__V1__DeliveryResult result = NURTURE__V1__DELIVERY_RESULT__INIT;

	result.id = (char *)(uintptr_t)id;
	result.attempt = attempt;
	result.verdict = (Nurture__V1__DeliveryResult__Verdict)verdict;
	result.code = (uint32_t)code;
	result.enhanced = (char *)(uintptr_t)(code == 550 ? "5.1.1" : "");
	result.text = (char *)(uintptr_t)text;
	world_learn(w, result);
}

/* Goes to the time at which the state wants to be called, and calls it. */
static inline void world_due(struct world *w)
{
	struct err err;

	assert_true(w->due_ms != NEVER_MS);
	if (w->due_ms > w->now_ms)
		w->now_ms = w->due_ms;
	assert_int_equal(world_step(w, STEP_TIMER, slice_of("", 0), &err), 0);
}

static inline void world_timer(struct world *w)
{
	struct err err;

	assert_int_equal(world_step(w, STEP_TIMER, slice_of("", 0), &err), 0);
}

#define assert_said(w, text) assert_string_equal((w)->said, text)

#endif
