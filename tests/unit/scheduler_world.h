/*
 * scheduler_world.h - random policies and histories for the arbiter.
 *
 * Everything comes from one seed.  Times lie on a coarse grid, so that many
 * things happen in one instant and many windows end at the same time.
 */
#ifndef NURTURE_TESTS_SCHEDULER_WORLD_H
#define NURTURE_TESTS_SCHEDULER_WORLD_H

#include "scheduler_driver.h"

/* 2026-01-05T00:00:00Z: no zone changes its clock soon. */
#define WORLD_BEGIN_MS INT64_C(1767571200000)
#define GRID_MS (30 * MINUTE_MS)

enum { CLASS_COUNT = 4, CAPS_MAX = 4, EVENTS_MAX = 24, ID_BYTES = 16 };

enum event_kind { REQUEST, CONTACT, CANCEL, ELSEWHERE, RELEASE, REPEAT };

struct event {
	enum event_kind kind;
	int64_t at_ms;
	unsigned number; /* REQUEST: its own; others: of the request meant */
	Nurture__V1__Request request;
	Nurture__V1__Contact contact;
	Nurture__V1__ConsentState consent[CLASS_COUNT], *consents[CLASS_COUNT];
	Nurture__V1__Bought bought, *boughts[1];
	Nurture__V1__SentElsewhere elsewhere;
	char id[ID_BYTES], follows[ID_BYTES];
};

struct world {
	uint64_t random;
	struct policy policy;
	struct message_class classes[CLASS_COUNT];
	struct cap caps[CAPS_MAX];
	struct event events[EVENTS_MAX];
	unsigned event_count;
};

/* xorshift64* */
static inline uint32_t roll(struct world *w, uint32_t sides)
{
	w->random ^= w->random >> 12;
	w->random ^= w->random << 25;
	w->random ^= w->random >> 27;
	return (uint32_t)((w->random * UINT64_C(2685821657736338717)) >> 33) % sides;
}

static inline bool chance(struct world *w, uint32_t percent)
{
	return roll(w, 100) < percent;
}

static const char *const world_classes[CLASS_COUNT] = {"receipt", "care", "feedback", "promotion"};
static const char *const world_categories[] = {"", "tents", "coffee"};
static const char *const world_programmes[] = {"p", "q"};
static char *const world_cases[] = {"late:1"};

static inline void make_cap(struct world *w, struct cap *cap, unsigned number)
{
	static const char *const names[CAPS_MAX] = {"cap0", "cap1", "cap2", "cap3"};

	*cap = (struct cap){
	    .name = names[number],
	    .limit = chance(w, 3) ? 0 : 1 + roll(w, 3),
	    .window_ms = (1 + roll(w, 120)) * GRID_MS + (chance(w, 20) ? 1 : 0),
	    .classes = chance(w, 60) ? 14 : 1 + roll(w, 15),
	    .channels = chance(w, 80) ? 1 << CHANNEL_EMAIL | 1 << CHANNEL_EXTERNAL : 7,
	    .programme = chance(w, 80) ? "" : "p",
	    .category = chance(w, 85) ? "" : "tents",
	    .counts_exempt = chance(w, 70),
	};
}

static inline void make_policy(struct world *w, const struct zones *zones)
{
	struct policy *p = &w->policy;

	*p = (struct policy){.file = "",
			     .hash = "0123456789abcdef",
			     .classes = w->classes,
			     .class_count = CLASS_COUNT,
			     .caps = w->caps,
			     .zones = zones};
	for (unsigned i = 0; i < CLASS_COUNT; i++)
		w->classes[i] = (struct message_class){
		    .name = world_classes[i],
		    .needs_consent = i > 0,
		    .holds_on_open_case = i == 3,
		    .skips_just_bought = i == 3,
		    .quiet_hours = i > 0 && chance(w, 90),
		};
	p->cap_count = roll(w, CAPS_MAX + 1);
	for (unsigned i = 0; i < p->cap_count; i++)
		make_cap(w, &w->caps[i], i);
	p->ceiling = (struct cap){.name = "ceiling",
				  .limit = 2 + roll(w, 8),
				  .window_ms = DAY_MS,
				  .classes = ALL_CLASSES,
				  .counts_exempt = true,
				  .channels = 1 << CHANNEL_EMAIL | 1 << CHANNEL_EXTERNAL};
	p->quiet_hours.off = chance(w, 30);
	p->quiet_hours.from_min = (int)roll(w, 48) * 30;
	p->quiet_hours.to_min = (p->quiet_hours.from_min + 30 + (int)roll(w, 24) * 30) % 1440;
	p->just_bought.default_ms = 2 * DAY_MS;
	p->holdout_permille = chance(w, 4) ? 1000 : 0;
	p->shop_zone = zones_find(zones, slice_text("Europe/London"));
}

