/*
 * pool.c - see pool.h: what the loop sees.  worker.c has the threads' side,
 * destinations.c the queues.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/io/process/clock.h"
#include "pool_internal.h"
#include "services/email-sender/wire.h"

enum { CONNECTIONS_DEFAULT = 8, CONNECTIONS_MAX = 256 };

static void signal_fd(int fd)
{
	uint64_t one = 1;

	while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

void send_pool_hand_in(struct send_pool *pool, struct send_job *job)
{
	send_queue_push(&pool->done, job);
	if (++pool->done_count == pool->wanted_count)
		pthread_cond_signal(&pool->enough);
}

void send_pool_finish(struct send_pool *pool, struct send_queue *jobs)
{
	struct send_job *job;

	if (!jobs->first)
		return;
	pthread_mutex_lock(&pool->lock);
	while ((job = send_queue_pop(jobs)))
		send_pool_hand_in(pool, job);
	pthread_mutex_unlock(&pool->lock);
}

static int start_workers(struct send_pool *pool, const struct send_pool_options *options,
			 struct err *err)
{
	for (; pool->worker_count < pool->worker_limit; pool->worker_count++) {
		struct send_worker *worker = &pool->workers[pool->worker_count];

		worker->pool = pool;
		if (send_worker_open(worker, options, err) < 0) {
			send_worker_close(worker);
			return -1;
		}
	}
	return 0;
}

static int check_options(const struct send_pool_options *options, struct err *err)
{
	if (options->connections > CONNECTIONS_MAX)
		return err_config(err, "SMTP_CONNECTIONS: expected 1 to %d", CONNECTIONS_MAX);
	if (options->composer.token_key.len < 16)
		return err_config(err, "NURTURE_TOKEN_KEY: expected at least 16 bytes");
	return 0;
}

static struct send_pool *new_pool(const struct send_pool_options *options)
{
	struct send_pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		abort();
	pool->composer = options->composer;
	pool->notes = options->notes;
	pool->is_direct = smtp_url_is_direct(options->smtp.url);
	pool->delivery = options->delivery ? options->delivery : delivery_default(pool->is_direct);
	pool->worker_limit = options->connections ? options->connections : CONNECTIONS_DEFAULT;
	pool->workers = calloc(pool->worker_limit, sizeof(*pool->workers));
	if (!pool->workers)
		abort();
	send_destinations_open(&pool->destinations, pool->delivery, pool->worker_limit,
			       options->is_event_time);
	pool->counts = send_counts_open(pool->delivery);
	pool->done.last = &pool->done.first;
	pool->fetched.last = &pool->fetched.first;
	pool->cut_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&pool->lock, NULL);
	send_pool_init_cond(&pool->wake);
	send_pool_init_cond(&pool->idle);
	send_pool_init_cond(&pool->enough);
	return pool;
}

/* A server that takes its time must not keep back what other threads have noted. */
static void write_notes(void *notes)
{
	attempt_notes_flush(notes);
}

int send_pool_open(struct send_pool **ret, const struct send_pool_options *options, struct err *err)
{
	struct send_pool_options copy = *options;
	struct send_pool *pool;
	int r = 0;

	if (check_options(options, err) < 0)
		return -1;
	pool = new_pool(options);
	copy.smtp.stop_fd = pool->cut_fd;
	if (pool->notes) {
		copy.smtp.on_wait = write_notes;
		copy.smtp.context = pool->notes;
	}
	if (pool->cut_fd < 0)
		r = err_environment(err, "eventfd: %s", strerror(errno));
	if (r == 0)
		r = start_workers(pool, &copy, err);
	if (r < 0)
		send_pool_close(&pool);
	else
		*ret = pool;
	return r;
}

/* Fills the results of mails that no thread has begun with, and gives them to the loop. */
static void give_back(struct send_pool *pool, struct send_queue *jobs)
{
	for (struct send_job *job = jobs->first; job; job = job->next)
		send_job_fill_not_begun(job, "not begun");
	send_pool_finish(pool, jobs);
}

/* Gives a mail back that no thread has begun with. */
static void recall(struct send_pool *pool, const Nurture__V1__DeliveryEffect *effect)
{
	struct send_queue recalled = {.last = &recalled.first};

	pthread_mutex_lock(&pool->lock);
	send_destinations_take(&pool->destinations, NULL, effect->id, effect->attempt, &recalled);
	pthread_mutex_unlock(&pool->lock);
	give_back(pool, &recalled);
}

/* Puts a job that has to wait for long into back, with its result filled. */
static void defer(struct send_job *job, const struct send_deferral *deferral,
		  struct send_queue *back)
{
	send_job_fill_deferred(job, deferral);
	send_count_deferred(job->destination->counters, deferral->rule);
	send_queue_push(back, job);
}

void send_pool_hand_back(struct send_pool *pool, struct send_destination *destination,
			 struct send_queue *ret)
{
	int64_t now_ms = clock_monotonic_ms(), wall_us = clock_wall_ms() * 1000;
	struct send_queue all = {.last = &all.first};
	struct send_job *job;

	send_destinations_take(&pool->destinations, destination, NULL, 0, &all);
	while ((job = send_queue_pop(&all))) {
		struct send_deferral deferral =
		    send_destinations_defer(&pool->destinations, job->destination, now_ms, wall_us);

		if (deferral.rule)
			defer(job, &deferral, ret);
		else
			send_destinations_push(&pool->destinations, job);
	}
}

