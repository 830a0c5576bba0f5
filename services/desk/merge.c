/* merge.c - see merge.h. */
#include "merge.h"

#include <string.h>

#include "common/message/notice.h"
#include "common/policy/event_type.h"
#include "life/tell.h"
#include "life/words.h"
#include "step.h"

static struct handover_goal goal_of(const struct dsk_book *book)
{
	return (struct handover_goal){book->merged_into, book->merged_ms};
}

static const char *own_id(const struct step *step)
{
	return arena_copy(step->arena, step->customer.bytes, step->customer.len);
}

static void send(struct dsk_decision *decision, const struct handover_goal *goal,
		 struct slice handover)
{
	step_emit_to(decision->step, DSK_HANDOVERS, slice_text(goal->id), handover);
}

/* Of two words about where the customer goes on the newer holds, as the other services have it. */
static bool is_newer(const struct dsk_book *book, const Nurture__V1__Event *event)
{
	if (!*book->merged_into || event->time_ms > book->merged_ms)
		return true;
	return event->time_ms == book->merged_ms &&
	       strcmp(event->merge->into, book->merged_into) > 0;
}

void dsk_merge_end(struct dsk_decision *decision, const Nurture__V1__Event *event)
{
	struct step *step = decision->step;
	struct dsk_book left = {.merged_into = event->merge ? event->merge->into : "",
				.merged_ms = event->time_ms,
				.erased_ms = decision->book.erased_ms};
	struct handover_goal goal = goal_of(&left);
	struct slice state;

	if (!*goal.id || slice_is(step->customer, goal.id) || !is_newer(&decision->book, event))
		return;
	decision->book.merged_into = "";
	decision->book.merged_ms = decision->book.erased_ms = 0;
	state = dsk_book_encode(&decision->book, step->arena);
	if (state.len)
		send(decision, &goal,
		     handover_of_state(own_id(step), &goal, state, step->now_ms, step->arena));
	decision->book = left;
}

void dsk_merge_pass(struct dsk_decision *decision)
{
	const struct step *step = decision->step;
	struct handover_goal goal = goal_of(&decision->book);

	send(decision, &goal,
	     handover_of_input(step->input, own_id(step), &goal, step->value, step->arrived_ms,
			       step->now_ms, step->arena));
}

/* Who merged has asked to be forgotten since. */
static bool is_forgotten(const struct dsk_decision *decision, const Nurture__V1__Handover *handover)
{
	return decision->book.erased_ms && handover->state.len &&
	       handover_merged_ms(handover) <= decision->book.erased_ms;
}

bool dsk_merge_goes_on(struct dsk_decision *decision, const Nurture__V1__Handover *handover)
{
	const struct step *step = decision->step;
	struct handover_goal goal = goal_of(&decision->book);

	if (is_forgotten(decision, handover))
		return false;
	if (!handover_goes_on(handover, own_id(step), &goal)) {
		decision->book.merged_into = "";
		decision->book.merged_ms = 0;
		return false;
	}
	send(decision, &goal,
	     handover_on(handover, own_id(step), &goal, step->now_ms, step->arena));
	return true;
}

static void *grown(const void *list, size_t count, size_t more, size_t size, struct arena *arena)
{
	void *ret = arena_alloc(arena, (count + more + 1) * size);

	if (count)
		memcpy(ret, list, count * size);
	return ret;
}

/* Room for what both have; the lists' own limits are kept where something is added. */
static void make_room_for(struct dsk_book *book, const struct dsk_book *other, struct arena *arena)
{
	size_t tasks = book->task_count + other->task_count;

	book->tasks =
	    grown(book->tasks, book->task_count, other->task_count, sizeof(*book->tasks), arena);
	/* Each of the tasks may end by that. */
	book->ended = grown(book->ended, book->ended_count, other->ended_count + tasks,
			    sizeof(*book->ended), arena);
	book->words =
	    grown(book->words, book->word_count, other->word_count, sizeof(*book->words), arena);
}

/* Of a task that its words end at once nothing is left. */
static void add_task(struct dsk_decision *decision, const Nurture__V1__DeskTask *told,
		     const char *from)
{
	Nurture__V1__DeskTask *task;
	Nurture__V1__DeskWord word;

	if (dsk_book_task(&decision->book, told->id) ||
	    dsk_book_has_ended(&decision->book, told->id))
		return;
	dsk_make_room(decision);
	task = &decision->book.tasks[decision->book.task_count++];
	*task = *told;
	if (!*task->given_to)
		task->given_to = (char *)from;
	while ((task = dsk_book_task(&decision->book, told->id)) &&
	       dsk_book_take_word(&decision->book, told->id, &word))
		dsk_hear(decision, task, &word);
}

/* A word that waited under the other id: its task may be this one's. */
static void add_word(struct dsk_decision *decision, const Nurture__V1__DeskWord *word)
{
	struct dsk_book *book = &decision->book;

	for (size_t i = 0; i < book->task_count; i++)
		if (dsk_book_is_about(word, book->tasks[i].id)) {
			dsk_hear(decision, &book->tasks[i], word);
			return;
		}
	for (size_t i = 0; i < book->ended_count; i++)
		if (book->ended[i].task == word->task)
			return;
	dsk_book_add_word(book, word);
}

static void add_tell(struct dsk_decision *decision, const Nurture__V1__DeskTell *tell)
{
	Nurture__V1__DeskTell *added;

	if (decision->book.tell_count == DSK_TELLS_MAX)
		return;
	added = dsk_book_add_tell(&decision->book, decision->step->arena);
	*added = *tell;
	/* Whoever has it under way answers to the other id: it is posted again, under its id. */
	added->owner = 0;
}

/* Each task has its end, also those of which nothing else may be kept. */
static void end_all(struct dsk_decision *decision, const struct dsk_book *other)
{
	for (size_t i = 0; i < other->task_count; i++) {
		Nurture__V1__DeskTask *task = dsk_book_task(&decision->book, other->tasks[i].id);

		if (task)
			dsk_end(decision, task,
				&(struct dsk_verdict){END_CANCELLED, "", "",
						      event_type_text(EVENT_CUSTOMER_ERASED)});
	}
}

int dsk_merge_unite(struct dsk_decision *decision, const Nurture__V1__Handover *handover,
		    struct err *err)
{
	struct step *step = decision->step;
	bool ends = is_forgotten(decision, handover);
	struct dsk_book other;

	if (dsk_book_decode(slice_of(handover->state.data, handover->state.len), step->arena,
			    &other, err) < 0)
		return err_prefix(err, "$.state");
	make_room_for(&decision->book, &other, step->arena);
	for (size_t i = 0; i < other.ended_count; i++)
		dsk_book_add_ended(&decision->book, &other.ended[i]);
	for (size_t i = 0; i < other.task_count; i++)
		add_task(decision, &other.tasks[i], handover->path[0]);
	if (ends) {
		end_all(decision, &other);
		return 0;
	}
	for (size_t i = 0; i < other.word_count; i++)
		add_word(decision, &other.words[i]);
	for (size_t i = 0; i < other.tell_count; i++)
		add_tell(decision, &other.tells[i]);
	return 0;
}
