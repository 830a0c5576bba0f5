/* destinations.c - see destinations.h. */
#include "destinations.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/hash.h"

enum {
	HOLD_MS = 15000,  /* a longer wait is not for this process to remember */
	QUEUE_MAX = 1000, /* mails of a domain that has fewer connections than there are */
	LANES_MAX = 4096, /* beyond it those without anything to say are forgotten */
	GENTLE_MS = 100,  /* between two that come back when their domain is open again */
	BUSY_MS = 60000,
};

void send_lanes_open(struct send_lanes *lanes, const struct delivery *delivery,
		     unsigned worker_limit, bool never_waits)
{
	*lanes = (struct send_lanes){
	    .delivery = delivery, .worker_limit = worker_limit, .never_waits = never_waits};
	TAILQ_INIT(&lanes->waiting);
}

static bool says_nothing(const struct send_lane *lane, int64_t now_ms)
{
	const struct lane *state = &lane->state;

	return !lane->job_count && !state->active && !state->is_blocked &&
	       lane->not_before_ms <= now_ms && lane->booked_until_ms <= now_ms &&
	       (!state->slow_count || state->paused_until_ms + HOUR_MS <= now_ms);
}

/* Frees what may be forgotten by then. */
static void sweep(struct send_lanes *lanes, int64_t now_ms)
{
	for (size_t i = 0; i < LANE_BUCKETS; i++) {
		struct send_lane **at = &lanes->buckets[i];

		while (*at) {
			struct send_lane *lane = *at;

			if (now_ms != NEVER_MS && !says_nothing(lane, now_ms)) {
				at = &lane->next;
				continue;
			}
			*at = lane->next;
			lanes->lane_count--;
			free(lane);
		}
	}
}

void send_lanes_close(struct send_lanes *lanes)
{
	sweep(lanes, NEVER_MS);
}

static size_t bucket_of(const char *name)
{
	return hash64(slice_text(name)) % LANE_BUCKETS;
}

static const char *name_of(const struct send_lanes *lanes, const struct delivery_rule *rule,
			   const char *domain)
{
	return delivery_is_default(lanes->delivery, rule) ? domain : rule->name;
}

static struct send_lane *look_up(const struct send_lanes *lanes, const struct delivery_rule *rule,
				 const char *name)
{
	struct send_lane *lane = lanes->buckets[bucket_of(name)];

	while (lane && (lane->rule != rule || strcmp(lane->name, name) != 0))
		lane = lane->next;
	return lane;
}

struct send_lane *send_lanes_known(const struct send_lanes *lanes, const char *domain)
{
	const struct delivery_rule *rule = delivery_rule_of(lanes->delivery, domain);

	return look_up(lanes, rule, name_of(lanes, rule, domain));
}

struct send_lane *send_lanes_find(struct send_lanes *lanes, const char *domain, int64_t now_ms)
{
	const struct delivery_rule *rule = delivery_rule_of(lanes->delivery, domain);
	const char *name = name_of(lanes, rule, domain);
	struct send_lane *lane = look_up(lanes, rule, name), **bucket;
	size_t len = strlen(name);

	if (lane)
		return lane;
	if (lanes->lane_count >= LANES_MAX)
		sweep(lanes, now_ms);
	lane = calloc(1, sizeof(*lane) + len + 1);
	if (!lane)
		abort();
	memcpy(lane->name, name, len + 1);
	lane->rule = rule;
	lane->jobs.last = &lane->jobs.first;
	bucket = &lanes->buckets[bucket_of(name)];
	lane->next = *bucket;
	*bucket = lane;
	lanes->lane_count++;
	return lane;
}

/* Between two mails of the lane in the long run, as its rate will be then. */
static int64_t interval_ms(const struct send_lane *lane, const char *why, int64_t wall_us)
{
	const struct delivery_rule *rule = lane->rule;
	int64_t limit;

	if (strcmp(why, "warm_up") == 0) {
		limit = warm_up_limit(&rule->warm_up, wall_us / (DAY_MS * 1000) + 1);
		return limit > 0 ? DAY_MS / limit : GENTLE_MS;
	}
	return rule->per_minute ? MINUTE_MS / rule->per_minute : GENTLE_MS;
}

/* What cannot go until then comes back one by one, not all at once. */
static struct send_hold book(struct send_lane *lane, const char *why, int64_t until_ms,
			     int64_t now_ms, int64_t wall_us)
{
	int64_t at_ms = lane->booked_until_ms > until_ms ? lane->booked_until_ms : until_ms;

	lane->booked_until_ms = at_ms + interval_ms(lane, why, wall_us);
	return (struct send_hold){why, at_ms - now_ms};
}

static const char *word_of(enum lane_word word)
{
	return word == LANE_BLOCKED ? "blocked" : "slowed";
}

