/* pool_internal.h - for pool.c (the loop's side), worker.c and attempt.c (the threads') and job.c
 * only. */
#ifndef NURTURE_EMAIL_SENDER_DELIVERY_POOL_INTERNAL_H
#define NURTURE_EMAIL_SENDER_DELIVERY_POOL_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "common/io/redis/rate_limit.h"
#include "common/io/smtp/dns_answer.h"
#include "common/io/smtp/mx.h"
#include "counts.h"
#include "destinations.h"
#include "nurture/v1/delivery.pb-c.h"
#include "pool.h"
#include "services/email-sender/journal.h"

struct send_worker {
	struct send_pool *pool;
	pthread_t thread;
	struct smtp *smtp;
	struct mx *mx;               /* NULL: one server for all domains */
	struct rate_limit *rates;    /* NULL: rates are this process's own */
	char domain[DNS_NAME_BYTES]; /* with mx: whose server the connection is to */
	unsigned mails;              /* over this connection */
	struct arena arena;
	struct compose_room room;
};

struct send_pool {
	struct composer composer;
	const struct delivery *delivery;
	struct attempt_notes *notes; /* NULL: no journal */
	bool is_direct;
	struct send_worker *workers;
	unsigned worker_limit, worker_count, joined_count;
	int cut_fd; /* readable: the threads must give up at once */
	struct send_counts *counts;

	/* the loop's own */
	struct arena arena;
	struct send_queue fetched; /* done, and not yet taken */
	struct send_job *taken;
	size_t in_flight;

	pthread_mutex_t lock;  /* of the following */
	pthread_cond_t wake;   /* something is waiting, or the pool stops */
	pthread_cond_t idle;   /* a thread has ended with a mail */
	pthread_cond_t enough; /* as many are done as the loop waits for */
	struct send_destinations destinations;
	struct send_queue done;
	size_t done_count, wanted_count;
	unsigned busy_count;
	atomic_bool is_stopping; /* may be read without the lock */
};

/* pool.c */
/* With the lock held: gives a job whose result is filled to the loop. */
void send_pool_hand_in(struct send_pool *pool, struct send_job *job);
/* Gives jobs whose results are filled to the loop. */
void send_pool_finish(struct send_pool *pool, struct send_queue *jobs);
/*
 * With the lock held: moves the mails of a destination (NULL: of all) that have to wait longer
 * than they may here to ret, with their results filled.
 */
void send_pool_hand_back(struct send_pool *pool, struct send_destination *destination,
			 struct send_queue *ret);

/* worker.c */
/* Opens what the worker needs and starts its thread.  The caller closes it on failure, too. */
int send_worker_open(struct send_worker *worker, const struct send_pool_options *options,
		     struct err *err);
/* Hangs up, frees what the worker has; its thread ends with this. */
void send_worker_close(struct send_worker *worker);
/* Makes a condition variable of the monotonic clock, as send_pool_time_in(). */
void send_pool_init_cond(pthread_cond_t *cond);
struct timespec send_pool_time_in(int64_t ms);

/* attempt.c */
/* Makes one attempt.  Returns false when it could not begin: the job is in its queue again. */
bool send_attempt(struct send_worker *worker, struct send_job *job);

/* job.c */
struct send_job *send_job_new(int32_t partition, struct slice customer, struct slice effect,
			      const Nurture__V1__DeliveryEffect *head);
void send_job_free(struct send_job *job); /* NULL-safe */
/* Fills the job's result; id and attempt are the job's. */
void send_job_fill(struct send_job *job, const Nurture__V1__DeliveryResult *result);
/* Fills the result as not_sent. */
void send_job_fill_not_begun(struct send_job *job, const char *why);
/* Fills the result as not_sent, to come again after the deferral. */
void send_job_fill_deferred(struct send_job *job, const struct send_deferral *deferral);

#endif
