/* simulate.c - all customers of a file, in threads; see simulate.h. */
#include "simulate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "sim_customer.h"

enum { THREADS_MAX = 64 };

/* A run of whole customers. */
struct part {
	pthread_t thread;
	const struct order_event *events;
	size_t count;
	const struct sim_options *options;
	struct sim_result result;
	struct err err;
	int r;
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

static void *run_part(void *argument)
{
	struct part *part = argument;
	struct sim_customer *sim = malloc(sizeof(*sim));

	if (!sim)
		abort();
	sim_customer_prepare(sim, part->options->policy, &part->result.table,
			     part->options->wants_lines);
	if (part->options->coupon_key && *part->options->coupon_key)
		sim->scheduler.coupon_key = slice_text(part->options->coupon_key);
	for (size_t at = 0, n; at < part->count; at += n) {
		n = customer_events(part->events + at, part->count - at);
		part->r = sim_customer_run(sim, part->events + at, n, part->options->until_ms,
					   &part->err);
		if (part->r < 0)
			break;
		if (sim->wants_lines)
			append(sim, &part->result);
	}
	part->result.tasks = sim->task_lines;
	part->result.outcome_count = sim->outcomes;
	part->result.task_count = sim->tasks;
	part->result.cancelled_task_count = sim->cancelled_tasks;
	part->result.mail_count = sim->mails;
	part->result.dead_count = sim->dead;
	part->result.first_dead = sim->first_dead;
	for (int i = 0; i < 2; i++)
		arena_free(&sim->step_arena[i]);
	arena_free(&sim->arena);
	free(sim);
	return NULL;
}

/* Whole customers, about equally many events each. */
static unsigned split(const struct orders *orders, const struct sim_options *options,
		      struct part parts[THREADS_MAX])
{
	unsigned wanted = options->threads ? options->threads : 1, count = 0;

	wanted = wanted > THREADS_MAX ? THREADS_MAX : wanted;
	for (size_t at = 0, end; at < orders->count; at = end, count++) {
		end = orders->count * (count + 1) / wanted;
		end = end > at ? end : at + 1;
		while (end < orders->count &&
		       slice_equal(orders->events[end].customer, orders->events[end - 1].customer))
			end++;
		parts[count] = (struct part){.events = orders->events + at,
					     .count = end - at,
					     .options = options,
					     .result = {.outcomes = BUF_MAX(SIZE_MAX / 2)}};
	}
	return count;
}

static void join(struct sim_result *all, struct sim_result *part)
{
	outcome_table_append(&all->table, &part->table);
	buf_add(&all->outcomes, part->outcomes.bytes, part->outcomes.len);
	buf_add(&all->tasks, part->tasks.bytes, part->tasks.len);
	if (all->dead_count == 0)
		all->first_dead = part->first_dead;
	all->outcome_count += part->outcome_count;
	all->task_count += part->task_count;
	all->cancelled_task_count += part->cancelled_task_count;
	all->mail_count += part->mail_count;
	all->dead_count += part->dead_count;
}

int simulate(struct orders *orders, const struct sim_options *options, struct sim_result *ret,
	     struct err *err)
{
	struct part parts[THREADS_MAX];
	unsigned count;
	int r = 0;

	orders_by_customer(orders);
	*ret =
	    (struct sim_result){.outcomes = BUF_MAX(SIZE_MAX / 2), .tasks = BUF_MAX(SIZE_MAX / 2)};
	count = split(orders, options, parts);
	for (unsigned i = 1; i < count; i++)
		if (pthread_create(&parts[i].thread, NULL, run_part, &parts[i]) != 0)
			abort();
	run_part(&parts[0]);
	for (unsigned i = 0; i < count; i++) {
		if (i > 0)
			pthread_join(parts[i].thread, NULL);
		if (parts[i].r < 0 && r == 0) {
			*err = parts[i].err;
			r = -1;
		}
		join(ret, &parts[i].result);
		buf_free(&parts[i].result.outcomes);
		buf_free(&parts[i].result.tasks);
	}
	if (r < 0)
		sim_result_free(ret);
	return r;
}

void sim_result_free(struct sim_result *result)
{
	buf_free(&result->outcomes);
	buf_free(&result->tasks);
	outcome_table_free(&result->table);
}
