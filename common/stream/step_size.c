/* step_size.c - see step_size.h. */
#include "step_size.h"

enum {
	/* Framing, a due time, a header: what a record has besides key and value. */
	FRAME_BYTES = 256,
};

static int check(struct slice key, const char *what, struct slice value, size_t max_bytes,
		 struct err *err)
{
	size_t bytes = key.len + value.len + FRAME_BYTES;

	if (bytes <= max_bytes)
		return 0;
	return err_set(err, "%s would take %zu bytes: expected at most %zu", what, bytes,
		       max_bytes);
}

int step_fits(const struct step *step, size_t max_bytes, struct err *err)
{
	size_t state_max = step->kind == STEP_RECORD && max_bytes > 2 * STEP_ROOM_BYTES
			       ? max_bytes - STEP_ROOM_BYTES
			       : max_bytes;

	if (step->state_changed && check(step->customer, "what is known of the customer",
					 step->new_state, state_max, err) < 0)
		return -1;
	if (step->shared_changed && check(step->customer, "what the partition's customers share",
					  step->new_shared, max_bytes, err) < 0)
		return -1;
	for (const struct step_output *output = step->outputs; output; output = output->next)
		if (output->topic != STEP_EFFECT &&
		    check(output->key.len ? output->key : step->customer, "what follows from it",
			  output->value, max_bytes, err) < 0)
			return -1;
	return 0;
}
