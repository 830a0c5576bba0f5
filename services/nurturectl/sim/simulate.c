/* simulate.c - all customers of a file, in threads; see simulate.h. */
#include "simulate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "sim_customer.h"
#include "sim_neighbours.h"

enum { THREADS_MAX = 64, PART_EVENTS = 512 };

/* All threads': parts are taken in order, worked on side by side, and put out in order again. */
struct work {
	const struct orders *orders;
	const struct sim_options *options;
	struct sim_result *result;
	pthread_mutex_t lock;
	pthread_cond_t turned;
	struct sim_neighbours neighbours; /* customers who share an inbox */
	size_t at;                        /* the first event that nobody has taken */
	size_t taken, turn;               /* parts that were taken, and that are put out */
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
	struct sim_customer sim, also;
	struct peer *peers; /* those of the customer whose turn it is, and some more */
	struct part part;
};

/* Somebody behind the same inbox, who lives beside the customer whose turn it is. */
struct peer {
	struct peer *next;
	struct sim_customer sim, also;
};

static int compare_lines(const void *a, const void *b)
{
	const struct sim_line *x = *(const struct sim_line *const *)a;
	const struct sim_line *y = *(const struct sim_line *const *)b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return memcmp(x->id.bytes, y->id.bytes, x->id.len < y->id.len ? x->id.len : y->id.len);
}

/* One customer's lines, in order, behind those of the customers before. */
static void append(struct sim_customer *sim, struct sim_result *result)
{
	size_t count = 0;
	struct sim_line **lines;

	for (struct sim_line *line = sim->lines; line; line = line->next)
		count++;
	lines = arena_alloc(&sim->arena, (count + 1) * sizeof(*lines));
	count = 0;
	for (struct sim_line *line = sim->lines; line; line = line->next)
		lines[count++] = line;
	qsort(lines, count, sizeof(*lines), compare_lines);
	for (size_t i = 0; i < count; i++) {
		buf_add(&result->outcomes, lines[i]->line.bytes, lines[i]->line.len);
		buf_char(&result->outcomes, '\n');
	}
}

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

static void take_counts(struct sim_customer *sim, struct sim_result *ret)
{
	ret->outcome_count = sim->outcomes;
	ret->task_count = sim->tasks;
	ret->cancelled_task_count = sim->cancelled_tasks;
	ret->mail_count = sim->mails;
	ret->no_consent_count = sim->no_consent;
	ret->dead_count = sim->dead;
	ret->first_dead = sim->first_dead;
	sim->outcomes = sim->tasks = sim->cancelled_tasks = sim->mails = sim->dead = 0;
	sim->no_consent = 0;
}

/* Makes room for one more. */
static struct peer *add_peer(const struct worker *worker, struct peer **place)
{
	const struct sim_options *options = worker->work->options;
	const struct orders *orders = worker->work->orders;
	struct peer *peer = *place;

	if (peer)
		return peer;
	peer = *place = calloc(1, sizeof(*peer));
	if (!peer)
		abort();
	sim_customer_prepare(&peer->sim, options->policy, orders, NULL, false);
	peer->sim.scheduler.coupon_key = worker->sim.scheduler.coupon_key;
	if (options->also || options->against)
		sim_customer_prepare(&peer->also, options->also ? options->also : options->against,
				     orders, NULL, false);
	if (options->also)
		peer->sim.also = &peer->also;
	return peer;
}

static void free_peers(struct worker *worker)
{
	while (worker->peers) {
		struct peer *peer = worker->peers;

		worker->peers = peer->next;
		sim_customer_free(&peer->sim);
		sim_customer_free(&peer->also);
		free(peer);
	}
}

/* The customer's events, and whoever is behind the same inbox. */
static void take(struct worker *worker, const struct order_event *events, size_t count)
{
	bool is_against = worker->work->options->against != NULL;
	struct peer **place = &worker->peers;
	const struct sim_neighbour *all;
	size_t all_count;

	sim_customer_take(&worker->sim, events, count);
	if (is_against)
		sim_customer_take(&worker->also, events, count);
	all = sim_neighbours_of(&worker->work->neighbours, events, &all_count);
	for (size_t i = 0; i < all_count; i++) {
		struct peer *peer;

		if (all[i].events == events)
			continue;
		peer = add_peer(worker, place);
		place = &peer->next;
		sim_customer_take(&peer->sim, all[i].events, all[i].count);
		sim_customer_add_peer(&worker->sim, &peer->sim);
		if (!is_against)
			continue;
		sim_customer_take(&peer->also, all[i].events, all[i].count);
		sim_customer_add_peer(&worker->also, &peer->also);
	}
}

/* One customer, under the policy and under the one that it is compared with. */
static int run_customer(struct worker *worker, const struct order_event *events, size_t count)
{
	const struct sim_options *options = worker->work->options;
	struct err *err = &worker->part.err;

	take(worker, events, count);
	if (options->against && sim_customer_run(&worker->also, options->until_ms, err) < 0)
		return err_prefix(err, "%s", options->against->file);
	return sim_customer_run(&worker->sim, options->until_ms, err);
}

static void run_part(struct worker *worker)
{
	struct part *part = &worker->part;
	struct sim_customer *sim = &worker->sim;

	for (size_t at = 0, n; at < part->count && part->r == 0; at += n) {
		n = customer_events(part->events + at, part->count - at);
		part->r = run_customer(worker, part->events + at, n);
		if (part->r == 0 && sim->wants_lines)
			append(sim, &part->result);
	}
	take_counts(sim, &part->result);
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
	return put_lines(&options->tasks, &worker->sim.task_lines, &all->tasks, err);
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
	buf_reset(&part->result.outcomes);
	buf_reset(&worker->sim.task_lines);
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
	struct sim_result *result = &worker->part.result;

	sim_customer_prepare(&worker->sim, options->policy, worker->work->orders,
			     options->wants_no_table ? NULL : &result->table, options->wants_lines);
	if (options->coupon_key && *options->coupon_key)
		worker->sim.scheduler.coupon_key = slice_text(options->coupon_key);
	if (!options->also && !options->against)
		return;
	sim_customer_prepare(&worker->also, options->also ? options->also : options->against,
			     worker->work->orders, &result->also, false);
	if (options->also)
		worker->sim.also = &worker->also;
}

static void *run_parts(void *argument)
{
	struct work *work = argument;
	struct worker *worker = calloc(1, sizeof(*worker));
	bool taken;

	if (!worker)
		abort();
	worker->work = work;
	worker->part.result.outcomes = BUF_MAX(SIZE_MAX / 2);
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
	sim_customer_free(&worker->sim);
	sim_customer_free(&worker->also);
	free_peers(worker);
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
	sim_neighbours_find(orders, &work.neighbours);
	for (unsigned i = 1; i < count; i++)
		if (pthread_create(&threads[i], NULL, run_parts, &work) != 0)
			abort();
	run_parts(&work);
	for (unsigned i = 1; i < count; i++)
		pthread_join(threads[i], NULL);
	sim_neighbours_free(&work.neighbours);
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
