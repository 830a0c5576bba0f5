/* destinations.c - see destinations.h. */
#include "destinations.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/policy/rule.h"

enum {
	WAIT_HERE_MAX_MS = 15000, /* for a longer wait the mail goes back to the loop */
	QUEUE_MAX = 1000,         /* mails of a domain that has fewer connections than there are */
	DESTINATIONS_MAX = 4096,  /* with more of them, those without feedback are forgotten */
	SPACING_MS = 100, /* between two mails that come back when their domain is open again */
	BUSY_MS = 60000,
};

void send_destinations_open(struct send_destinations *destinations, const struct delivery *delivery,
			    unsigned worker_limit, bool never_waits)
{
	*destinations = (struct send_destinations){
	    .delivery = delivery, .worker_limit = worker_limit, .never_waits = never_waits};
	TAILQ_INIT(&destinations->waiting);
}

static bool is_forgettable(const struct send_destination *destination, int64_t now_ms)
{
	const struct destination *state = &destination->state;

	return !destination->job_count && !state->active && !state->is_blocked &&
	       destination->not_before_ms <= now_ms && destination->reserved_until_ms <= now_ms &&
	       (!state->slow_count || state->paused_until_ms + HOUR_MS <= now_ms);
}

/* Frees the destinations that may be forgotten by now. */
static void sweep(struct send_destinations *destinations, int64_t now_ms)
{
	for (size_t i = 0; i < DESTINATION_BUCKETS; i++) {
		struct send_destination **at = &destinations->buckets[i];

		while (*at) {
			struct send_destination *destination = *at;

			if (now_ms != NEVER_MS && !is_forgettable(destination, now_ms)) {
				at = &destination->next;
				continue;
			}
			*at = destination->next;
			destinations->count--;
			free(destination);
		}
	}
}

void send_destinations_close(struct send_destinations *destinations)
{
	sweep(destinations, NEVER_MS);
}

static size_t bucket_of(const char *name)
{
	return hash64(slice_text(name)) % DESTINATION_BUCKETS;
}

static const char *name_of(const struct send_destinations *destinations,
			   const struct delivery_rule *rule, const char *domain)
{
	return delivery_is_default(destinations->delivery, rule) ? domain : rule->name;
}

static struct send_destination *look_up(const struct send_destinations *destinations,
					const struct delivery_rule *rule, const char *name)
{
	struct send_destination *destination = destinations->buckets[bucket_of(name)];

	while (destination && (destination->rule != rule || strcmp(destination->name, name) != 0))
		destination = destination->next;
	return destination;
}

struct send_destination *send_destinations_known(const struct send_destinations *destinations,
						 const char *domain)
{
	const struct delivery_rule *rule = delivery_rule_of(destinations->delivery, domain);

	return look_up(destinations, rule, name_of(destinations, rule, domain));
}

struct send_destination *send_destinations_find(struct send_destinations *destinations,
						const char *domain, int64_t now_ms)
{
	const struct delivery_rule *rule = delivery_rule_of(destinations->delivery, domain);
	const char *name = name_of(destinations, rule, domain);
	struct send_destination *destination = look_up(destinations, rule, name), **bucket;
	size_t len = strlen(name);

	if (destination)
		return destination;
	if (destinations->count >= DESTINATIONS_MAX)
		sweep(destinations, now_ms);
	destination = calloc(1, sizeof(*destination) + len + 1);
	if (!destination)
		abort();
	memcpy(destination->name, name, len + 1);
	destination->rule = rule;
	destination->jobs.last = &destination->jobs.first;
	bucket = &destinations->buckets[bucket_of(name)];
	destination->next = *bucket;
	*bucket = destination;
	destinations->count++;
	return destination;
}

/* Returns the time between two mails of the destination in the long run, by its later rate. */
static int64_t interval_ms(const struct send_destination *destination, const char *why,
			   int64_t wall_us)
{
	const struct delivery_rule *rule = destination->rule;
	int64_t limit;

	if (rule_is(why, RULE_WARM_UP)) {
		limit = warm_up_limit(&rule->warm_up, wall_us / (DAY_MS * 1000) + 1);
		return limit > 0 ? DAY_MS / limit : SPACING_MS;
	}
	return rule->per_minute ? MINUTE_MS / rule->per_minute : SPACING_MS;
}

/* Says when a mail that cannot go yet comes back: one after the other, not all at once. */
static struct send_deferral reserve(struct send_destination *destination, const char *why,
				    int64_t until_ms, int64_t now_ms, int64_t wall_us)
{
	int64_t at_ms =
	    destination->reserved_until_ms > until_ms ? destination->reserved_until_ms : until_ms;

	destination->reserved_until_ms = at_ms + interval_ms(destination, why, wall_us);
	return (struct send_deferral){why, at_ms - now_ms};
}

static const char *status_rule(enum destination_status status)
{
	return status == DESTINATION_BLOCKED ? rule_text(RULE_BLOCKED) : rule_text(RULE_SLOWED);
}

