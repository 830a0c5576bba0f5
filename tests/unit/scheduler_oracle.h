/*
 * scheduler_oracle.h - what the arbiter may and may not do, by brute force.
 *
 * Keeps books of its own from what went in and came out, counts windows
 * itself, and knows nothing of caps.c, quiet.c or the scheduler's parts.
 */
#ifndef NURTURE_TESTS_SCHEDULER_ORACLE_H
#define NURTURE_TESTS_SCHEDULER_ORACLE_H

#include "scheduler_world.h"

struct entry {
	int64_t at_ms;
	int message_class;
	unsigned channel; /* bit */
	const char *programme, *category;
	bool exempt, gone;
	unsigned number; /* of the request; EVENTS_MAX: elsewhere */
};

enum fate { UNHEARD, WAITING, GRANTED, ENDED };

struct asked {
	enum fate fate;
	const Nurture__V1__Request *request;
	int message_class;
	int64_t last_eligible_ms; /* of the newest deferral; 0 */
	bool is_stale;            /* looked at since, for a new contact, and perhaps not told */
	int64_t granted_ms;
	unsigned terminals;
};

struct books {
	const struct world *world;
	const Nurture__V1__Contact *contact;
	int64_t erased_ms; /* 0: nobody was */
	struct entry entries[2 * EVENTS_MAX];
	unsigned count;
	struct asked asked[EVENTS_MAX];
	char why[256]; /* what is wrong; "" */
};

static inline int class_of(const char *name)
{
	for (int i = 0; i < CLASS_COUNT; i++)
		if (strcmp(world_classes[i], name) == 0)
			return i;
	abort();
}

static inline unsigned channel_bit(const char *name)
{
	if (name[0] == 't')
		return 1U << CHANNEL_TASK;
	return 1U << (name[1] == 'x' ? CHANNEL_EXTERNAL : CHANNEL_EMAIL);
}

static inline struct entry entry_of(const Nurture__V1__Request *r, int64_t at_ms, unsigned number)
{
	return (struct entry){at_ms,
			      class_of(r->message_class),
			      channel_bit(r->channel),
			      r->programme,
			      r->category,
			      r->exempt,
			      false,
			      number};
}

static inline bool concerns(const struct cap *cap, const struct entry *e)
{
	return (cap->classes & UINT64_C(1) << e->message_class) && (cap->channels & e->channel) &&
	       (!cap->programme || !*cap->programme || !strcmp(cap->programme, e->programme)) &&
	       (!cap->category || !*cap->category || !strcmp(cap->category, e->category));
}

/* One sliding window that ends at at_ms: does it have room for e? */
static inline bool has_window(const struct books *b, const struct cap *cap, bool is_ceiling,
			      const struct entry *e, int64_t at_ms)
{
	int64_t count = 0;

	if ((e->exempt && !is_ceiling) || !concerns(cap, e))
		return true;
	for (unsigned i = 0; i < b->count; i++) {
		const struct entry *s = &b->entries[i];

		if (!s->gone && concerns(cap, s) && s->at_ms <= at_ms &&
		    s->at_ms > at_ms - cap->window_ms &&
		    (is_ceiling || !s->exempt || cap->counts_exempt))
			count++;
	}
	return count < cap->limit;
}

static inline bool caps_have_room(const struct books *b, const struct entry *e, int64_t at_ms)
{
	const struct policy *p = &b->world->policy;

	for (unsigned i = 0; i < p->cap_count; i++)
		if (!has_window(b, &p->caps[i], false, e, at_ms))
			return false;
	return has_window(b, &p->ceiling, true, e, at_ms);
}

/* How long the night still is; 0: it is day. It is winter and stays so. */
static inline int64_t night_left_ms(const struct books *b, const struct entry *e, int64_t at_ms)
{
	const struct quiet_hours *q = &b->world->policy.quiet_hours;
	bool in_vienna = b->contact->time_zone[0] ? b->contact->time_zone[0] == 'E'
						  : b->contact->country[0] == 'A';
	int64_t day_ms = (at_ms + (in_vienna ? HOUR_MS : 0)) % DAY_MS;
	int64_t from_ms = q->from_min * MINUTE_MS, to_ms = q->to_min * MINUTE_MS;
	bool night = from_ms < to_ms ? day_ms >= from_ms && day_ms < to_ms
				     : day_ms >= from_ms || day_ms < to_ms;

	if (q->off || e->channel == 1 << CHANNEL_TASK ||
	    !b->world->classes[e->message_class].quiet_hours || !night)
		return 0;
	return (to_ms - day_ms + DAY_MS) % DAY_MS;
}

/* The next instant after at_ms at which a window loses a send. */
static inline int64_t next_change_ms(const struct books *b, int64_t at_ms)
{
	const struct policy *p = &b->world->policy;
	int64_t next_ms = NEVER_MS;

	for (unsigned i = 0; i < b->count; i++)
		for (unsigned c = 0; c <= p->cap_count; c++) {
			const struct cap *cap = c < p->cap_count ? &p->caps[c] : &p->ceiling;
			int64_t end_ms = b->entries[i].at_ms + cap->window_ms;

			if (end_ms > at_ms && end_ms < next_ms)
				next_ms = end_ms;
		}
	return next_ms;
}

