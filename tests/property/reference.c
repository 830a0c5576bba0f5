/* reference.c - what a record does, and which instants are decided; see reference.h. */
#include <string.h>

#include "reference.h"

static void ask(struct ref *ref, const struct happening *e)
{
	struct ref_candidate *c = &ref->candidates[e->number];
	int follows = e->ask.follows;

	if (c->state != REF_UNKNOWN)
		return;
	*c = (struct ref_candidate){.ask = &e->ask,
				    .state = REF_WAITING,
				    .number = e->number,
				    .due_ms = e->ask.due_ms,
				    .last = {.won_by = NOBODY}};
	if (follows != NOBODY) {
		const struct ref_candidate *first = &ref->candidates[follows];

		c->due_ms = NEVER_MS;
		if (first->state == REF_GRANTED)
			c->due_ms = first->granted_ms + e->ask.follow_after_ms;
		if (first->state == REF_GRANTED && c->due_ms < e->ask.due_ms)
			c->due_ms = e->ask.due_ms;
	}
	c->look_ms = c->due_ms > ref->now_ms ? c->due_ms : ref->now_ms;
	if ((follows != NOBODY && ref->candidates[follows].state == REF_ENDED) ||
	    (ref->erased_ms && e->ask.triggered_ms <= ref->erased_ms))
		c->look_ms = ref->now_ms;
	if (e->ask.channel == CHANNEL_EXTERNAL)
		ref_answer(ref, c);
}

static bool is_meant(const struct happening *e, const struct ref_candidate *c)
{
	bool by_order_alone =
	    e->number == NOBODY && e->by_programme == NOBODY && e->by_order != NOBODY;

	return (e->number == NOBODY || e->number == c->number) &&
	       (e->by_programme == NOBODY || e->by_programme == c->ask->programme) &&
	       (e->by_order == NOBODY || e->by_order == c->ask->order) &&
	       !(by_order_alone && c->ask->outlives_order);
}

/* What somebody was given, as long as it is neither over nor too late. */
static void take_back(struct ref *ref, struct ref_candidate *c)
{
	if (c->state != REF_GRANTED || c->ask->channel != CHANNEL_TASK || c->is_over ||
	    c->ask->expires_ms <= ref->now_ms)
		return;
	c->is_over = true;
	ref_say(ref, c, STATUS_TAKEN_BACK, NULL);
}

static void cancel(struct ref *ref, const struct happening *e)
{
	for (int i = 0; i < CASE_EVENTS_MAX; i++) {
		struct ref_candidate *c = &ref->candidates[i];

		if (c->state == REF_UNKNOWN || !is_meant(e, c))
			continue;
		if (c->state == REF_WAITING)
			ref_end(ref, c, STATUS_CANCELLED, NULL);
		else
			take_back(ref, c);
	}
}

static bool is_same_person(const struct person *a, const struct person *b)
{
	if (a->own_count != b->own_count ||
	    memcmp(a->own, b->own, a->own_count * sizeof(*a->own)) != 0)
		return false;
	return a->has_address == b->has_address && a->bounces == b->bounces &&
	       a->erased == b->erased && a->merged == b->merged && a->has_case == b->has_case &&
	       strcmp(a->zone, b->zone) == 0 && strcmp(a->country, b->country) == 0 &&
	       memcmp(a->consent, b->consent, sizeof(a->consent)) == 0 &&
	       memcmp(a->bought_ms, b->bought_ms, sizeof(a->bought_ms)) == 0 &&
	       a->paused_until_ms == b->paused_until_ms;
}

/* An erasure waits for nothing. */
static void end_all(struct ref *ref, enum status status)
{
	for (int i = 0; i < CASE_EVENTS_MAX; i++)
		if (ref->candidates[i].state == REF_WAITING)
			ref_end(ref, &ref->candidates[i], status, NULL);
		else
			take_back(ref, &ref->candidates[i]);
}

/* An erasure is remembered for 400 days: then whoever was nothing but erased is nobody. */
static void expire_erasure(struct ref *ref)
{
	static const struct person nobody = {.zone = "", .country = ""};

	if (!ref->person.erased || ref->now_ms < ref->erased_ms + 400 * DAY_MS)
		return;
	ref->person = nobody;
	ref->erased_ms = 0;
	ref_forget_nights();
}

