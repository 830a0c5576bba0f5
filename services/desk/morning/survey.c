/* survey.c - see survey.h. */
#include "survey.h"

#include <stdlib.h>

#include "services/desk/life/times.h"

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

static void add(struct dsk_survey *survey, size_t *room, struct dsk_listed listed)
{
	survey->list = grown(survey->list, survey->count, room, sizeof(*survey->list));
	survey->list[survey->count++] = listed;
}

static int take(struct dsk_survey *survey, size_t *room, const struct dsk_state *state,
		const struct desk *desk, struct err *err)
{
	struct dsk_book book;

	if (dsk_book_decode(state->bytes, &survey->arena, &book, err) < 0)
		return -1;
	for (size_t i = 0; i < book.task_count; i++) {
		const Nurture__V1__DeskTask *task = &book.tasks[i];

		add(survey, room,
		    (struct dsk_listed){task->id, task->owner, task->action, task->by,
					state->customer, task->name,
					dsk_due_or_expires_ms(desk, task), false});
	}
	for (size_t i = 0; i < book.ended_count; i++) {
		const Nurture__V1__DeskEnded *ended = &book.ended[i];

		if (ended->expired_ms)
			add(survey, room,
			    (struct dsk_listed){ended->id, ended->owner, ended->action, "",
						slice_of("", 0), "", ended->expired_ms, true});
	}
	return 0;
}

int dsk_survey_read(const char *brokers, const char *topic, const struct desk *desk,
		    struct dsk_survey *ret, struct err *err)
{
	size_t room = 0;
	int r;

	*ret = (struct dsk_survey){0};
	r = dsk_states_read(brokers, topic, &ret->states, err);
	for (size_t i = 0; r == 0 && i < ret->states.count; i++)
		r = take(ret, &room, &ret->states.list[i], desk, err);
	return r;
}

void dsk_survey_free(struct dsk_survey *survey)
{
	arena_free(&survey->arena);
	dsk_states_free(&survey->states);
	free(survey->list);
	*survey = (struct dsk_survey){0};
}
