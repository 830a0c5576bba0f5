/* kept_request.c - see kept_request.h. */
#include "kept_request.h"

#include <string.h>

#include "common/base/civil.h"

/*
 * The fields of both messages that have no rule of their own below: words, in the order in which they
 * are numbered, and what is the same in both.
 */
#define FIELDS(WORD, SAME)                                                                         \
	WORD(programme)                                                                            \
	WORD(message_class)                                                                        \
	WORD(channel)                                                                              \
	WORD(action)                                                                               \
	WORD(category)                                                                             \
	WORD(owner)                                                                                \
	WORD(merge)                                                                                \
	WORD(variant)                                                                              \
	WORD(coupon)                                                                               \
	WORD(instead_of)                                                                           \
	WORD(rung)                                                                                 \
	SAME(order)                                                                                \
	SAME(priority)                                                                             \
	SAME(holdout_permille)                                                                     \
	SAME(exempt)                                                                               \
	SAME(send_from_min)                                                                        \
	SAME(send_to_min)                                                                          \
	SAME(send_best)                                                                            \
	SAME(probability_ppm)                                                                      \
	SAME(outlives_order)                                                                       \
	SAME(on_open_case)                                                                         \
	SAME(always)                                                                               \
	SAME(reminder)                                                                             \
	SAME(triggered_ms)                                                                         \
	SAME(follow_after_ms)                                                                      \
	SAME(value_e4)                                                                             \
	SAME(reserve_ms)

bool kept_id_read(ProtobufCBinaryData bytes, const char *other, struct arena *arena, char **ret)
{
	if (bytes.len == 0)
		*ret = (char *)other;
	else if (bytes.len == WORDS_ID_BYTES)
		*ret = words_id_text(bytes.data, arena);
	else
		return false;
	return true;
}

void kept_id_write(const char *id, struct arena *arena, ProtobufCBinaryData *ret, char **ret_other)
{
	uint8_t bytes[WORDS_ID_BYTES];

	if (!words_id_bytes(id, bytes)) {
		*ret_other = (char *)id;
		return;
	}
	ret->data = arena_alloc(arena, sizeof(bytes));
	ret->len = sizeof(bytes);
	memcpy(ret->data, bytes, sizeof(bytes));
}

/* In one line each, since every decision reads all that waits. */
static bool read_fields(const struct words *words, const Nurture__V1__Candidate *from,
			Nurture__V1__Request *to)
{
#define WORD(name)                                                                                 \
	if (!(to->name = (char *)words_text(words, from->name)))                                   \
		return false;
#define SAME(name) to->name = from->name;
	FIELDS(WORD, SAME)
#undef WORD
#undef SAME
	return true;
}

static void write_fields(struct words *words, const Nurture__V1__Request *from,
			 Nurture__V1__Candidate *to)
{
#define WORD(name) to->name = words_number(words, from->name);
#define SAME(name) to->name = from->name;
	FIELDS(WORD, SAME)
#undef WORD
#undef SAME
}

/*
 * Most spans are those of a policy: whole minutes, which take fewer bytes.  Any two numbers may
 * come, and read_span() brings the second one back.
 */
static void write_span(int64_t from_ms, int64_t to_ms, int64_t *ret_min, int64_t *ret_ms)
{
	int64_t span_ms = (int64_t)((uint64_t)to_ms - (uint64_t)from_ms);

	*ret_min = span_ms / MINUTE_MS;
	*ret_ms = span_ms % MINUTE_MS;
}

static int64_t read_span(int64_t from_ms, int64_t min, int64_t ms)
{
	return kept_time(from_ms, kept_time((int64_t)((uint64_t)min * MINUTE_MS), ms));
}

bool kept_request_read(const struct words *words, const Nurture__V1__Candidate *candidate,
		       struct arena *arena, Nurture__V1__Request *ret)
{
	if (!read_fields(words, candidate, ret))
		return false;
	ret->due_ms =
	    read_span(candidate->triggered_ms, candidate->due_after_min, candidate->due_after_ms);
	ret->expires_ms =
	    read_span(ret->due_ms, candidate->expires_after_min, candidate->expires_after_ms);
	return kept_id_read(candidate->id, candidate->other_id, arena, &ret->id) &&
	       kept_id_read(candidate->follows, candidate->other_follows, arena, &ret->follows);
}

static bool read_datum(const struct words *words, const Nurture__V1__KeptDatum *from,
		       const Nurture__V1__Candidate *candidate, Nurture__V1__Datum *ret)
{
	const char *name = words_text(words, from->name);

	if (!name)
		return false;
	ret->name = (char *)name;
	ret->value = from->is_order ? candidate->order : from->value;
	return true;
}

bool kept_request_data(const struct words *words, const Nurture__V1__Candidate *candidate,
		       const struct message_source *source, Nurture__V1__Request *ret)
{
	size_t count = candidate->n_data;
	Nurture__V1__Datum *data = arena_alloc(source->arena, count * sizeof(*data));

	ret->data = arena_alloc(source->arena, count * sizeof(*ret->data));
	ret->n_data = count;
	for (size_t i = 0; i < count; i++) {
		Nurture__V1__KeptDatum kept = NURTURE__V1__KEPT_DATUM__INIT;

		nurture__v1__datum__init(&data[i]);
		ret->data[i] = &data[i];
		/* A datum of nothing is packed as no bytes at all, so their length says nothing. */
		if (candidate->data[i]->base.descriptor == kept.base.descriptor)
			kept = *candidate->data[i];
		else if (!message_fill_state(source, kept.base.descriptor,
					     message_bytes(candidate->data[i]), &kept))
			return false;
		if (!read_datum(words, &kept, candidate, &data[i]))
			return false;
	}
	return true;
}

void kept_request_write(struct words *words, const Nurture__V1__Request *request,
			struct arena *arena, Nurture__V1__Candidate *ret)
{
	Nurture__V1__KeptDatum *data = arena_alloc(arena, request->n_data * sizeof(*data));

	write_fields(words, request, ret);
	write_span(request->triggered_ms, request->due_ms, &ret->due_after_min, &ret->due_after_ms);
	write_span(request->due_ms, request->expires_ms, &ret->expires_after_min,
		   &ret->expires_after_ms);
	kept_id_write(request->id, arena, &ret->id, &ret->other_id);
	kept_id_write(request->follows, arena, &ret->follows, &ret->other_follows);
	ret->data = arena_alloc(arena, request->n_data * sizeof(*ret->data));
	ret->n_data = request->n_data;
	for (size_t i = 0; i < request->n_data; i++) {
		const Nurture__V1__Datum *from = request->data[i];

		nurture__v1__kept_datum__init(&data[i]);
		data[i].name = words_number(words, from->name);
		data[i].is_order = request->order[0] && strcmp(from->value, request->order) == 0;
		data[i].value = data[i].is_order ? data[i].value : from->value;
		ret->data[i] = &data[i];
	}
}
