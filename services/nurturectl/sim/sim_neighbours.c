/* sim_neighbours.c - see sim_neighbours.h. */
#include "sim_neighbours.h"

#include <stdlib.h>

#include "common/mail/inbox.h"
#include "common/message/event.h"

/* An address that a customer had at some time. */
struct had {
	char inbox[INBOX_KEY_BYTES];
	size_t customer; /* its place in the file */
};

struct search {
	const struct orders *orders;
	struct sim_neighbour *customers; /* of the file; group: whom they are found to live with */
	size_t customer_count;
	struct had *had;
	size_t had_count, had_room;
	struct arena arena;
};

static void *grown(void *list, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return list;
	*room = *room ? *room * 2 : 1024;
	list = realloc(list, *room * size);
	if (!list)
		abort();
	return list;
}

static void note(struct search *search, size_t customer, const char inbox[INBOX_KEY_BYTES])
{
	const struct had *last = search->had_count ? &search->had[search->had_count - 1] : NULL;
	struct had *had;

	if (last && last->customer == customer && strcmp(last->inbox, inbox) == 0)
		return;
	search->had =
	    grown(search->had, search->had_count, &search->had_room, sizeof(*search->had));
	had = &search->had[search->had_count++];
	memcpy(had->inbox, inbox, INBOX_KEY_BYTES);
	had->customer = customer;
}

/* What is said in a mail binds the inbox to which it went, whether or not the customer has that one. */
static void note_word(struct search *search, size_t customer,
		      const Nurture__V1__MessageRef *message)
{
	char inbox[INBOX_KEY_BYTES];

	if (message && inbox_is_key(slice_text(message->inbox)))
		note(search, customer, message->inbox);
	else if (message && inbox_key(slice_text(message->email), inbox))
		note(search, customer, inbox);
}

static void note_event(struct search *search, size_t customer, const struct order_event *event)
{
	struct slice json = orders_json(search->orders, event, &search->arena);
	char inbox[INBOX_KEY_BYTES];
	Nurture__V1__Event *decoded;
	struct err ignored;

	if (event_decode(json, &search->arena, &decoded, &ignored) < 0)
		return;
	if (inbox_key(slice_text(decoded->customer->email), inbox))
		note(search, customer, inbox);
	note_word(search, customer, decoded->message);
}

/* An address that was made up of the id, or that the id is: only capitals tell two of them apart. */
static void note_id(struct search *search, size_t customer, struct slice id)
{
	char inbox[INBOX_KEY_BYTES];

	if (inbox_key(id, inbox) ||
	    inbox_key(slice_text(arena_printf(&search->arena, "%.*s@customers.example", (int)id.len,
					      (const char *)id.bytes)),
		      inbox))
		note(search, customer, inbox);
}

static size_t events_of(const struct order_event *events, size_t count)
{
	size_t n = 1;

	while (n < count && slice_equal(events[n].customer, events[0].customer))
		n++;
	return n;
}

static void read_customers(struct search *search)
{
	const struct orders *orders = search->orders;
	size_t room = 0;

	for (size_t at = 0, n; at < orders->count; at += n) {
		size_t customer = search->customer_count;

		n = events_of(orders->events + at, orders->count - at);
		search->customers = grown(search->customers, search->customer_count++, &room,
					  sizeof(*search->customers));
		search->customers[customer] =
		    (struct sim_neighbour){orders->events + at, n, customer};
		if (orders->assumed.address && !orders->lines)
			note_id(search, customer, orders->events[at].customer);
		for (size_t i = 0; i < n && !(orders->assumed.address && !orders->lines); i++)
			note_event(search, customer, orders->events + at + i);
		arena_reset(&search->arena);
	}
}

static int by_inbox(const void *a, const void *b)
{
	const struct had *x = a, *y = b;
	int order = strcmp(x->inbox, y->inbox);

	return order ? order : (x->customer > y->customer) - (x->customer < y->customer);
}

/* The group's first customer stands for it. */
static size_t group_of(struct search *search, size_t customer)
{
	while (search->customers[customer].group != customer)
		customer = search->customers[customer].group =
		    search->customers[search->customers[customer].group].group;
	return customer;
}

static void join(struct search *search, size_t a, size_t b)
{
	a = group_of(search, a);
	b = group_of(search, b);
	if (a < b)
		search->customers[b].group = a;
	else
		search->customers[a].group = b;
}

static int by_group(const void *a, const void *b)
{
	const struct sim_neighbour *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->events > y->events) - (x->events < y->events);
}

static int by_events(const void *a, const void *b)
{
	const struct sim_neighbour *x = *(struct sim_neighbour *const *)a;
	const struct sim_neighbour *y = *(struct sim_neighbour *const *)b;

	return (x->events > y->events) - (x->events < y->events);
}

/* Keeps those of whom there are at least two, and numbers their groups. */
static void keep_groups(struct sim_neighbour *all, size_t count, struct sim_neighbours *ret)
{
	for (size_t at = 0, n; at < count; at += n) {
		size_t group = all[at].group;

		for (n = 1; at + n < count && all[at + n].group == group; n++)
			;
		for (size_t i = 0; i < n && n > 1; i++) {
			all[ret->count] = all[at + i];
			all[ret->count++].group = ret->group_count;
		}
		ret->group_count += n > 1;
	}
}

static void keep(struct search *search, struct sim_neighbours *ret)
{
	struct sim_neighbour *all = search->customers;
	size_t count = search->customer_count;

	for (size_t i = 0; i < count; i++)
		all[i].group = group_of(search, i);
	qsort(all, count, sizeof(*all), by_group);
	keep_groups(all, count, ret);
	ret->items = all;
	ret->by_events = malloc((ret->count + 1) * sizeof(*ret->by_events));
	if (!ret->by_events)
		abort();
	for (size_t i = 0; i < ret->count; i++)
		ret->by_events[i] = &ret->items[i];
	qsort(ret->by_events, ret->count, sizeof(*ret->by_events), by_events);
}

void sim_neighbours_find(const struct orders *orders, struct sim_neighbours *ret)
{
	struct search search = {.orders = orders};

	*ret = (struct sim_neighbours){0};
	if (!orders->count)
		return;
	read_customers(&search);
	if (search.had_count)
		qsort(search.had, search.had_count, sizeof(*search.had), by_inbox);
	for (size_t i = 1; i < search.had_count; i++)
		if (strcmp(search.had[i - 1].inbox, search.had[i].inbox) == 0)
			join(&search, search.had[i - 1].customer, search.had[i].customer);
	keep(&search, ret);
	free(search.had);
	arena_free(&search.arena);
}

const struct sim_neighbour *sim_neighbours_of(const struct sim_neighbours *neighbours,
					      const struct order_event *events)
{
	const struct sim_neighbour wanted = {.events = events}, *key = &wanted;
	struct sim_neighbour **found = neighbours->count
					   ? bsearch(&key, neighbours->by_events, neighbours->count,
						     sizeof(*neighbours->by_events), by_events)
					   : NULL;

	return found ? *found : NULL;
}

const struct sim_neighbour *sim_neighbours_group(const struct sim_neighbours *neighbours,
						 const struct sim_neighbour *one, size_t *ret_count)
{
	const struct sim_neighbour *end = neighbours->items + neighbours->count, *first = one;

	while (first > neighbours->items && first[-1].group == one->group)
		first--;
	for (*ret_count = 1; first + *ret_count < end && first[*ret_count].group == one->group;)
		++*ret_count;
	return first;
}

void sim_neighbours_free(struct sim_neighbours *neighbours)
{
	free(neighbours->items);
	free(neighbours->by_events);
}
