/* outcome_fuzz.c - any bytes as an outcome: what is taken is written the same again in both
 * formats. */
#include <stdlib.h>

#include "common/message/outcome.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf first = BUF_MAX(1 << 22), second = BUF_MAX(1 << 22), packed = BUF_MAX(1 << 22);
	struct arena arena = {0};
	Nurture__V1__Outcome *outcome;
	struct err err;

	if (outcome_decode(slice_of(data, size), &arena, &outcome, &err) == 0) {
		outcome_encode(outcome, OUTCOME_JSON, &first);
		outcome_encode(outcome, OUTCOME_PROTOBUF, &packed);
		if (outcome_decode(buf_slice(&first), &arena, &outcome, &err) < 0)
			abort();
		outcome_encode(outcome, OUTCOME_JSON, &second);
		if (!slice_equal(buf_slice(&first), buf_slice(&second)))
			abort();
		buf_reset(&second);
		if (outcome_decode(buf_slice(&packed), &arena, &outcome, &err) < 0)
			abort();
		outcome_encode(outcome, OUTCOME_JSON, &second);
		if (!slice_equal(buf_slice(&first), buf_slice(&second)))
			abort();
	}
	buf_free(&first);
	buf_free(&second);
	buf_free(&packed);
	arena_free(&arena);
	return 0;
}
