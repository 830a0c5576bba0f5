/*
 * shape_plain_fuzz.c - what the one pass reads of an event, cJSON's tree says
 * too: written again, both are the same bytes.
 */
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "common/message/event_internal.h"
#include "common/codec/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size);
	struct buf first = BUF_MAX(1 << 22), second = BUF_MAX(1 << 22);
	void *plain, *whole = NULL;
	struct arena arena = {0};
	struct err err;
	cJSON *tree;

	if (size && size <= EVENT_MAX_BYTES &&
	    shape_read_plain(&event_shape, text, &arena, &plain)) {
		whole = shape_new(&event_shape, &arena);
		must(json_parse_strict(text, &tree, &err) == 0);
		must(shape_read(&event_shape, tree, whole, NULL, &arena, &err) == 0);
		cJSON_Delete(tree);
		shape_write(&event_shape, plain, &first);
		shape_write(&event_shape, whole, &second);
		must(slice_equal(buf_slice(&first), buf_slice(&second)));
	}
	buf_free(&first);
	buf_free(&second);
	arena_free(&arena);
	return 0;
}
