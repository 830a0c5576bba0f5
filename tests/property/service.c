/*
 * service.c - a case through sched_step(), driven as common/stream drives it on
 * the event clock: the records of an instant, then its timer.
 */
#include "facts.h"

#include "tests/unit/scheduler_driver.h"

static struct driver driver;

static int number_of(const struct test_case *c, const char *id)
{
	for (int i = 0; i < CASE_EVENTS_MAX; i++)
		if (strcmp(request_name(c, i), id) == 0)
			return i;
	return NOBODY;
}

static void keep_outcome(const struct test_case *c, const Nurture__V1__Outcome *o,
			 struct facts *ret)
{
	struct fact *fact = facts_add(ret);

	*fact = (struct fact){.at_ms = (int64_t)o->at_ms,
			      .request = number_of(c, o->request),
			      .status = status_from_text(slice_text(o->status)),
			      .host = NOBODY,
			      .won_by = NOBODY};
	if (o->merged_into[0])
		fact->host = number_of(c, o->merged_into);
	if (!o->reason)
		return;
	snprintf(fact->rule, sizeof(fact->rule), "%s", o->reason->rule);
	fact->count = o->reason->count;
	fact->limit = o->reason->limit;
	fact->window_s = o->reason->window_s;
	fact->eligible_ms = o->reason->eligible_at_ms;
	fact->won_by = number_of(c, o->reason->won_by);
}

static void keep_task(const struct test_case *c, const struct output *o, struct facts *ret)
{
	static struct arena arena;
	Nurture__V1__Task *task;
	struct err err;

	arena_reset(&arena);
	if (task_decode(o->bytes, &arena, &task, &err) < 0)
		snprintf(ret->trouble, sizeof(ret->trouble), "a task: %.150s", err.text);
	else if (!task_is_open(task))
		*facts_add(ret) = (struct fact){.at_ms = o->at_ms,
						.status = STATUS_TAKEN_BACK,
						.request = number_of(c, task->request),
						.host = NOBODY,
						.won_by = NOBODY};
}

static void keep_mail(const struct test_case *c, const struct output *o, struct facts *ret)
{
	const Nurture__V1__Dispatch *mail;
	int host;

	if (o->dispatch->body_case != NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH)
		return;
	mail = o->dispatch->dispatch;
	host = number_of(c, mail->request->id);
	*facts_add(ret) = (struct fact){.at_ms = o->at_ms,
					.request = host,
					.status = STATUS_DISPATCHED,
					.host = NOBODY,
					.won_by = NOBODY};
	for (size_t i = 0; i < mail->n_parts; i++)
		*facts_add(ret) =
		    (struct fact){.at_ms = o->at_ms,
				  .host = host,
				  .won_by = NOBODY,
				  .request = number_of(c, mail->parts[i]->request->id),
				  .status = STATUS_DISPATCHED};
}

static Nurture__V1__Request *request_of(const struct test_case *c, const struct happening *e)
{
	static Nurture__V1__Request r;
	const struct ask *a = &e->ask;

	nurture__v1__request__init(&r);
	r.id = (char *)request_name(c, e->number);
	r.programme = (char *)programme_name(a->programme);
	r.message_class = (char *)class_name(a->message_class);
	r.channel = (char *)channel_text(a->channel);
	r.category = (char *)category_name(a->category);
	r.order = (char *)order_name(a->order);
	r.priority = a->priority;
	r.value_e4 = a->value_e4;
	r.triggered_ms = a->triggered_ms;
	r.due_ms = a->due_ms;
	r.expires_ms = a->expires_ms;
	r.holdout_permille = a->held_out ? 1000 : 0;
	r.exempt = a->exempt;
	r.always = a->always;
	r.on_open_case = (Nurture__V1__OnOpenCase)a->on_open_case;
	r.outlives_order = a->outlives_order;
	r.merge = (char *)group_name(a->group);
	r.send_from_min = (uint32_t)a->window.from_min;
	r.send_to_min = (uint32_t)a->window.to_min;
	r.reserve_ms = a->reserve_ms;
	if (a->follows != NOBODY)
		r.follows = (char *)request_name(c, a->follows);
	r.follow_after_ms = a->follow_after_ms;
	return &r;
}

static void add_lists(const struct person *p, Nurture__V1__Contact *contact)
{
	static Nurture__V1__ConsentState said[CASE_CLASSES + 1], *saids[CASE_CLASSES + 1];
	static Nurture__V1__Bought goods[CASE_CATEGORIES], *good[CASE_CATEGORIES];
	static Nurture__V1__Allowance own[CASE_OWN_MAX], *owns[CASE_OWN_MAX];

	contact->consent = saids;
	contact->bought = good;
	contact->allowances = owns;
	for (int i = 0; i <= CASE_CLASSES; i++) {
		nurture__v1__consent_state__init(&said[i]);
		said[i].message_class = (char *)(i == CASE_CLASSES ? "all" : class_name(i));
		said[i].given = p->consent[i] > 0;
		if (p->consent[i])
			saids[contact->n_consent++] = &said[i];
	}
	for (int i = 1; i < CASE_CATEGORIES; i++) {
		nurture__v1__bought__init(&goods[i]);
		goods[i].category = (char *)category_name(i);
		goods[i].time_ms = p->bought_ms[i];
		if (p->bought_ms[i])
			good[contact->n_bought++] = &goods[i];
	}
	for (unsigned i = 0; i < p->own_count; i++) {
		nurture__v1__allowance__init(&own[i]);
		own[i].limit = (uint32_t)p->own[i].limit;
		own[i].window_ms = p->own[i].window_ms;
		owns[contact->n_allowances++] = &own[i];
	}
}