struct send_deferral send_destinations_defer(struct send_destinations *destinations,
					     struct send_destination *destination, int64_t now_ms,
					     int64_t wall_us)
{
	const struct delivery_rule *rule = destination->rule;
	int64_t until_ms = 0, queue_ms;
	enum destination_status status;

	if (destinations->never_waits)
		return (struct send_deferral){0};
	status = destination_status(&destinations->relay, 0, now_ms, &until_ms);
	if (status < DESTINATION_PAUSED || until_ms - now_ms <= WAIT_HERE_MAX_MS)
		status =
		    destination_status(&destination->state, rule->connections, now_ms, &until_ms);
	if (status >= DESTINATION_PAUSED && until_ms - now_ms > WAIT_HERE_MAX_MS)
		return reserve(destination, status_rule(status), until_ms, now_ms, wall_us);
	until_ms = destination->not_before_ms > now_ms ? destination->not_before_ms : now_ms;
	if (until_ms - now_ms > WAIT_HERE_MAX_MS)
		return reserve(destination, destination->not_before_why, until_ms, now_ms, wall_us);
	queue_ms = rule->per_minute ? destination->job_count * MINUTE_MS / rule->per_minute : 0;
	if (until_ms - now_ms + queue_ms > WAIT_HERE_MAX_MS)
		return reserve(destination, rule_text(RULE_RATE), until_ms + queue_ms, now_ms,
			       wall_us);
	if (rule->connections && rule->connections < destinations->worker_limit &&
	    destination->job_count >= QUEUE_MAX)
		return reserve(destination, rule_text(RULE_BUSY), now_ms + BUSY_MS, now_ms,
			       wall_us);
	return (struct send_deferral){0};
}

static void count_in(struct send_destinations *destinations, struct send_destination *destination)
{
	destinations->job_count++;
	if (destination->job_count++ == 0)
		TAILQ_INSERT_TAIL(&destinations->waiting, destination, waiting);
}

void send_destinations_push(struct send_destinations *destinations, struct send_job *job)
{
	send_queue_push(&job->destination->jobs, job);
	count_in(destinations, job->destination);
}

void send_destinations_put_back(struct send_destinations *destinations, struct send_job *job)
{
	struct send_queue *queue = &job->destination->jobs;

	job->next = queue->first;
	queue->first = job;
	if (!job->next)
		queue->last = &job->next;
	count_in(destinations, job->destination);
}

/* Takes the destination's first mail, and puts the destination behind all others. */
static struct send_job *take_first(struct send_destinations *destinations,
				   struct send_destination *destination)
{
	struct send_job *job = send_queue_pop(&destination->jobs);

	TAILQ_REMOVE(&destinations->waiting, destination, waiting);
	destinations->job_count--;
	if (--destination->job_count)
		TAILQ_INSERT_TAIL(&destinations->waiting, destination, waiting);
	destination_begin(&destination->state);
	destination_begin(&destinations->relay);
	return job;
}

/* May a mail of the destination begin?  *until_ms comes down to when it may. */
static bool is_open(const struct send_destination *destination, int64_t now_ms, int64_t *until_ms)
{
	int64_t open_ms = NEVER_MS;

	if (now_ms < destination->not_before_ms)
		open_ms = destination->not_before_ms;
	else if (destination_status(&destination->state, destination->rule->connections, now_ms,
				    &open_ms) == DESTINATION_READY)
		return true;
	if (open_ms < *until_ms)
		*until_ms = open_ms;
	return false;
}

struct send_job *send_destinations_pick(struct send_destinations *destinations,
					struct send_destination *first, int64_t now_ms,
					int64_t *ret_until_ms)
{
	struct send_destination *destination;

	*ret_until_ms = NEVER_MS;
	if (destinations->never_waits)
		return (destination = TAILQ_FIRST(&destinations->waiting))
			   ? take_first(destinations, destination)
			   : NULL;
	if (destination_status(&destinations->relay, 0, now_ms, ret_until_ms) != DESTINATION_READY)
		return NULL;
	if (first && first->job_count && is_open(first, now_ms, ret_until_ms))
		return take_first(destinations, first);
	TAILQ_FOREACH (destination, &destinations->waiting, waiting)
		if (is_open(destination, now_ms, ret_until_ms))
			return take_first(destinations, destination);
	return NULL;
}

int send_destinations_end(struct send_destinations *destinations,
			  struct send_destination *destination, enum destination_feedback feedback,
			  bool is_about_relay, int64_t now_ms, bool *ret_is_relay)
{
	/* A relay that speaks of a person or a domain works itself. */
	enum destination_feedback of_relay = is_about_relay              ? feedback
					     : feedback == FEEDBACK_NONE ? FEEDBACK_NONE
									 : FEEDBACK_OK;
	int change =
	    destination_end(&destination->state, is_about_relay ? FEEDBACK_NONE : feedback, now_ms);
	int change_of_all = destination_end(&destinations->relay, of_relay, now_ms);

	*ret_is_relay = change_of_all != 0;
	return change_of_all ? change_of_all : change;
}

static void take_from(struct send_destinations *destinations, struct send_destination *destination,
		      const char *id, uint32_t attempt, struct send_queue *ret)
{
	struct send_queue kept = {.last = &kept.first};
	struct send_job *job;
	unsigned before = destination->job_count;

	if (!before)
		return;
	while ((job = send_queue_pop(&destination->jobs))) {
		bool is_meant = !id || (strcmp(job->id, id) == 0 && job->attempt == attempt);

		destination->job_count -= is_meant;
		send_queue_push(is_meant ? ret : &kept, job);
	}
	destination->jobs.first = kept.first;
	destination->jobs.last = kept.first ? kept.last : &destination->jobs.first;
	destinations->job_count -= before - destination->job_count;
	if (!destination->job_count)
		TAILQ_REMOVE(&destinations->waiting, destination, waiting);
}

void send_destinations_take(struct send_destinations *destinations,
			    struct send_destination *destination, const char *id, uint32_t attempt,
			    struct send_queue *ret)
{
	struct send_destination *next;

	if (destination) {
		take_from(destinations, destination, id, attempt, ret);
		return;
	}
	for (destination = TAILQ_FIRST(&destinations->waiting); destination; destination = next) {
		next = TAILQ_NEXT(destination, waiting);
		take_from(destinations, destination, id, attempt, ret);
	}
}
