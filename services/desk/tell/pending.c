/* pending.c - see pending.h. */
#include "pending.h"

#include <string.h>

#include "common/codec/protobuf_message.h"
#include "common/message/notice.h"
#include "message.h"
#include "services/desk/step.h"

static void emit(struct dsk_decision *decision, Nurture__V1__DeskPost *post)
{
	Nurture__V1__DeskEffect effect = NURTURE__V1__DESK_EFFECT__INIT;

	effect.post = post;
	step_emit(decision->step, STEP_EFFECT, message_pack(&effect, decision->step->arena));
}

static Nurture__V1__DeskPost post_of(const Nurture__V1__DeskTell *tell)
{
	Nurture__V1__DeskPost post = NURTURE__V1__DESK_POST__INIT;

	post.hook = tell->hook;
	post.id = tell->id;
	return post;
}

static void give_up(struct dsk_decision *decision, size_t at)
{
	Nurture__V1__DeskPost post = post_of(&decision->book.tells[at]);

	post.given_up = true;
	emit(decision, &post);
	dsk_book_drop_tell(&decision->book, at);
}

static void hand_over(struct dsk_decision *decision, Nurture__V1__DeskTell *tell,
		      const Nurture__V1__Notice *notice)
{
	struct step *step = decision->step;
	Nurture__V1__DeskPost post = post_of(tell);
	struct slice body =
	    dsk_message(&(struct dsk_told){.notice = notice,
					   .json = slice_of(tell->notice.data, tell->notice.len),
					   .name = tell->name,
					   .desk = decision->desk,
					   .console_url = decision->console_url},
			step->arena);

	post.body = (ProtobufCBinaryData){body.len, (uint8_t *)(uintptr_t)body.bytes};
	emit(decision, &post);
	tell->owner = step->owner;
	tell->next_ms = step->now_ms + DSK_TELL_LEASE_MS;
}

void dsk_tell_add(struct dsk_decision *decision, const Nurture__V1__Notice *notice,
		  const char *name, struct slice json)
{
	struct arena *arena = decision->step->arena;
	const char *hooks[DESK_HOOKS_MAX];
	size_t count = decision->is_wall ? desk_hooks_of(decision->desk, notice->to, hooks) : 0;

	for (size_t i = 0; i < count; i++) {
		Nurture__V1__DeskTell *tell;

		if (decision->book.tell_count == DSK_TELLS_MAX)
			give_up(decision, 0);
		tell = dsk_book_add_tell(&decision->book, arena);
		tell->hook = (char *)hooks[i];
		tell->id = arena_text(arena, notice->id);
		tell->name = arena_text(arena, name);
		tell->notice.data = (uint8_t *)arena_copy(arena, json.bytes, json.len);
		tell->notice.len = json.len;
		hand_over(decision, tell, notice);
	}
}

/* One that nobody can read any more is given up. */
static void hand_over_again(struct dsk_decision *decision, size_t at)
{
	Nurture__V1__DeskTell *tell = &decision->book.tells[at];
	Nurture__V1__Notice *notice;
	struct err ignored;

	if (notice_decode(slice_of(tell->notice.data, tell->notice.len), decision->step->arena,
			  &notice, &ignored) == 0)
		hand_over(decision, tell, notice);
	else
		give_up(decision, at);
}

void dsk_tell_due(struct dsk_decision *decision)
{
	const struct step *step = decision->step;

	/* From the end, since what is given up makes those behind it move. */
	for (size_t i = decision->book.tell_count; i-- > 0;) {
		Nurture__V1__DeskTell *tell = &decision->book.tells[i];

		if (tell->next_ms > step->now_ms)
			continue;
		if (tell->owner && tell->owner == step->owner)
			tell->next_ms = step->now_ms + DSK_TELL_LEASE_MS;
		else
			hand_over_again(decision, i);
	}
}

static int64_t wait_ms_after(unsigned attempts)
{
	int64_t wait_ms = DSK_TELL_FIRST_WAIT_MS;

	while (--attempts && wait_ms < DSK_TELL_WAIT_MAX_MS)
		wait_ms *= 2;
	return wait_ms < DSK_TELL_WAIT_MAX_MS ? wait_ms : DSK_TELL_WAIT_MAX_MS;
}

static void wait_on(struct dsk_decision *decision, size_t at, const Nurture__V1__DeskPosted *posted)
{
	Nurture__V1__DeskTell *tell = &decision->book.tells[at];
	int64_t wait_ms = posted->wait_ms > 0 ? posted->wait_ms : 0;

	tell->attempts += posted->is_tried;
	if (posted->is_gone || tell->attempts >= DSK_TELL_ATTEMPTS_MAX) {
		give_up(decision, at);
		return;
	}
	if (posted->is_tried && wait_ms < wait_ms_after(tell->attempts))
		wait_ms = wait_ms_after(tell->attempts);
	tell->owner = 0;
	tell->next_ms = decision->step->now_ms +
			(wait_ms < DSK_TELL_WAIT_MAX_MS ? wait_ms : DSK_TELL_WAIT_MAX_MS);
}

void dsk_tell_result(struct dsk_decision *decision, struct slice result)
{
	Nurture__V1__DeskPosted *posted =
	    message_unpack(&nurture__v1__desk_posted__descriptor, result, decision->step->arena);

	for (size_t i = 0; posted && i < decision->book.tell_count; i++) {
		const Nurture__V1__DeskTell *tell = &decision->book.tells[i];

		if (strcmp(tell->hook, posted->hook) != 0 || strcmp(tell->id, posted->id) != 0)
			continue;
		if (posted->is_taken)
			dsk_book_drop_tell(&decision->book, i);
		else
			wait_on(decision, i, posted);
		return;
	}
}

int64_t dsk_tell_next_ms(const struct dsk_book *book)
{
	int64_t next_ms = NEVER_MS;

	for (size_t i = 0; i < book->tell_count; i++)
		if (book->tells[i].next_ms < next_ms)
			next_ms = book->tells[i].next_ms;
	return next_ms;
}
