/*
 * pool.c - see pool.h: the queues, and what the loop sees.  worker.c has the
 * threads' side.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "../../common/io/clock.h"
#include "pool_private.h"

enum { CONNECTIONS_DEFAULT = 8, CONNECTIONS_MAX = 256, IDLE_DEFAULT_MS = 30000 };

void send_pool_push(struct send_queue *queue, struct send_job *job)
{
	job->next = NULL;
	*queue->last = job;
	queue->last = &job->next;
}

struct send_job *send_pool_pop(struct send_queue *queue)
{
	struct send_job *job = queue->first;

	if (job) {
		queue->first = job->next;
		if (!job->next)
			queue->last = &queue->first;
	}
	return job;
}

static void signal_fd(int fd)
{
	uint64_t one = 1;

	while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static void clear_fd(int fd)
{
	uint64_t count;

	while (read(fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
}

void send_pool_finish(struct send_pool *pool, struct send_job *job)
{
	bool was_empty;

	pthread_mutex_lock(&pool->lock);
	was_empty = !pool->done.first;
	send_pool_push(&pool->done, job);
	pthread_mutex_unlock(&pool->lock);
	if (was_empty)
		signal_fd(pool->done_fd);
}

static void free_job(struct send_job *job)
{
	if (!job)
		return;
	buf_free(&job->result);
	free(job);
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

int send_pool_open(struct send_pool **ret, const struct send_pool_options *options, struct err *err)
{
	struct send_pool_options copy = *options;
	struct send_pool *pool;

	if (check_options(options, err) < 0)
		return -1;
	pool = calloc(1, sizeof(*pool));
	if (!pool)
		abort();
	pool->composer = options->composer;
	pool->idle_ms = options->idle_ms > 0 ? options->idle_ms : IDLE_DEFAULT_MS;
	pool->worker_limit = options->connections ? options->connections : CONNECTIONS_DEFAULT;
	pool->workers = calloc(pool->worker_limit, sizeof(*pool->workers));
	if (!pool->workers)
		abort();
	pool->waiting.last = &pool->waiting.first;
	pool->done.last = &pool->done.first;
	pool->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pool->cut_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&pool->lock, NULL);
	send_pool_init_cond(&pool->wake);
	send_pool_init_cond(&pool->idle);
	if (pool->done_fd < 0 || pool->cut_fd < 0) {
		err_environment(err, "eventfd: %s", strerror(errno));
		send_pool_close(&pool);
		return -1;
	}
	copy.smtp.stop_fd = pool->cut_fd;
	if (start_workers(pool, &copy, err) < 0) {
		send_pool_close(&pool);
		return -1;
	}
	*ret = pool;
	return 0;
}

/* Of a mail that no thread has begun with: it comes back at once. */
static void recall(struct send_pool *pool, const Nurture__V1__DeliveryEffect *effect)
{
	struct send_queue kept = {.last = &kept.first}, recalled = {.last = &recalled.first};
	struct send_job *job;

	pthread_mutex_lock(&pool->lock);
	while ((job = send_pool_pop(&pool->waiting)))
		send_pool_push(strcmp(job->id, effect->id) == 0 && job->attempt == effect->attempt
				   ? &recalled
				   : &kept,
			       job);
	pool->waiting.first = kept.first;
	pool->waiting.last = kept.first ? kept.last : &pool->waiting.first;
	pthread_mutex_unlock(&pool->lock);
	while ((job = send_pool_pop(&recalled)))
		send_job_give_back(pool, job);
}

static struct send_job *new_job(int32_t partition, struct slice customer, struct slice effect,
				const Nurture__V1__DeliveryEffect *decoded)
{
	struct send_job *job = malloc(sizeof(*job) + customer.len + effect.len);

	if (!job)
		abort();
	*job = (struct send_job){.partition = partition,
				 .customer_len = customer.len,
				 .effect_len = effect.len,
				 .attempt = decoded->attempt,
				 .owner = decoded->owner,
				 .result = BUF_MAX(4096)};
	snprintf(job->id, sizeof(job->id), "%s", decoded->id);
	memcpy(job->bytes, customer.bytes, customer.len);
	memcpy(job->bytes + customer.len, effect.bytes, effect.len);
	return job;
}

int send_pool_put(struct send_pool *pool, int32_t partition, struct slice customer,
		  struct slice effect, struct err *err)
{
	Nurture__V1__DeliveryEffect head;
	struct send_job *job;
	bool is_stopping;

	arena_reset(&pool->arena);
	if (send_effect_head(effect, &pool->arena, &head, err) < 0)
		return -1;
	if (head.recall) {
		recall(pool, &head);
		return 0;
	}
	job = new_job(partition, customer, effect, &head);
	pool->in_flight++;
	pthread_mutex_lock(&pool->lock);
	is_stopping = pool->is_stopping;
	if (!is_stopping) {
		send_pool_push(&pool->waiting, job);
		pthread_cond_signal(&pool->wake);
	}
	pthread_mutex_unlock(&pool->lock);
	if (is_stopping)
		send_job_give_back(pool, job);
	return 0;
}

bool send_pool_take(struct send_pool *pool, struct send_pool_result *ret)
{
	free_job(pool->taken);
	pthread_mutex_lock(&pool->lock);
	pool->taken = send_pool_pop(&pool->done);
	if (!pool->taken)
		clear_fd(pool->done_fd);
	pthread_mutex_unlock(&pool->lock);
	if (!pool->taken)
		return false;
	pool->in_flight--;
	*ret = (struct send_pool_result){
	    .partition = pool->taken->partition,
	    .customer = slice_of(pool->taken->bytes, pool->taken->customer_len),
	    .value = buf_slice(&pool->taken->result),
	    .send = pool->taken->id,
	    .attempt = pool->taken->attempt,
	};
	return true;
}

size_t send_pool_in_flight(const struct send_pool *pool)
{
	return pool->in_flight;
}

int send_pool_fd(const struct send_pool *pool)
{
	return pool->done_fd;
}

int send_pool_wait(struct send_pool *pool, int timeout_ms)
{
	struct pollfd fd = {.fd = pool->done_fd, .events = POLLIN};
	bool is_empty;

	pthread_mutex_lock(&pool->lock);
	is_empty = !pool->done.first;
	if (is_empty)
		clear_fd(pool->done_fd);
	pthread_mutex_unlock(&pool->lock);
	return !is_empty || poll(&fd, 1, timeout_ms) > 0;
}

/* Threads that are at a mail get so long to end by themselves. */
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
	struct send_job *job;

	pthread_mutex_lock(&pool->lock);
	pool->is_stopping = true;
	while ((job = send_pool_pop(&pool->waiting)))
		send_pool_push(&rest, job);
	pthread_cond_broadcast(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
	while ((job = send_pool_pop(&rest)))
		send_job_give_back(pool, job);
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
	while ((job = send_pool_pop(&p->done)))
		free_job(job);
	free_job(p->taken);
	arena_free(&p->arena);
	if (p->done_fd >= 0)
		close(p->done_fd);
	if (p->cut_fd >= 0)
		close(p->cut_fd);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->wake);
	pthread_cond_destroy(&p->idle);
	free(p->workers);
	free(p);
	*pool = NULL;
}