struct send_hold send_lanes_hold(struct send_lanes *lanes, struct send_lane *lane, int64_t now_ms,
				 int64_t wall_us)
{
	const struct delivery_rule *rule = lane->rule;
	int64_t until_ms = 0, queue_ms;
	enum lane_word word;

	if (lanes->never_waits)
		return (struct send_hold){0};
	word = lane_look(&lanes->relay, 0, now_ms, &until_ms);
	if (word < LANE_PAUSED || until_ms - now_ms <= HOLD_MS)
		word = lane_look(&lane->state, rule->connections, now_ms, &until_ms);
	if (word >= LANE_PAUSED && until_ms - now_ms > HOLD_MS)
		return book(lane, word_of(word), until_ms, now_ms, wall_us);
	until_ms = lane->not_before_ms > now_ms ? lane->not_before_ms : now_ms;
	if (until_ms - now_ms > HOLD_MS)
		return book(lane, lane->not_before_why, until_ms, now_ms, wall_us);
	queue_ms = rule->per_minute ? lane->job_count * MINUTE_MS / rule->per_minute : 0;
	if (until_ms - now_ms + queue_ms > HOLD_MS)
		return book(lane, "rate", until_ms + queue_ms, now_ms, wall_us);
	if (rule->connections && rule->connections < lanes->worker_limit &&
	    lane->job_count >= QUEUE_MAX)
		return book(lane, "busy", now_ms + BUSY_MS, now_ms, wall_us);
	return (struct send_hold){0};
}

static void count_in(struct send_lanes *lanes, struct send_lane *lane)
{
	lanes->job_count++;
	if (lane->job_count++ == 0)
		TAILQ_INSERT_TAIL(&lanes->waiting, lane, waiting);
}

void send_lanes_push(struct send_lanes *lanes, struct send_job *job)
{
	send_queue_push(&job->lane->jobs, job);
	count_in(lanes, job->lane);
}

void send_lanes_put_back(struct send_lanes *lanes, struct send_job *job)
{
	struct send_queue *queue = &job->lane->jobs;

	job->next = queue->first;
	queue->first = job;
	if (!job->next)
		queue->last = &job->next;
	count_in(lanes, job->lane);
}

/* Its first mail, and the lane behind all others. */
static struct send_job *take_first(struct send_lanes *lanes, struct send_lane *lane)
{
	struct send_job *job = send_queue_pop(&lane->jobs);

	TAILQ_REMOVE(&lanes->waiting, lane, waiting);
	lanes->job_count--;
	if (--lane->job_count)
		TAILQ_INSERT_TAIL(&lanes->waiting, lane, waiting);
	lane_begin(&lane->state);
	lane_begin(&lanes->relay);
	return job;
}

/* May a mail of the lane begin?  *until_ms comes down to when it may. */
static bool is_open(const struct send_lane *lane, int64_t now_ms, int64_t *until_ms)
{
	int64_t open_ms = NEVER_MS;

	if (now_ms < lane->not_before_ms)
		open_ms = lane->not_before_ms;
	else if (lane_look(&lane->state, lane->rule->connections, now_ms, &open_ms) == LANE_GO)
		return true;
	if (open_ms < *until_ms)
		*until_ms = open_ms;
	return false;
}

struct send_job *send_lanes_pick(struct send_lanes *lanes, struct send_lane *first, int64_t now_ms,
				 int64_t *ret_until_ms)
{
	struct send_lane *lane;

	*ret_until_ms = NEVER_MS;
	if (lanes->never_waits)
		return (lane = TAILQ_FIRST(&lanes->waiting)) ? take_first(lanes, lane) : NULL;
	if (lane_look(&lanes->relay, 0, now_ms, ret_until_ms) != LANE_GO)
		return NULL;
	if (first && first->job_count && is_open(first, now_ms, ret_until_ms))
		return take_first(lanes, first);
	TAILQ_FOREACH(lane, &lanes->waiting, waiting)
	if (is_open(lane, now_ms, ret_until_ms))
		return take_first(lanes, lane);
	return NULL;
}

int send_lanes_end(struct send_lanes *lanes, struct send_lane *lane, enum lane_news news,
		   bool is_about_relay, int64_t now_ms, bool *ret_is_relay)
{
	/* Whatever it says of a person or domain, who says it is there. */
	enum lane_news of_relay = is_about_relay         ? news
				  : news == LANE_NO_NEWS ? LANE_NO_NEWS
							 : LANE_WELL;
	int change = lane_end(&lane->state, is_about_relay ? LANE_NO_NEWS : news, now_ms);
	int change_of_all = lane_end(&lanes->relay, of_relay, now_ms);

	*ret_is_relay = change_of_all != 0;
	return change_of_all ? change_of_all : change;
}

static void take_from(struct send_lanes *lanes, struct send_lane *lane, const char *id,
		      uint32_t attempt, struct send_queue *ret)
{
	struct send_queue kept = {.last = &kept.first};
	struct send_job *job;
	unsigned before = lane->job_count;

	if (!before)
		return;
	while ((job = send_queue_pop(&lane->jobs))) {
		bool is_meant = !id || (strcmp(job->id, id) == 0 && job->attempt == attempt);

		lane->job_count -= is_meant;
		send_queue_push(is_meant ? ret : &kept, job);
	}
	lane->jobs.first = kept.first;
	lane->jobs.last = kept.first ? kept.last : &lane->jobs.first;
	lanes->job_count -= before - lane->job_count;
	if (!lane->job_count)
		TAILQ_REMOVE(&lanes->waiting, lane, waiting);
}

void send_lanes_take(struct send_lanes *lanes, struct send_lane *lane, const char *id,
		     uint32_t attempt, struct send_queue *ret)
{
	struct send_lane *next;

	if (lane) {
		take_from(lanes, lane, id, attempt, ret);
		return;
	}
	for (lane = TAILQ_FIRST(&lanes->waiting); lane; lane = next) {
		next = TAILQ_NEXT(lane, waiting);
		take_from(lanes, lane, id, attempt, ret);
	}
}
