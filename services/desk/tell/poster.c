/* poster.c - see poster.h. */
#include "poster.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/codec/protobuf_message.h"
#include "common/io/http/http_post.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "post_counts.h"

enum {
	QUEUE_MAX = 1000,     /* of one webhook */
	FULL_WAIT_MS = 30000, /* of what finds the queue full */
	POST_WAIT_MS = 10000,
	ANSWER_MAX_BYTES = 64 * 1024,
	REST_FIRST_MS = 1000,
	REST_MAX_MS = 60000,
	STATUS_GONE = 410,
};

struct job {
	struct job *next;
	int32_t partition;
	struct arena arena; /* of all that it points to */
	struct slice customer, body, result;
	char *hook, *id;
};

struct queue {
	struct job *first, **last;
};

/* A webhook, how it is, and what waits for it: a thread of its own sees to that. */
struct place {
	struct dsk_poster *poster;
	const struct dsk_hook *hook;
	struct dsk_post_counts counts;
	pthread_t thread;
	pthread_cond_t wake;
	struct queue todo;
	size_t waiting;
	int64_t rest_ms, rests_until_ms; /* monotonic */
};

struct dsk_poster {
	pthread_mutex_t lock;
	bool is_stopping;
	struct place *places;
	size_t place_count; /* whose threads run */
	struct queue done;
	struct job *taken;
	size_t in_flight; /* the loop's own */
};

static void push(struct queue *queue, struct job *job)
{
	job->next = NULL;
	*queue->last = job;
	queue->last = &job->next;
}

static struct job *pop(struct queue *queue)
{
	struct job *job = queue->first;

	if (job && !(queue->first = job->next))
		queue->last = &queue->first;
	return job;
}

static void job_free(struct job *job)
{
	if (!job)
		return;
	arena_free(&job->arena);
	free(job);
}

/* With the lock held. */
static void give_back(struct dsk_poster *poster, struct job *job, Nurture__V1__DeskPosted posted)
{
	posted.hook = job->hook;
	posted.id = job->id;
	job->result = message_pack(&posted, &job->arena);
	push(&poster->done, job);
}

/* With the lock held: untried, to come again after wait_ms. */
static void turn_away(struct dsk_poster *poster, struct job *job, int64_t wait_ms)
{
	Nurture__V1__DeskPosted posted = NURTURE__V1__DESK_POSTED__INIT;

	posted.wait_ms = wait_ms;
	give_back(poster, job, posted);
}

/* With the lock held: gives back what the webhook's rest keeps, and returns the next, or NULL. */
static struct job *next_job(struct place *place)
{
	int64_t rest_ms = place->rests_until_ms - clock_monotonic_ms();
	struct job *job;

	while ((job = pop(&place->todo))) {
		place->waiting--;
		if (rest_ms <= 0)
			return job;
		turn_away(place->poster, job, rest_ms);
	}
	return NULL;
}

static Nurture__V1__DeskPosted post(const struct dsk_hook *hook, const struct job *job,
				    struct arena *arena, struct err *why)
{
	Nurture__V1__DeskPosted posted = NURTURE__V1__DESK_POSTED__INIT;
	char timestamp[32];
	const char *headers[5] = {"Content-Type: application/json"};
	struct http_post request = {hook->url, headers, job->body, POST_WAIT_MS, ANSWER_MAX_BYTES};
	struct http_posted answer = {0};

	snprintf(timestamp, sizeof(timestamp), "%lld", (long long)(clock_wall_ms() / 1000));
	headers[1] = arena_printf(arena, "webhook-id: %s", job->id);
	headers[2] = arena_printf(arena, "webhook-timestamp: %s", timestamp);
	if (hook->key_count)
		headers[3] = arena_printf(arena, "webhook-signature: %s",
					  webhook_signatures(hook->keys, hook->key_count, job->id,
							     timestamp, job->body, arena));
	posted.is_tried = true;
	if (http_post(&request, &answer, why) < 0)
		return posted;
	posted.is_taken = answer.status >= 200 && answer.status < 300;
	posted.is_gone = answer.status == STATUS_GONE;
	posted.wait_ms = answer.retry_after_ms;
	err_set(why, "it answers %ld", answer.status);
	return posted;
}

/* With the lock held. */
static void learn(struct place *place, bool is_taken, const struct err *why)
{
	bool rested = place->rest_ms > 0;

	dsk_post_counts_add(&place->counts, is_taken);
	place->rest_ms = is_taken ? 0 : rested ? 2 * place->rest_ms : REST_FIRST_MS;
	if (place->rest_ms > REST_MAX_MS)
		place->rest_ms = REST_MAX_MS;
	place->rests_until_ms = is_taken ? 0 : clock_monotonic_ms() + place->rest_ms;
	/* Once for each time that it goes, and comes back. */
	if (!is_taken && !rested)
		log_event(LOG_LEVEL_WARN, "webhook_failed", "webhook", place->hook->name, "why",
			  why->text, NULL);
	if (is_taken && rested)
		log_event(LOG_LEVEL_INFO, "webhook_is_back", "webhook", place->hook->name, NULL);
}