static void change_person(struct ref *ref, const struct happening *e)
{
	static const struct person forgotten = {.erased = true, .zone = "", .country = ""};
	const struct person before = ref->person;

	if (e->person.erased && !ref->person.erased)
		ref->erased_ms = ref->now_ms;
	else if (ref->now_ms >= ref->erased_ms + 400 * DAY_MS)
		ref->erased_ms = 0;
	ref->person = e->person.erased ? forgotten : e->person;
	if (is_same_person(&before, &ref->person))
		return;
	ref_forget_nights();
	if (ref->person.erased)
		end_all(ref, STATUS_ERASED);
	/* What is not due yet ends as well when the person wants nothing of it any more. */
	for (int i = 0; i < CASE_EVENTS_MAX; i++) {
		struct ref_candidate *c = &ref->candidates[i];

		if (c->state == REF_WAITING &&
		    (c->due_ms <= ref->now_ms ||
		     (ref_consents(ref, c, &before) && !ref_consents(ref, c, &ref->person))))
			c->look_ms = ref->now_ms;
	}
}

static void confirm(struct ref *ref, int number)
{
	for (unsigned i = 0; i < ref->entry_count; i++)
		if (ref->entries[i].number == number)
			ref->entries[i].lapses_ms = NEVER_MS;
}

static void hear(struct ref *ref, const struct happening *e)
{
	switch (e->kind) {
	case ASKED:
		ask(ref, e);
		break;
	case PERSON_CHANGED:
		change_person(ref, e);
		break;
	case CANCELLED:
		cancel(ref, e);
		break;
	case SENT_ELSEWHERE:
		ref->entries[ref->entry_count++] =
		    (struct ref_entry){.at_ms = e->sent_ms,
				       .lapses_ms = NEVER_MS,
				       .message_class = e->ask.message_class,
				       .programme = NOBODY,
				       .category = e->ask.category,
				       .channel = e->ask.channel,
				       /* Another one each time, and no request. */
				       .number = NOBODY - 1 - (int)ref->elsewhere_count++};
		break;
	case RELEASED:
		ref_release(ref, e->number);
		break;
	case CONFIRMED:
		confirm(ref, e->number);
		break;
	case DONE:
		ref->candidates[e->number].is_over |=
		    ref->candidates[e->number].state == REF_GRANTED;
		break;
	case ASKED_AGAIN:
		break; /* a repeat changes nothing */
	}
}

/* The next instant at which anything is weighed or lapses. */
static int64_t next_look(const struct ref *ref)
{
	int64_t next_ms = NEVER_MS;

	for (int i = 0; i < CASE_EVENTS_MAX; i++) {
		const struct ref_candidate *c = &ref->candidates[i];

		if (c->state != REF_WAITING)
			continue;
		next_ms = c->look_ms < next_ms ? c->look_ms : next_ms;
		next_ms = c->ask->expires_ms < next_ms ? c->ask->expires_ms : next_ms;
	}
	for (unsigned i = 0; i < ref->entry_count; i++)
		if (ref->entries[i].lapses_ms < next_ms)
			next_ms = ref->entries[i].lapses_ms;
	return next_ms;
}

void reference_run(const struct test_case *c, struct facts *ret)
{
	static struct ref ref;

	ref = (struct ref){
	    .c = c, .policy = &c->policy, .facts = ret, .person = {.zone = "", .country = ""}};
	*ret = (struct facts){.count = 0};
	ref_forget_nights();
	for (unsigned at = 0; at <= c->event_count;) {
		int64_t record_ms = at < c->event_count ? c->events[at].at_ms : NEVER_MS;
		int64_t look_ms = next_look(&ref), before_ms = ref.now_ms;

		ref.now_ms = look_ms < record_ms ? look_ms : record_ms;
		expire_erasure(&ref);
		if (ref.now_ms == NEVER_MS)
			return;
		if (ref.now_ms == before_ms) {
			snprintf(ret->trouble, sizeof(ret->trouble), "the reference is stuck");
			return;
		}
		ref_lapse(&ref);
		for (; at < c->event_count && c->events[at].at_ms == ref.now_ms; at++)
			if (!c->events[at].dropped)
				hear(&ref, &c->events[at]);
		ref_decide(&ref);
	}
}