/* With the lock held: puts a job into its destination's queue, or into back with its result. */
static void admit(struct send_pool *pool, struct send_job *job, struct send_queue *back)
{
	int64_t now_ms = clock_monotonic_ms();
	struct send_deferral deferral;

	job->destination = send_destinations_find(&pool->destinations, job->domain, now_ms);
	if (!job->destination->counters)
		job->destination->counters =
		    send_counts_of(pool->counts, job->destination->rule, job->domain);
	deferral = send_destinations_defer(&pool->destinations, job->destination, now_ms,
					   clock_wall_ms() * 1000);
	if (pool->is_stopping) {
		send_job_fill_not_begun(job, "not begun");
		send_queue_push(back, job);
	} else if (deferral.rule) {
		defer(job, &deferral, back);
	} else {
		send_destinations_push(&pool->destinations, job);
		pthread_cond_signal(&pool->wake);
	}
}

int send_pool_put(struct send_pool *pool, int32_t partition, struct slice customer,
		  struct slice effect, struct err *err)
{
	struct send_queue back = {.last = &back.first};
	Nurture__V1__DeliveryEffect head;
	struct send_job *job;

	arena_reset(&pool->arena);
	if (send_effect_head(effect, &pool->arena, &head, err) < 0)
		return -1;
	if (head.recall) {
		recall(pool, &head);
		return 0;
	}
	job = send_job_new(partition, customer, effect, &head);
	pool->in_flight++;
	pthread_mutex_lock(&pool->lock);
	admit(pool, job, &back);
	pthread_mutex_unlock(&pool->lock);
	send_pool_finish(pool, &back);
	return 0;
}

/* All that is done, so that the threads' lock is not asked for each. */
static void fetch(struct send_pool *pool)
{
	struct send_job *job;

	pthread_mutex_lock(&pool->lock);
	while ((job = send_queue_pop(&pool->done)))
		send_queue_push(&pool->fetched, job);
	pool->done_count = 0;
	pthread_mutex_unlock(&pool->lock);
}

bool send_pool_take(struct send_pool *pool, struct send_pool_result *ret)
{
	send_job_free(pool->taken);
	if (!pool->fetched.first)
		fetch(pool);
	pool->taken = send_queue_pop(&pool->fetched);
	if (!pool->taken)
		return false;
	pool->in_flight--;
	*ret = (struct send_pool_result){
	    .partition = pool->taken->partition,
	    .customer = slice_of(pool->taken->bytes, pool->taken->customer_len),
	    .value = buf_slice(&pool->taken->result),
	    .send = pool->taken->id,
	    .attempt = pool->taken->attempt,
	    .was_refused = pool->taken->was_refused,
	};
	return true;
}

size_t send_pool_in_flight(const struct send_pool *pool)
{
	return pool->in_flight;
}

size_t send_pool_unfinished(struct send_pool *pool)
{
	size_t fetched = 0, done;

	for (const struct send_job *job = pool->fetched.first; job; job = job->next)
		fetched++;
	pthread_mutex_lock(&pool->lock);
	done = pool->done_count;
	pthread_mutex_unlock(&pool->lock);
	return pool->in_flight - fetched - done;
}

unsigned send_pool_connections(const struct send_pool *pool)
{
	return pool->worker_limit;
}

int send_pool_wait(struct send_pool *pool, size_t count, int timeout_ms)
{
	struct timespec until = send_pool_time_in(timeout_ms);
	bool is_some;
	int r = 0;

	if (pool->fetched.first)
		return 1;
	pthread_mutex_lock(&pool->lock);
	pool->wanted_count = count;
	while (pool->done_count < count && r == 0)
		r = pthread_cond_timedwait(&pool->enough, &pool->lock, &until);
	pool->wanted_count = 0;
	is_some = pool->done_count > 0;
	pthread_mutex_unlock(&pool->lock);
	return is_some;
}

/* Waits at most so long for the threads that are sending a mail. */
static void drain(struct send_pool *pool, int64_t drain_ms)
{
	struct timespec until = send_pool_time_in(drain_ms);
	int r = 0;

	pthread_mutex_lock(&pool->lock);
	while (pool->busy_count && r == 0)
		r = pthread_cond_timedwait(&pool->idle, &pool->lock, &until);
	pthread_mutex_unlock(&pool->lock);
}

void send_pool_stop(struct send_pool *pool, int64_t drain_ms)
{
	struct send_queue rest = {.last = &rest.first};

	pthread_mutex_lock(&pool->lock);
	pool->is_stopping = true;
	send_destinations_take(&pool->destinations, NULL, NULL, 0, &rest);
	pthread_cond_broadcast(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
	give_back(pool, &rest);
	drain(pool, drain_ms);
	signal_fd(pool->cut_fd);
	for (; pool->joined_count < pool->worker_count; pool->joined_count++)
		pthread_join(pool->workers[pool->joined_count].thread, NULL);
}

void send_pool_close(struct send_pool **pool)
{
	struct send_pool *p = *pool;
	struct send_job *job;

	if (!p)
		return;
	send_pool_stop(p, 0);
	fetch(p);
	while ((job = send_queue_pop(&p->fetched)))
		send_job_free(job);
	send_job_free(p->taken);
	send_destinations_close(&p->destinations);
	send_counts_close(&p->counts);
	arena_free(&p->arena);
	if (p->cut_fd >= 0)
		close(p->cut_fd);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->wake);
	pthread_cond_destroy(&p->idle);
	pthread_cond_destroy(&p->enough);
	free(p->workers);
	free(p);
	*pool = NULL;
}