static void *work(void *context)
{
	struct place *place = context;
	struct dsk_poster *poster = place->poster;
	struct arena arena = {0};

	pthread_mutex_lock(&poster->lock);
	while (!poster->is_stopping) {
		struct job *job = next_job(place);
		Nurture__V1__DeskPosted posted;
		struct err why = {0};

		if (!job) {
			pthread_cond_wait(&place->wake, &poster->lock);
			continue;
		}
		pthread_mutex_unlock(&poster->lock);
		arena_reset(&arena);
		posted = post(place->hook, job, &arena, &why);
		pthread_mutex_lock(&poster->lock);
		learn(place, posted.is_taken, &why);
		give_back(poster, job, posted);
	}
	pthread_mutex_unlock(&poster->lock);
	arena_free(&arena);
	return NULL;
}

static int start(struct dsk_poster *poster, const struct dsk_hook *hook, struct err *err)
{
	struct place *place = &poster->places[poster->place_count];

	place->poster = poster;
	place->hook = hook;
	place->todo.last = &place->todo.first;
	dsk_post_counts_open(&place->counts, hook->name);
	pthread_cond_init(&place->wake, NULL);
	if (pthread_create(&place->thread, NULL, work, place)) {
		pthread_cond_destroy(&place->wake);
		return err_environment(err, "a thread for webhooks could not be started");
	}
	poster->place_count++;
	return 0;
}

int dsk_poster_open(struct dsk_poster **ret, const struct dsk_hooks *hooks, struct err *err)
{
	struct dsk_poster *poster = calloc(1, sizeof(*poster));

	if (!poster || !(poster->places = calloc(hooks->count + 1, sizeof(*poster->places))))
		abort();
	poster->done.last = &poster->done.first;
	pthread_mutex_init(&poster->lock, NULL);
	for (size_t i = 0; i < hooks->count; i++)
		if (start(poster, &hooks->list[i], err) < 0) {
			dsk_poster_close(&poster);
			return -1;
		}
	*ret = poster;
	return 0;
}

static void drop_all(struct queue *queue)
{
	struct job *job;

	while ((job = pop(queue)))
		job_free(job);
}

void dsk_poster_close(struct dsk_poster **address)
{
	struct dsk_poster *poster = *address;

	if (!poster)
		return;
	pthread_mutex_lock(&poster->lock);
	poster->is_stopping = true;
	for (size_t i = 0; i < poster->place_count; i++)
		pthread_cond_signal(&poster->places[i].wake);
	pthread_mutex_unlock(&poster->lock);
	for (size_t i = 0; i < poster->place_count; i++) {
		pthread_join(poster->places[i].thread, NULL);
		pthread_cond_destroy(&poster->places[i].wake);
		drop_all(&poster->places[i].todo);
	}
	drop_all(&poster->done);
	job_free(poster->taken);
	pthread_mutex_destroy(&poster->lock);
	free(poster->places);
	free(poster);
	*address = NULL;
}

static struct place *find(struct dsk_poster *poster, const char *hook)
{
	for (size_t i = 0; i < poster->place_count; i++)
		if (strcmp(poster->places[i].hook->name, hook) == 0)
			return &poster->places[i];
	return NULL;
}

static struct slice copy_of(struct job *job, const void *bytes, size_t len)
{
	return slice_of(arena_copy(&job->arena, bytes, len), len);
}

/* With the lock held. A webhook that the settings have no more is gone. */
static void hand_on(struct dsk_poster *poster, struct job *job)
{
	struct place *place = find(poster, job->hook);
	Nurture__V1__DeskPosted posted = NURTURE__V1__DESK_POSTED__INIT;

	if (!place) {
		posted.is_gone = true;
		give_back(poster, job, posted);
	} else if (place->waiting == QUEUE_MAX) {
		turn_away(poster, job, FULL_WAIT_MS);
	} else {
		push(&place->todo, job);
		place->waiting++;
		pthread_cond_signal(&place->wake);
	}
}

void dsk_poster_put(struct dsk_poster *poster, int32_t partition, struct slice customer,
		    const Nurture__V1__DeskPost *post)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job)
		abort();
	job->partition = partition;
	job->customer = copy_of(job, customer.bytes, customer.len);
	job->body = copy_of(job, post->body.data, post->body.len);
	job->hook = arena_text(&job->arena, post->hook);
	job->id = arena_text(&job->arena, post->id);
	poster->in_flight++;
	pthread_mutex_lock(&poster->lock);
	hand_on(poster, job);
	pthread_mutex_unlock(&poster->lock);
}

bool dsk_poster_take(struct dsk_poster *poster, struct dsk_poster_result *ret)
{
	job_free(poster->taken);
	pthread_mutex_lock(&poster->lock);
	poster->taken = pop(&poster->done);
	pthread_mutex_unlock(&poster->lock);
	if (!poster->taken)
		return false;
	poster->in_flight--;
	*ret = (struct dsk_poster_result){poster->taken->partition, poster->taken->customer,
					  poster->taken->result};
	return true;
}

size_t dsk_poster_in_flight(const struct dsk_poster *poster)
{
	return poster->in_flight;
}
