/* survey.c - see survey.h. */
#include "survey.h"

#include <stdlib.h>
#include <string.h>

#include "common/io/kafka/topic_reader.h"
#include "morning.h"
#include "services/desk/life/times.h"

enum { WAIT_MS = 30000 };

/* The state of one customer, as a record has it; a later one takes its place. */
struct state {
	struct slice customer, bytes; /* the survey's */
	size_t number;                /* of the record */
};

struct states {
	struct state *list;
	size_t count, room;
};

/* One more place behind the others. */
static void *grown(void *list, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return list;
	*room = *room ? 2 * *room : 256;
	list = realloc(list, *room * size);
	if (!list)
		abort();
	return list;
}

static struct slice copy_of(struct dsk_survey *survey, struct slice bytes)
{
	return slice_of(arena_copy(&survey->arena, bytes.bytes, bytes.len), bytes.len);
}

static int read_states(const char *brokers, const char *topic, struct dsk_survey *survey,
		       struct states *states, struct err *err)
{
	const struct topic_reader_options wanted = {.brokers = brokers, .topic = topic};
	struct topic_reader *reader;
	struct topic_record record;
	int r;

	if (topic_reader_open(&reader, &wanted, err) < 0)
		return -1;
	while ((r = topic_reader_next(reader, WAIT_MS, &record, err)) > 0) {
		/* Notes about partitions and people are no customer's. */
		if (record.key.len == 0 || record.key.bytes[0] < ' ')
			continue;
		states->list =
		    grown(states->list, states->count, &states->room, sizeof(*states->list));
		states->list[states->count] = (struct state){
		    copy_of(survey, record.key), copy_of(survey, record.value), states->count};
		states->count++;
	}
	topic_reader_close(&reader);
	return r;
}

/* By customer, the newest first. */
static int compare_states(const void *first, const void *second)
{
	const struct state *a = first, *b = second;
	size_t least = a->customer.len < b->customer.len ? a->customer.len : b->customer.len;
	int order = memcmp(a->customer.bytes, b->customer.bytes, least);

	if (order == 0 && a->customer.len != b->customer.len)
		order = a->customer.len < b->customer.len ? -1 : 1;
	if (order == 0)
		order = a->number > b->number ? -1 : 1;
	return order;
}

static void add(struct dsk_survey *survey, size_t *room, struct dsk_listed listed)
{
	survey->list = grown(survey->list, survey->count, room, sizeof(*survey->list));
	survey->list[survey->count++] = listed;
}

static int64_t due_ms(const struct desk *desk, const Nurture__V1__DeskTask *task)
{
	struct dsk_rules rules = {desk_action(desk, task->action), desk_team(desk, task->owner)};
	int64_t within_ms = dsk_due_ms(task, &rules);

	if (within_ms)
		return within_ms;
	return task->expires_ms ? task->expires_ms : NEVER_MS;
}

static int take(struct dsk_survey *survey, size_t *room, const struct state *state,
		const struct desk *desk, struct err *err)
{
	struct dsk_book book;

	if (dsk_book_decode(state->bytes, &survey->arena, &book, err) < 0)
		return -1;
	for (size_t i = 0; i < book.task_count; i++) {
		const Nurture__V1__DeskTask *task = &book.tasks[i];

		add(survey, room,
		    (struct dsk_listed){task->id, task->owner, task->action, task->by,
					state->customer, due_ms(desk, task), false});
	}
	for (size_t i = 0; i < book.ended_count; i++) {
		const Nurture__V1__DeskEnded *ended = &book.ended[i];

		if (ended->expired_ms)
			add(survey, room,
			    (struct dsk_listed){ended->id, ended->owner, ended->action, "",
						slice_of("", 0), ended->expired_ms, true});
	}
	return 0;
}

int dsk_survey_read(const char *brokers, const char *topic, const struct desk *desk,
		    struct dsk_survey *ret, struct err *err)
{
	struct states states = {0};
	size_t room = 0;
	int r;

	*ret = (struct dsk_survey){0};
	r = read_states(brokers, topic, ret, &states, err);
	if (r == 0 && states.count)
		qsort(states.list, states.count, sizeof(*states.list), compare_states);
	for (size_t i = 0; r == 0 && i < states.count; i++)
		if (i == 0 || !slice_equal(states.list[i].customer, states.list[i - 1].customer))
			r = take(ret, &room, &states.list[i], desk, err);
	free(states.list);
	return r;
}

void dsk_survey_free(struct dsk_survey *survey)
{
	arena_free(&survey->arena);
	free(survey->list);
	*survey = (struct dsk_survey){0};
}
