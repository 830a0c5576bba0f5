/*
 * ingest_permit_fuzz.c - any body as a question or report, any record as an answer or dead letter.
 *
 * What ingest takes for a question the arbiter takes for a record, and what is
 * told is JSON.
 */
#include <stdlib.h>

#include "common/codec/json.h"
#include "services/ingest/permits/permit.h"
#include "services/scheduler/wire_record.h"

static struct arena arena;

static void question(struct slice body)
{
	Nurture__V1__RequestRecord *record;
	struct permit_question read;
	struct err err;

	if (permit_question_read(body, &arena, &read, &err) == 0 &&
	    sched_record_decode(permit_question_record(&read, "crm", 1772366400000, &arena), &arena,
				&record, &err) < 0)
		abort();
}

static void report(struct slice body)
{
	char *customer, *id;
	enum permit_report what;
	struct err err;
	const char *path =
	    arena_printf(&arena, "/v1/permits/%s", arena_copy(&arena, body.bytes, body.len));

	permit_report_read(body, &arena, &customer, &err);
	if (permit_path_read(path, &arena, &id, &what) == 0 && !permit_id_is_valid(slice_text(id)))
		abort();
}

static void answer(struct slice record)
{
	struct buf out = BUF_MAX(1 << 20);
	Nurture__V1__Answer *read;
	struct err err;

	if (permit_answer_read(record, &arena, &read, &err) == 0) {
		permit_answer_write(read, "a-1", &out);
		if (buf_failed(&out) || !json_is_strict(buf_slice(&out)))
			abort();
	}
	buf_free(&out);
	permit_dead_name(record, &arena);
	permit_dead_reason(record, &arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_of(data + 1, size - 1);

	if (size < 2)
		return 0;
	arena_reset(&arena);
	if (data[0] % 3 == 0)
		question(rest);
	else if (data[0] % 3 == 1)
		report(rest);
	else
		answer(rest);
	return 0;
}
