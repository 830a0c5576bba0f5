/* simulate.c - all customers of a file, in threads; see simulate.h. */
#include "simulate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "sim_groups.h"

enum { THREADS_MAX = 64, PART_EVENTS = 512 };

/* All threads': parts are taken in order, worked on side by side, and put out in order again. */
struct work {
	const struct orders *orders;
	const struct sim_options *options;
	struct sim_result *result;
	pthread_mutex_t lock;
	pthread_cond_t turned;
	struct sim_groups groups; /* customers who share an inbox */
	size_t at;                /* the first event that nobody has taken */
	size_t taken, turn;       /* parts that were taken, and that are put out */
	int r;
	struct err err;
};

/* A run of whole customers, and what became of them. */
struct part {
	size_t number;
	const struct order_event *events;
	size_t count;
	struct sim_result result;
	int r;
	struct err err;
};

/* What a thread works with, for all its parts. */
struct worker {
	struct work *work;
	struct sim_world world, also; /* also: options->also, or options->against */
	struct part part;
};

static size_t customer_events(const struct order_event *events, size_t count)
{
	size_t n = 1;

	while (n < count && slice_equal(events[n].customer, events[0].customer))
		n++;
	return n;
}

/* The next few hundred events, with all of their last customer. false: there are none. */
static bool take_part(struct work *work, struct part *ret)
{
	const struct order_event *events = work->orders->events + work->at;
	size_t left = work->orders->count - work->at;

	if (left == 0 || work->r < 0)
		return false;
	ret->number = work->taken++;
	ret->events = events;
	ret->count = 0;
	while (ret->count < left && ret->count < PART_EVENTS)
		ret->count += customer_events(events + ret->count, left - ret->count);
	work->at += ret->count;
	return true;
}

static void add_counts(const struct sim_account *account, struct sim_result *ret)
{
	if (ret->dead_count == 0 && account->first_dead)
		ret->first_dead = *account->first_dead;
	ret->outcome_count += account->outcome_count;
	ret->task_count += account->task_count;
	ret->cancelled_task_count += account->cancelled_task_count;
	ret->mail_count += account->mail_count;
	ret->no_consent_count += account->no_consent_count;
	ret->dead_count += account->dead_count;
}

/* One customer's account, behind those of the customers before. */
static void tell(struct worker *worker, struct slice customer, const struct sim_account *account,
		 const struct sim_account *also)
{
	const struct sim_options *options = worker->work->options;
	struct sim_result *result = &worker->part.result;

	add_counts(account, result);
	if (!options->wants_no_table)
		sim_account_table(account, customer, &result->table);
	if (also)
		sim_account_table(also, customer, &result->also);
	if (!options->wants_lines)
		return;
	sim_account_lines(account, &result->outcomes);
	sim_account_task_lines(account, &result->tasks);
}

static bool has_also(const struct sim_options *options)
{
	return options->also || options->against;
}

/* A sim_live: the thread is a worker. */
static int live(void *thread, const struct sim_neighbour *customers, size_t count,
		struct sim_life *lives, struct sim_life *also, struct err *err)
{
	struct worker *worker = thread;
	const struct sim_options *options = worker->work->options;

	for (size_t i = 0; i < count; i++) {
		sim_life_take(&lives[i], customers[i].events, customers[i].count,
			      options->also ? &also[i] : NULL);
		if (options->against)
			sim_life_take(&also[i], customers[i].events, customers[i].count, NULL);
	}
	if (options->against &&
	    sim_world_run(&worker->also, also, count, options->until_ms, err) < 0)
		return err_prefix(err, "%s", options->against->file);
	return sim_world_run(&worker->world, lives, count, options->until_ms, err);
}

static int run_alone(struct worker *worker, const struct sim_neighbour *one)
{
	struct sim_life life, also;

	if (live(worker, one, 1, &life, &also, &worker->part.err) < 0)
		return -1;
	tell(worker, life.customer, &life.account,
	     has_also(worker->work->options) ? &also.account : NULL);
	return 0;
}

static int run_in_group(struct worker *worker, const struct sim_neighbour *one)
{
	struct sim_groups *groups = &worker->work->groups;
	const struct sim_member *member;

	if (sim_groups_member(groups, one, worker, &member, &worker->part.err) < 0)
		return -1;
	tell(worker, one->events[0].customer, &member->account,
	     groups->has_also ? &member->also : NULL);
	sim_groups_told(groups, one);
	return 0;
}

static void run_part(struct worker *worker)
{
	struct part *part = &worker->part;

	for (size_t at = 0, n; at < part->count && part->r == 0; at += n) {
		const struct order_event *events = part->events + at;
		const struct sim_neighbour *one =
		    sim_neighbours_of(&worker->work->groups.neighbours, events);
		struct sim_neighbour alone = {.events = events};

		n = alone.count = customer_events(events, part->count - at);
		part->r = one ? run_in_group(worker, one) : run_alone(worker, &alone);
	}
}

