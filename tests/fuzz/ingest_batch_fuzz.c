/* ingest_batch_fuzz.c - any body of any kind: no crash, and each event accepted is one when sent
 * alone. */
#include <stdint.h>
#include <stdlib.h>

#include "common/message/event.h"
#include "services/ingest/events/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ing_result results[ING_EVENTS_MAX];
	struct buf out = BUF_MAX(ING_ANSWER_MAX_BYTES);
	struct arena arena = {0};
	struct ing_batch batch;
	struct ing_fault fault;

	if (size == 0)
		return 0;
	if (ing_batch_read((enum ing_content_type)(data[0] % 4), slice_of(data + 1, size - 1),
			   &arena, &batch, &fault) == 0) {
		for (size_t i = 0; i < batch.count; i++) {
			const struct ing_event *event = &batch.events[i];
			Nurture__V1__Event *again;
			struct err err;

			results[i] = event->result;
			/* Whoever reads the topic must read what was accepted here. */
			if (event->result.status == ING_ACCEPTED &&
			    event_decode(event->value, &arena, &again, &err) < 0)
				abort();
		}
		ing_answer(batch.is_array, results, batch.count, &out);
		if (buf_failed(&out))
			abort();
	}
	buf_free(&out);
	arena_free(&arena);
	return 0;
}
