/* worker.c - a thread of the pool: one connection, one mail at a time. */
#include <time.h>

#include "common/base/civil.h"
#include "common/io/process/clock.h"
#include "pool_internal.h"

void send_pool_init_cond(pthread_cond_t *cond)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attributes);
	pthread_condattr_destroy(&attributes);
}

struct timespec send_pool_time_in(int64_t ms)
{
	struct timespec ret;

	clock_gettime(CLOCK_MONOTONIC, &ret);
	ret.tv_sec += ms / SECOND_MS;
	ret.tv_nsec += ms % SECOND_MS * 1000000;
	if (ret.tv_nsec >= 1000000000) {
		ret.tv_sec++;
		ret.tv_nsec -= 1000000000;
	}
	return ret;
}

/*
 * Returns the destination that the connection is to, or NULL.  The connection takes the next mails
 * of it, up to its limit; then other domains follow.
 */
static struct send_destination *own_destination(const struct send_worker *worker)
{
	if (!worker->mx || !smtp_is_connected(worker->smtp))
		return NULL;
	return send_destinations_known(&worker->pool->destinations, worker->domain);
}

/* With the lock held: the mail under way has ended; NULL: it is in its queue again. */
static void end_job(struct send_pool *pool, struct send_job *ended)
{
	if (ended)
		send_pool_hand_in(pool, ended);
	pool->busy_count--;
	/* If the destination had all its connections, another one of its mails can go now. */
	if (pool->destinations.job_count)
		pthread_cond_signal(&pool->wake);
	pthread_cond_signal(&pool->idle);
}

/* With the lock held. until_ms: NEVER_MS, or on the clock that says now_ms. */
static void wait_for_wake(struct send_pool *pool, int64_t until_ms, int64_t now_ms)
{
	struct timespec until;

	if (until_ms == NEVER_MS) {
		pthread_cond_wait(&pool->wake, &pool->lock);
		return;
	}
	until = send_pool_time_in(until_ms - now_ms);
	pthread_cond_timedwait(&pool->wake, &pool->lock, &until);
}

/*
 * With the lock held: waits for the next mail; NULL when the pool stops.  Closes a connection that
 * is idle for long.
 */
static struct send_job *next_job(struct send_worker *worker)
{
	struct send_pool *pool = worker->pool;
	int64_t now_ms = clock_monotonic_ms(), idle_ms = now_ms + pool->delivery->idle_ms;
	struct send_job *job = NULL;
	bool has_flushed = pool->notes == NULL;
	int64_t until_ms;

	while (!pool->is_stopping) {
		bool is_connected = smtp_is_connected(worker->smtp);

		now_ms = clock_monotonic_ms();
		job = send_destinations_pick(&pool->destinations, own_destination(worker), now_ms,
					     &until_ms);
		if (job)
			break;
		if (!has_flushed) { /* the last mail's result, before we wait for another */
			has_flushed = true;
			pthread_mutex_unlock(&pool->lock);
			attempt_notes_flush(pool->notes);
			pthread_mutex_lock(&pool->lock);
			continue;
		}
		if (is_connected && now_ms >= idle_ms) {
			pthread_mutex_unlock(&pool->lock);
			smtp_hang_up(worker->smtp);
			pthread_mutex_lock(&pool->lock);
			continue;
		}
		if (is_connected && idle_ms < until_ms)
			until_ms = idle_ms;
		wait_for_wake(pool, until_ms, now_ms);
	}
	if (job)
		pool->busy_count++;
	return job;
}

void send_worker_close(struct send_worker *worker)
{
	smtp_close(&worker->smtp);
	mx_close(&worker->mx);
	rate_limit_close(&worker->rates);
	compose_room_free(&worker->room);
	arena_free(&worker->arena);
}

static void *work(void *context)
{
	struct send_worker *worker = context;
	struct send_pool *pool = worker->pool;
	struct send_job *job;

	pthread_mutex_lock(&pool->lock);
	while ((job = next_job(worker))) {
		pthread_mutex_unlock(&pool->lock);
		if (!send_attempt(worker, job))
			job = NULL;
		pthread_mutex_lock(&pool->lock);
		end_job(pool, job);
	}
	pthread_mutex_unlock(&pool->lock);
	if (pool->notes)
		attempt_notes_flush(pool->notes);
	send_worker_close(worker);
	return NULL;
}

int send_worker_open(struct send_worker *worker, const struct send_pool_options *options,
		     struct err *err)
{
	worker->room = COMPOSE_ROOM;
	if (options->dkim && dkim_signer_open(&worker->room.signer, options->dkim, err) < 0)
		return -1;
	if (options->rate_urls &&
	    rate_limit_open(&worker->rates, options->rate_urls, options->rate_prefix, err) < 0)
		return -1;
	if (smtp_open(&worker->smtp, &options->smtp, err) < 0)
		return -1;
	if (worker->pool->is_direct && mx_open(&worker->mx, &options->mx, err) < 0)
		return -1;
	if (pthread_create(&worker->thread, NULL, work, worker) != 0)
		return err_environment(err, "no thread for an SMTP connection");
	return 0;
}
