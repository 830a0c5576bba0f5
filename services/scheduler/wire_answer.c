/* wire_answer.c - see wire_answer.h. */
#include "wire_answer.h"

#include "common/codec/protobuf_put.h"

enum { NUMBERS_MAX_BYTES = 4 * KEYED_MAX_BYTES };

#define FIELD(n, k, member)                                                                        \
	[n] = {.kind = WIRE_##k, .offset = offsetof(struct sched_answer, member)}
static const struct wire_field fields[] = {FIELD(1, WIDE, request), FIELD(2, RAW, outcome),
					   FIELD(3, WIDE, lapses_ms)};
static const struct wire_table table = WIRE_TABLE(fields);

int sched_answer_read(const struct sched_wire_source *source, struct slice packed,
		      struct sched_answer *ret)
{
	struct sched_answer answer = {.packed = packed};

	if (sched_fields_read(&table, source, packed, &answer) < 0)
		return -1;
	*ret = answer;
	return 0;
}

struct slice sched_answer_packed(const struct sched_answer *answer, struct arena *arena)
{
	uint8_t *bytes, *at;

	if (answer->packed.len)
		return answer->packed;
	at = bytes = arena_alloc(arena, NUMBERS_MAX_BYTES + answer->outcome.len);
	at = put_number(at, 1, answer->request);
	at = put_message(at, 2, answer->outcome);
	at = put_number(at, 3, (uint64_t)answer->lapses_ms);
	return slice_of(bytes, (size_t)(at - bytes));
}

struct slice sched_answer_told(const struct sched_answer *answer, int64_t now_ms,
			       struct arena *arena)
{
	uint8_t *bytes = arena_alloc(arena, NUMBERS_MAX_BYTES + answer->outcome.len), *at = bytes;

	at = put_fixed64(put_key(at, 1, WIRE_FIXED64), (uint64_t)now_ms);
	at = put_message(at, 2, answer->outcome);
	at = put_number(at, 3, (uint64_t)answer->lapses_ms);
	return slice_of(bytes, (size_t)(at - bytes));
}
