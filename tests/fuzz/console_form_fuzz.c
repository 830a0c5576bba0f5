/* console_form_fuzz.c - forms from anybody; what is taken becomes an event that all can read. */
#include <stdlib.h>

#include "common/message/event.h"
#include "services/console/pages/form.h"
#include "services/console/say/change.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf json = BUF_MAX(EVENT_MAX_BYTES);
	struct arena arena = {0};
	struct con_form form;
	struct err err;

	if (con_form_read(slice_of(data, size), &arena, &form, &err) == 0) {
		const struct con_change change = {.action = form.action,
						  .customer = "ann",
						  .by = "maria@shop.example",
						  .form = form.form,
						  .now_ms = 1764590400000,
						  .task = form.task,
						  .words = form.words,
						  .channel = form.channel,
						  .direction = form.direction,
						  .later = form.later,
						  .order = form.order,
						  .score = form.score,
						  .into = form.into};

		/* It checks what it has written. */
		con_change_event(&change, &json, &err);
	}
	buf_free(&json);
	arena_free(&arena);
	return 0;
}
