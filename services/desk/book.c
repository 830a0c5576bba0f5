/* book.c - see book.h. */
#include "book.h"

#include <string.h>

#include "common/base/hash.h"
#include "common/codec/protobuf_message.h"
#include "common/policy/desk.h"

/* Far enough from the ends of int64_t for any sum of a time and a policy's durations. */
static bool is_time(int64_t ms)
{
	return ms >= 0 && ms <= INT64_C(1000000000000000);
}

static bool task_is_sound(const Nurture__V1__DeskTask *task)
{
	return *task->id && is_time(task->opened_ms) && is_time(task->from_ms) &&
	       is_time(task->expires_ms) && is_time(task->answered_ms) &&
	       is_time(task->snoozed_ms) && is_time(task->patience_ms) &&
	       task->n_failed <= DESK_ATTEMPTS_MAX && task->reminders <= DESK_STEPS_MAX &&
	       task->escalations <= DESK_STEPS_MAX;
}

static bool tell_is_sound(const Nurture__V1__DeskTell *tell)
{
	return *tell->hook && *tell->id && is_time(tell->next_ms) && tell->notice.len > 0 &&
	       tell->notice.len <= DSK_NOTICE_MAX_BYTES;
}

static int check(const Nurture__V1__Desk *desk, struct err *err)
{
	if (desk->n_tasks > DSK_TASKS_MAX || desk->n_ended > DSK_ENDED_MAX ||
	    desk->n_words > DSK_WORDS_MAX || desk->n_tells > DSK_TELLS_MAX)
		return err_set(
		    err, "desk: %zu tasks, %zu ended, %zu words, %zu tells: more than was stored",
		    desk->n_tasks, desk->n_ended, desk->n_words, desk->n_tells);
	if (!is_time(desk->merged_ms) || !is_time(desk->erased_ms))
		return err_set(err, "desk: merged_ms, erased_ms: not a time");
	for (size_t i = 0; i < desk->n_tasks; i++)
		if (!task_is_sound(desk->tasks[i]))
			return err_set(err, "desk: tasks[%zu]: not an id, time or count", i);
	for (size_t i = 0; i < desk->n_ended; i++)
		if (!is_time(desk->ended[i]->until_ms) || !is_time(desk->ended[i]->expired_ms))
			return err_set(err, "desk: ended[%zu].until_ms: not a time", i);
	for (size_t i = 0; i < desk->n_words; i++)
		if (desk->words[i]->kind >= DSK_WORD_COUNT || !is_time(desk->words[i]->at_ms) ||
		    !is_time(desk->words[i]->until_ms))
			return err_set(err, "desk: words[%zu]: not a kind or time", i);
	for (size_t i = 0; i < desk->n_tells; i++)
		if (!tell_is_sound(desk->tells[i]))
			return err_set(err, "desk: tells[%zu]: not a webhook, notice or time", i);
	return 0;
}

/*
 * Fields that this build does not know are let go of: they may be no fields at all, and then what
 * is stored again would not be readable.
 */
#define as_known(message) ((message)->base.n_unknown_fields = 0, (message))

int dsk_book_decode(struct slice bytes, struct arena *arena, struct dsk_book *ret, struct err *err)
{
	struct dsk_book book = {.merged_into = ""};
	Nurture__V1__Desk *stored;

	if (bytes.len > DSK_STATE_MAX_BYTES)
		return err_set(err, "desk: %zu bytes; expected at most %d", bytes.len,
			       DSK_STATE_MAX_BYTES);
	stored = message_unpack(&nurture__v1__desk__descriptor, bytes, arena);
	if (!stored)
		return err_set(err, "desk: not readable (%zu bytes)", bytes.len);
	if (check(stored, err) < 0)
		return -1;
	book.tasks = arena_alloc(arena, (stored->n_tasks + 1) * sizeof(*book.tasks));
	for (; book.task_count < stored->n_tasks; book.task_count++)
		book.tasks[book.task_count] = *as_known(stored->tasks[book.task_count]);
	/* One step may end all tasks, and one that it has opened. */
	book.ended =
	    arena_alloc(arena, (stored->n_ended + stored->n_tasks + 2) * sizeof(*book.ended));
	for (; book.ended_count < stored->n_ended; book.ended_count++)
		book.ended[book.ended_count] = *as_known(stored->ended[book.ended_count]);
	book.words = arena_alloc(arena, (stored->n_words + 1) * sizeof(*book.words));
	for (; book.word_count < stored->n_words; book.word_count++)
		book.words[book.word_count] = *as_known(stored->words[book.word_count]);
	book.tells = arena_alloc(arena, (stored->n_tells + 1) * sizeof(*book.tells));
	for (; book.tell_count < stored->n_tells; book.tell_count++)
		book.tells[book.tell_count] = *as_known(stored->tells[book.tell_count]);
	book.merged_into = stored->merged_into;
	book.merged_ms = stored->merged_ms;
	book.erased_ms = stored->erased_ms;
	*ret = book;
	return 0;
}

struct slice dsk_book_encode(const struct dsk_book *book, struct arena *arena)
{
	Nurture__V1__Desk desk = NURTURE__V1__DESK__INIT;

