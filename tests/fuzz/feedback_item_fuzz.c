/*
 * feedback_item_fuzz.c - what stands on nurture.feedback: a record that is read says the same when it
 * is written again, a key is that of its customer and item; and words of any bytes are folded once
 * for all, and suggest no tag twice.
 */
#include <stdlib.h>
#include <string.h>

#include "common/codec/protobuf_message.h"
#include "common/message/feedback.h"
#include "common/policy/policy.h"
#include "common/policy/tags.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FOLDED_MAX_BYTES = 1 << 20 };

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void read_item(struct slice bytes, struct arena *arena)
{
	Nurture__V1__FeedbackItem *item;
	struct slice written;
	struct err err;

	if (feedback_item_decode(bytes, arena, &item, &err) < 0)
		return;
	expect(item->n_tags <= FEEDBACK_TAGS_MAX && item->id[0] && item->customer[0]);
	written = message_pack(item, arena);
	expect(feedback_item_decode(written, arena, &item, &err) == 0);
	expect(slice_equal(message_pack(item, arena), written));
}

static void read_key(struct slice key, struct arena *arena)
{
	struct slice customer;
	const char *item;
	struct err err;

	if (feedback_key_read(key, arena, &customer, &item, &err) < 0)
		return;
	expect(customer.len > 0 && slice_equal(feedback_key_customer(key), customer));
	if (!memchr(key.bytes, '\0', key.len))
		expect(slice_equal(
		    feedback_key(arena_copy(arena, customer.bytes, customer.len), item, arena),
		    key));
}

static void read_words(struct slice text)
{
	static const char *kettle[] = {" kettle "}, *late[] = {" zu spat ", " late "};
	static struct tag tags[] = {{"Product", kettle, 1}, {"Deployment", late, 2}};
	static const struct policy policy = {.tags = tags, .tag_count = 2};
	const char *names[TAGS_SUGGESTED_MAX];
	struct buf once = BUF_MAX(FOLDED_MAX_BYTES), again = BUF_MAX(FOLDED_MAX_BYTES);
	size_t count = tags_suggest(&policy, text, names);

	expect(count <= 2 && (count < 2 || names[0] != names[1]));
	tags_fold(text, &once);
	tags_fold(buf_slice(&once), &again);
	expect(slice_equal(buf_slice(&once), buf_slice(&again)));
	buf_free(&once);
	buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;
	struct slice bytes = slice_of(data, size);

	read_item(bytes, &arena);
	read_key(bytes, &arena);
	read_words(bytes);
	arena_reset(&arena);
	return 0;
}