static int put_lines(const struct sim_sink *sink, struct buf *lines, struct buf *all,
		     struct err *err)
{
	if (sink->put)
		return lines->len ? sink->put(sink->to, buf_slice(lines), err) : 0;
	buf_add(all, lines->bytes, lines->len);
	return 0;
}

static int join(struct worker *worker, struct err *err)
{
	const struct sim_options *options = worker->work->options;
	struct sim_result *all = worker->work->result, *part = &worker->part.result;

	outcome_table_append(&all->table, &part->table);
	outcome_table_append(&all->also, &part->also);
	if (all->dead_count == 0)
		all->first_dead = part->first_dead;
	all->outcome_count += part->outcome_count;
	all->task_count += part->task_count;
	all->cancelled_task_count += part->cancelled_task_count;
	all->mail_count += part->mail_count;
	all->no_consent_count += part->no_consent_count;
	all->dead_count += part->dead_count;
	if (put_lines(&options->outcomes, &part->outcomes, &all->outcomes, err) < 0)
		return -1;
	return put_lines(&options->tasks, &part->tasks, &all->tasks, err);
}

/* Its tables were taken by those of all. */
static void begin_part(struct sim_result *part)
{
	buf_reset(&part->outcomes);
	buf_reset(&part->tasks);
	part->outcome_count = part->task_count = part->cancelled_task_count = 0;
	part->mail_count = part->no_consent_count = part->dead_count = 0;
}

/* Only who has the turn touches the result, so the others may go on. */
static void put_out(struct worker *worker)
{
	struct work *work = worker->work;
	struct part *part = &worker->part;

	pthread_mutex_lock(&work->lock);
	while (work->turn != part->number)
		pthread_cond_wait(&work->turned, &work->lock);
	pthread_mutex_unlock(&work->lock);
	if (work->r == 0 && (part->r < 0 || (part->r = join(worker, &part->err)) < 0))
		work->err = part->err;
	begin_part(&part->result);
	pthread_mutex_lock(&work->lock);
	if (part->r < 0)
		work->r = -1;
	work->turn++;
	pthread_cond_broadcast(&work->turned);
	pthread_mutex_unlock(&work->lock);
}

static void prepare(struct worker *worker)
{
	const struct sim_options *options = worker->work->options;
	const struct orders *orders = worker->work->orders;

	sim_result_begin(&worker->part.result);
	sim_world_prepare(&worker->world, options->policy, orders, options->wants_lines);
	if (options->coupon_key && *options->coupon_key)
		worker->world.scheduler.coupon_key = slice_text(options->coupon_key);
	if (!has_also(options))
		return;
	sim_world_prepare(&worker->also, options->also ? options->also : options->against, orders,
			  false);
	if (options->also)
		worker->world.also = &worker->also;
}

static void *run_parts(void *argument)
{
	struct work *work = argument;
	struct worker *worker = calloc(1, sizeof(*worker));
	bool taken;

	if (!worker)
		abort();
	worker->work = work;
	prepare(worker);
	for (;;) {
		pthread_mutex_lock(&work->lock);
		taken = take_part(work, &worker->part);
		pthread_mutex_unlock(&work->lock);
		if (!taken)
			break;
		run_part(worker);
		put_out(worker);
	}
	sim_world_free(&worker->world);
	sim_world_free(&worker->also);
	sim_result_free(&worker->part.result);
	free(worker);
	return NULL;
}

void sim_result_begin(struct sim_result *ret)
{
	*ret =
	    (struct sim_result){.outcomes = BUF_MAX(SIZE_MAX / 2), .tasks = BUF_MAX(SIZE_MAX / 2)};
}

int simulate(struct orders *orders, const struct sim_options *options, struct sim_result *ret,
	     struct err *err)
{
	int r;

	sim_result_begin(ret);
	r = simulate_more(orders, options, ret, err);
	if (r < 0)
		sim_result_free(ret);
	return r;
}

int simulate_more(struct orders *orders, const struct sim_options *options, struct sim_result *to,
		  struct err *err)
{
	struct work work = {.orders = orders,
			    .options = options,
			    .result = to,
			    .lock = PTHREAD_MUTEX_INITIALIZER,
			    .turned = PTHREAD_COND_INITIALIZER};
	unsigned count = options->threads > THREADS_MAX ? THREADS_MAX : options->threads;
	pthread_t threads[THREADS_MAX];

	orders_by_customer(orders);
	sim_groups_open(&work.groups, orders, live, has_also(options));
	for (unsigned i = 1; i < count; i++)
		if (pthread_create(&threads[i], NULL, run_parts, &work) != 0)
			abort();
	run_parts(&work);
	for (unsigned i = 1; i < count; i++)
		pthread_join(threads[i], NULL);
	sim_groups_free(&work.groups);
	if (work.r < 0)
		*err = work.err;
	return work.r;
}

void sim_result_free(struct sim_result *result)
{
	buf_free(&result->outcomes);
	buf_free(&result->tasks);
	outcome_table_free(&result->table);
	outcome_table_free(&result->also);
}