	if (!book->task_count && !book->ended_count && !book->word_count && !book->tell_count &&
	    !*book->merged_into && !book->erased_ms)
		return slice_of(NULL, 0);
	desk.merged_into = (char *)book->merged_into;
	desk.merged_ms = book->merged_ms;
	desk.erased_ms = book->erased_ms;
	desk.tasks = arena_alloc(arena, (book->task_count + 1) * sizeof(*desk.tasks));
	desk.ended = arena_alloc(arena, (book->ended_count + 1) * sizeof(*desk.ended));
	desk.words = arena_alloc(arena, (book->word_count + 1) * sizeof(*desk.words));
	for (; desk.n_tasks < book->task_count; desk.n_tasks++)
		desk.tasks[desk.n_tasks] = &book->tasks[desk.n_tasks];
	for (; desk.n_ended < book->ended_count; desk.n_ended++)
		desk.ended[desk.n_ended] = &book->ended[desk.n_ended];
	for (; desk.n_words < book->word_count; desk.n_words++)
		desk.words[desk.n_words] = &book->words[desk.n_words];
	desk.tells = arena_alloc(arena, (book->tell_count + 1) * sizeof(*desk.tells));
	for (; desk.n_tells < book->tell_count; desk.n_tells++)
		desk.tells[desk.n_tells] = &book->tells[desk.n_tells];
	return message_pack(&desk, arena);
}

Nurture__V1__DeskTask *dsk_book_task(const struct dsk_book *book, const char *id)
{
	for (size_t i = 0; i < book->task_count; i++)
		if (strcmp(book->tasks[i].id, id) == 0)
			return &book->tasks[i];
	return NULL;
}

bool dsk_book_has_ended(const struct dsk_book *book, const char *id)
{
	uint64_t hash = hash64(slice_text(id));

	for (size_t i = 0; i < book->ended_count; i++)
		if (book->ended[i].task == hash)
			return true;
	return false;
}

void dsk_book_end(struct dsk_book *book, Nurture__V1__DeskTask *task, int64_t until_ms)
{
	size_t at = (size_t)(task - book->tasks);
	Nurture__V1__DeskEnded ended = NURTURE__V1__DESK_ENDED__INIT;

	ended.task = hash64(slice_text(task->id));
	ended.until_ms = until_ms;
	memmove(task, task + 1, (book->task_count - at - 1) * sizeof(*task));
	book->task_count--;
	dsk_book_add_ended(book, &ended);
}

void dsk_book_add_ended(struct dsk_book *book, const Nurture__V1__DeskEnded *ended)
{
	if (book->ended_count == DSK_ENDED_MAX)
		memmove(book->ended, book->ended + 1, --book->ended_count * sizeof(*book->ended));
	book->ended[book->ended_count++] = *ended;
}

void dsk_book_add_word(struct dsk_book *book, const Nurture__V1__DeskWord *word)
{
	if (book->word_count == DSK_WORDS_MAX)
		memmove(book->words, book->words + 1, --book->word_count * sizeof(*book->words));
	book->words[book->word_count++] = *word;
}

bool dsk_book_is_about(const Nurture__V1__DeskWord *word, const char *id)
{
	return word->task == hash64(slice_text(id));
}

bool dsk_book_take_word(struct dsk_book *book, const char *id, Nurture__V1__DeskWord *ret)
{
	uint64_t hash = hash64(slice_text(id));

	for (size_t i = 0; i < book->word_count; i++) {
		if (book->words[i].task != hash)
			continue;
		*ret = book->words[i];
		memmove(&book->words[i], &book->words[i + 1],
			(book->word_count - i - 1) * sizeof(*book->words));
		book->word_count--;
		return true;
	}
	return false;
}

Nurture__V1__DeskTell *dsk_book_add_tell(struct dsk_book *book, struct arena *arena)
{
	Nurture__V1__DeskTell *tells = arena_alloc(arena, (book->tell_count + 1) * sizeof(*tells));

	if (book->tell_count)
		memcpy(tells, book->tells, book->tell_count * sizeof(*tells));
	book->tells = tells;
	nurture__v1__desk_tell__init(&tells[book->tell_count]);
	return &tells[book->tell_count++];
}

void dsk_book_drop_tell(struct dsk_book *book, size_t at)
{
	memmove(&book->tells[at], &book->tells[at + 1],
		(book->tell_count - at - 1) * sizeof(*book->tells));
	book->tell_count--;
}

void dsk_book_prune(struct dsk_book *book, int64_t now_ms)
{
	size_t ended = 0, words = 0;

	for (size_t i = 0; i < book->ended_count; i++)
		if (book->ended[i].until_ms > now_ms)
			book->ended[ended++] = book->ended[i];
	for (size_t i = 0; i < book->word_count; i++)
		if (book->words[i].at_ms + DSK_WORD_MS > now_ms)
			book->words[words++] = book->words[i];
	book->ended_count = ended;
	book->word_count = words;
	if (book->erased_ms + DSK_ERASED_MS <= now_ms)
		book->erased_ms = 0;
}

int64_t dsk_book_prune_ms(const struct dsk_book *book)
{
	int64_t next_ms = NEVER_MS;

	for (size_t i = 0; i < book->ended_count; i++)
		if (book->ended[i].until_ms < next_ms)
			next_ms = book->ended[i].until_ms;
	for (size_t i = 0; i < book->word_count; i++)
		if (book->words[i].at_ms + DSK_WORD_MS < next_ms)
			next_ms = book->words[i].at_ms + DSK_WORD_MS;
	if (book->erased_ms && book->erased_ms + DSK_ERASED_MS < next_ms)
		next_ms = book->erased_ms + DSK_ERASED_MS;
	return next_ms;
}