static Nurture__V1__Contact *contact_of(const struct person *p)
{
	static Nurture__V1__Contact contact;
	static char *cases[] = {"late:1"};

	nurture__v1__contact__init(&contact);
	contact.email = p->has_address ? "someone@customers.example" : "";
	contact.undeliverable = p->bounces ? "hard" : "";
	contact.erased = p->erased;
	contact.merged = p->merged;
	contact.time_zone = (char *)p->zone;
	contact.country = (char *)p->country;
	contact.open_cases = cases;
	contact.n_open_cases = p->has_case;
	contact.paused_until_ms = p->paused_until_ms;
	add_lists(p, &contact);
	return &contact;
}

static bool was_asked(const struct test_case *c, int number)
{
	for (unsigned i = 0; i < c->event_count; i++)
		if (c->events[i].kind == ASKED && c->events[i].number == number)
			return !c->events[i].dropped;
	return false;
}

static const struct happening *first_asked(const struct test_case *c, const struct happening *e)
{
	const struct happening *first = c->events;

	while (first->kind != ASKED || first->number != e->number)
		first++;
	return first;
}

static int tell_sent_elsewhere(const struct happening *e)
{
	Nurture__V1__SentElsewhere sent = NURTURE__V1__SENT_ELSEWHERE__INIT;
	char id[32];

	snprintf(id, sizeof(id), "x%p", (const void *)e);
	sent.id = id;
	sent.message_class = (char *)class_name(e->ask.message_class);
	sent.channel = (char *)channel_text(e->ask.channel);
	sent.category = (char *)category_name(e->ask.category);
	sent.time_ms = e->sent_ms;
	return driver_elsewhere(&driver, e->at_ms, &sent);
}

static int tell_about(const struct test_case *c, const struct happening *e)
{
	Nurture__V1__Cancel cancel = NURTURE__V1__CANCEL__INIT;
	Nurture__V1__Release release = NURTURE__V1__RELEASE__INIT;
	Nurture__V1__Confirm confirm = NURTURE__V1__CONFIRM__INIT;
	Nurture__V1__TaskDone done = NURTURE__V1__TASK_DONE__INIT;
	char task[ID_TEXT_BYTES];
	char *id = (char *)(e->number == NOBODY ? "" : request_name(c, e->number));

	if (e->kind == RELEASED) {
		release.request = id;
		return driver_release(&driver, e->at_ms, &release);
	}
	if (e->kind == CONFIRMED) {
		confirm.request = id;
		return driver_confirm(&driver, e->at_ms, &confirm);
	}
	if (e->kind == DONE) {
		id_of_texts(task, id, "task", NULL);
		done.task = task;
		return driver_task_done(&driver, e->at_ms, &done);
	}
	cancel.request = id;
	cancel.reason = "gone";
	if (e->by_programme != NOBODY)
		cancel.programme = (char *)programme_name(e->by_programme);
	if (e->by_order != NOBODY)
		cancel.order = (char *)order_name(e->by_order);
	return driver_cancel(&driver, e->at_ms, &cancel);
}

static int tell(const struct test_case *c, const struct happening *e)
{
	switch (e->kind) {
	case ASKED:
		return driver_request(&driver, e->at_ms, request_of(c, e));
	case ASKED_AGAIN:
		return was_asked(c, e->number)
			   ? driver_request(&driver, e->at_ms, request_of(c, first_asked(c, e)))
			   : 0;
	case PERSON_CHANGED:
		return driver_contact(&driver, e->at_ms, contact_of(&e->person));
	case SENT_ELSEWHERE:
		return tell_sent_elsewhere(e);
	case CANCELLED:
	case RELEASED:
	case CONFIRMED:
	case DONE:
		break;
	}
	return tell_about(c, e);
}

void service_run(const struct test_case *c, struct facts *ret)
{
	ret->count = 0;
	ret->trouble[0] = '\0';
	if (!driver.customer)
		driver_open(&driver, &c->policy);
	driver_restart(&driver);
	driver.service.policy = &c->policy;
	for (unsigned i = 0; i < c->event_count && !ret->trouble[0]; i++)
		if (!c->events[i].dropped && tell(c, &c->events[i]) < 0)
			snprintf(ret->trouble, sizeof(ret->trouble), "the service refused: %.150s",
				 driver.err.text);
	driver_run(&driver, NEVER_MS - 1);
	for (size_t i = 0; i < driver.output_count; i++) {
		const struct output *o = &driver.outputs[i];

		if (o->topic == SCHED_OUTCOMES)
			keep_outcome(c, o->outcome, ret);
		if (o->topic == SCHED_DISPATCH)
			keep_mail(c, o, ret);
		if (o->topic == SCHED_TASKS)
			keep_task(c, o, ret);
	}
}
