/* pool_private.h - for pool.c (the loop's side) and worker.c (the threads') only. */
#ifndef NURTURE_EMAIL_SENDER_POOL_PRIVATE_H
#define NURTURE_EMAIL_SENDER_POOL_PRIVATE_H

#include <pthread.h>

#include "journal.h"
#include "pool.h"
#include "wire.h"

/* A mail on its way: the effect, and later what came of it. */
struct send_job {
	struct send_job *next;
	int32_t partition;
	uint32_t attempt;
	uint64_t owner;
	char id[65];
	struct buf result; /* packed DeliveryResult */
	size_t customer_len, effect_len;
	uint8_t bytes[]; /* customer, effect */
};

struct send_queue {
	struct send_job *first, **last;
};

struct send_worker {
	struct send_pool *pool;
	pthread_t thread;
	struct smtp *smtp;
	struct attempts *attempts; /* NULL: no journal */
	struct arena arena;
	struct compose_room room;
};

struct send_pool {
	struct composer composer;
	int64_t idle_ms;
	struct send_worker *workers;
	unsigned worker_limit, worker_count, joined_count;
	int done_fd; /* something is done */
	int cut_fd;  /* the threads are to give up at once */

	/* the loop's own */
	struct arena arena;
	struct send_job *taken;
	size_t in_flight;

	pthread_mutex_t lock; /* of the following */
	pthread_cond_t wake;  /* something is waiting, or the pool stops */
	pthread_cond_t idle;  /* a thread has ended with a mail */
	struct send_queue waiting, done;
	unsigned busy_count;
	bool is_stopping;
};

/* pool.c */
void send_pool_push(struct send_queue *queue, struct send_job *job);
struct send_job *send_pool_pop(struct send_queue *queue);
/* job->result is filled: to the loop. */
void send_pool_finish(struct send_pool *pool, struct send_job *job);

/* worker.c */
void *send_worker_run(void *worker);
/* Starts its thread. On failure to be closed all the same. */
int send_worker_open(struct send_worker *worker, const struct send_pool_options *options,
		     struct err *err);
/* Hangs up, frees what the worker has; its thread ends with this. */
void send_worker_close(struct send_worker *worker);
/* Back to the loop as not_sent. */
void send_job_give_back(struct send_pool *pool, struct send_job *job);
/* On the monotonic clock, as send_pool_time_in(). */
void send_pool_init_cond(pthread_cond_t *cond);
struct timespec send_pool_time_in(int64_t ms);

#endif