static inline int64_t first_ms(const struct books *b, const struct entry *e, int64_t from_ms)
{
	int64_t at_ms = from_ms, night_ms;

	while (at_ms != NEVER_MS) {
		if (!caps_have_room(b, e, at_ms))
			at_ms = next_change_ms(b, at_ms);
		else if ((night_ms = night_left_ms(b, e, at_ms)))
			at_ms += night_ms;
		else
			break;
	}
	return at_ms;
}

static inline bool agrees(const Nurture__V1__Contact *c, int message_class)
{
	int all = 0, own = -1;

	for (size_t i = 0; i < c->n_consent; i++) {
		if (strcmp(c->consent[i]->message_class, "all") == 0)
			all = c->consent[i]->given;
		if (strcmp(c->consent[i]->message_class, world_classes[message_class]) == 0)
			own = c->consent[i]->given;
	}
	return own < 0 ? all : own;
}

static inline bool in_holdout(const char *group, uint32_t permille)
{
	const struct slice parts[] = {slice_text(group), slice_text("c1")};

	return hash_fraction(parts, 2) < permille / 1000.0;
}

/* The word with which it must end at that time, or NULL. */
static inline const char *ending(const struct books *b, const struct asked *a, int64_t at_ms)
{
	const struct message_class *class = &b->world->classes[a->message_class];
	const Nurture__V1__Contact *c = b->contact;
	unsigned channel = channel_bit(a->request->channel);

	if (at_ms >= a->request->expires_ms)
		return "expired";
	if (c->erased || a->request->triggered_ms <= b->erased_ms)
		return "erased";
	if (channel != 1 << CHANNEL_TASK && class->needs_consent && !agrees(c, a->message_class))
		return "no_consent";
	if (channel == 1 << CHANNEL_EMAIL && (!c->email[0] || c->undeliverable[0]))
		return "undeliverable";
	if (class->skips_just_bought && c->n_bought && a->request->category[0] &&
	    strcmp(c->bought[0]->category, a->request->category) == 0 &&
	    at_ms - c->bought[0]->time_ms < b->world->policy.just_bought.default_ms)
		return "just_bought";
	if (class->needs_consent &&
	    (in_holdout("*", b->world->policy.holdout_permille) ||
	     in_holdout(a->request->programme, a->request->holdout_permille)))
		return "holdout";
	return NULL;
}

static inline bool is_held_up(const struct books *b, const struct asked *a)
{
	return b->world->classes[a->message_class].holds_on_open_case && b->contact->n_open_cases;
}

/* Not before; NEVER_MS while what it follows is not granted. */
static inline int64_t due_of(const struct books *b, const struct asked *a)
{
	int64_t due_ms = a->request->due_ms;

	if (!a->request->follows[0])
		return due_ms;
	for (unsigned i = 0; i < EVENTS_MAX; i++) {
		const struct asked *followed = &b->asked[i];

		if (followed->fate == GRANTED &&
		    strcmp(followed->request->id, a->request->follows) == 0) {
			int64_t after_ms = followed->granted_ms + a->request->follow_after_ms;

			return after_ms > due_ms ? after_ms : due_ms;
		}
	}
	return NEVER_MS;
}

/* When a waiting one needs its allowance, as far as anybody knows; NEVER_MS: it does not. */
static inline int64_t need_ms(const struct books *b, const struct asked *higher, int64_t now_ms)
{
	struct entry e = entry_of(higher->request, 0, 0);
	int64_t from_ms = due_of(b, higher), at_ms;

	if (from_ms == NEVER_MS || is_held_up(b, higher))
		return NEVER_MS;
	from_ms = from_ms > now_ms ? from_ms : now_ms;
	from_ms = from_ms > higher->last_eligible_ms ? from_ms : higher->last_eligible_ms;
	at_ms = first_ms(b, &e, from_ms);
	return at_ms == NEVER_MS || ending(b, higher, at_ms) ? NEVER_MS : at_ms;
}

static inline bool is_higher(const Nurture__V1__Request *a, const Nurture__V1__Request *b)
{
	return a->priority > b->priority ||
	       (a->priority == b->priority && a->value_e4 > b->value_e4);
}

/* Would e, sent now, put off what the higher one needs at need? */
static inline bool puts_off(struct books *b, struct entry e, int64_t now_ms,
			    const struct asked *higher, int64_t at_ms)
{
	struct entry other = entry_of(higher->request, 0, 0);
	int64_t later_ms;

	e.at_ms = now_ms;
	b->entries[b->count++] = e;
	later_ms = first_ms(b, &other, at_ms);
	b->count--;
	return later_ms != at_ms;
}

#endif
