/* sim_agenda.c - see sim_agenda.h: a heap, whose old notes are passed over. */
#include "sim_agenda.h"

#include <stdbool.h>

#include "common/base/civil.h"
#include "common/base/grow.h"

static bool is_before(const struct sim_note *a, const struct sim_note *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->noted->rank < b->noted->rank;
}

static void swap(struct sim_note *a, struct sim_note *b)
{
	struct sim_note kept = *a;

	*a = *b;
	*b = kept;
}

static void sift_up(struct sim_note *notes, size_t at)
{
	for (; at > 0 && is_before(&notes[at], &notes[(at - 1) / 2]); at = (at - 1) / 2)
		swap(&notes[at], &notes[(at - 1) / 2]);
}

static void sift_down(struct sim_note *notes, size_t count)
{
	for (size_t at = 0, child; (child = 2 * at + 1) < count; at = child) {
		child += child + 1 < count && is_before(&notes[child + 1], &notes[child]);
		if (!is_before(&notes[child], &notes[at]))
			return;
		swap(&notes[child], &notes[at]);
	}
}

void sim_agenda_note(struct sim_agenda *agenda, struct sim_noted *noted, int64_t at_ms)
{
	if (at_ms >= noted->at_ms)
		return;
	noted->at_ms = at_ms;
	agenda->notes =
	    grow_zeroed(agenda->notes, &agenda->room, agenda->count + 1, sizeof(*agenda->notes));
	agenda->notes[agenda->count] = (struct sim_note){at_ms, noted};
	sift_up(agenda->notes, agenda->count++);
}

static struct sim_note take_first(struct sim_agenda *agenda)
{
	struct sim_note first = agenda->notes[0];

	agenda->notes[0] = agenda->notes[--agenda->count];
	sift_down(agenda->notes, agenda->count);
	return first;
}

int64_t sim_agenda_next(const struct sim_agenda *agenda)
{
	return agenda->count ? agenda->notes[0].at_ms : NEVER_MS;
}

struct sim_noted *sim_agenda_take(struct sim_agenda *agenda, int64_t now_ms)
{
	while (agenda->count && agenda->notes[0].at_ms <= now_ms) {
		struct sim_note note = take_first(agenda);

		if (note.at_ms != note.noted->at_ms)
			continue; /* it was noted once more, earlier, and has been taken since */
		note.noted->at_ms = NEVER_MS;
		return note.noted;
	}
	return NULL;
}

void sim_agenda_clear(struct sim_agenda *agenda)
{
	agenda->count = 0;
}

void sim_agenda_free(struct sim_agenda *agenda)
{
	free(agenda->notes);
	*agenda = (struct sim_agenda){0};
}