static inline void make_request(struct world *w, struct event *e, unsigned number)
{
	static char *const channels[] = {"email", "task", "external"};
	Nurture__V1__Request *r = &e->request;
	unsigned channel = roll(w, 10);

	nurture__v1__request__init(r);
	e->number = number;
	/* Neither in the order of arrival nor against it. */
	snprintf(e->id, sizeof(e->id), "r%02x", (number * 37 + 11) & 0xff);
	r->id = e->id;
	r->programme = (char *)world_programmes[roll(w, 2)];
	r->message_class = (char *)world_classes[roll(w, CLASS_COUNT)];
	r->channel = channels[channel < 8 ? 0 : channel - 7];
	r->category = (char *)world_categories[roll(w, 3)];
	r->priority = (int32_t)roll(w, 4) * 10;
	r->value_e4 = roll(w, 2);
	r->triggered_ms = e->at_ms;
	r->due_ms = e->at_ms + (chance(w, 50) ? (int64_t)roll(w, 100) * GRID_MS : 0);
	r->expires_ms = r->due_ms + (1 + roll(w, 200)) * GRID_MS + (chance(w, 20) ? 1 : 0);
	r->holdout_permille = chance(w, 10) ? 300 : 0;
	r->exempt = chance(w, 10);
	if (number > 0 && channel < 9 && chance(w, 15)) {
		snprintf(e->follows, sizeof(e->follows), "r%02x",
			 (roll(w, number + 1) * 37 + 11) & 0xff);
		if (strcmp(e->follows, e->id) != 0)
			r->follows = e->follows;
		r->follow_after_ms = roll(w, 50) * GRID_MS;
	}
}

static inline void make_contact(struct world *w, struct event *e, unsigned yes_percent)
{
	Nurture__V1__Contact *c = &e->contact;

	nurture__v1__contact__init(c);
	c->email = chance(w, 96) ? "x@y.example" : "";
	c->undeliverable = chance(w, 97) ? "" : "hard";
	c->time_zone = chance(w, 60) ? "" : chance(w, 50) ? "Europe/Vienna" : "UTC";
	c->country = chance(w, 70) ? "" : "AT";
	c->erased = chance(w, 2);
	c->consent = e->consents;
	for (unsigned i = 0; i < CLASS_COUNT; i++) {
		if (i > 0 && chance(w, 60))
			continue;
		nurture__v1__consent_state__init(&e->consent[i]);
		e->consent[i].message_class = i ? (char *)world_classes[i] : "all";
		e->consent[i].given = chance(w, yes_percent);
		e->consents[c->n_consent++] = &e->consent[i];
	}
	nurture__v1__bought__init(&e->bought);
	e->bought.category = (char *)world_categories[1 + roll(w, 2)];
	e->bought.time_ms = e->at_ms - (int64_t)roll(w, 100) * GRID_MS;
	e->boughts[0] = &e->bought;
	c->bought = e->boughts;
	c->n_bought = chance(w, 20);
	c->open_cases = (char **)world_cases;
	c->n_open_cases = chance(w, 20);
}

static inline void make_event(struct world *w, struct event *e, int64_t at_ms, unsigned requests)
{
	unsigned what = roll(w, 100);

	memset(e, 0, sizeof(*e));
	e->at_ms = at_ms;
	e->number = requests ? roll(w, requests) : 0;
	snprintf(e->id, sizeof(e->id), "r%02x", (e->number * 37 + 11) & 0xff);
	e->kind = what < 62 || !requests ? REQUEST
		  : what < 74            ? CONTACT
		  : what < 80            ? CANCEL
		  : what < 88            ? ELSEWHERE
		  : what < 94            ? RELEASE
					 : REPEAT;
	if (e->kind == REQUEST)
		make_request(w, e, requests);
	if (e->kind == CONTACT)
		make_contact(w, e, 85);
	nurture__v1__sent_elsewhere__init(&e->elsewhere);
	e->elsewhere.id = e->id;
	e->elsewhere.message_class = (char *)world_classes[roll(w, CLASS_COUNT)];
	e->elsewhere.time_ms = at_ms - (chance(w, 50) ? 0 : (int64_t)roll(w, 40) * GRID_MS);
}

static inline void make_world(struct world *w, uint64_t seed, const struct zones *zones)
{
	int64_t at_ms = WORLD_BEGIN_MS;
	unsigned requests = 0;

	w->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	make_policy(w, zones);
	w->event_count = 4 + roll(w, EVENTS_MAX - 3);
	for (unsigned i = 0; i < w->event_count; i++) {
		at_ms += chance(w, 55) ? 0 : (int64_t)roll(w, 40) * GRID_MS;
		make_event(w, &w->events[i], at_ms, requests);
		requests += w->events[i].kind == REQUEST;
		if (w->events[i].kind == ELSEWHERE)
			snprintf(w->events[i].id, ID_BYTES, "x%u", i);
		if (i == 0) {
			w->events[0].kind = CONTACT;
			make_contact(w, &w->events[0], 97);
			requests = 0;
		}
	}
}

#endif
