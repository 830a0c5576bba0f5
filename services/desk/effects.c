/* effects.c - see effects.h. */
#include "effects.h"

#include <stdlib.h>

#include "common/codec/protobuf_message.h"
#include "common/io/process/log.h"

enum { BUSY_WAIT_MS = 50 }; /* while posts are under way: a result may come at any moment */

static void collect(struct dsk_effects *effects)
{
	struct dsk_poster_result result;

	while (dsk_poster_take(effects->poster, &result))
		stream_result(effects->stream, result.partition, result.customer, result.value);
}

int dsk_effects_before_batch(void *context, struct stream *stream, int *wait_ms, struct err *err)
{
	struct dsk_effects *effects = context;

	(void)stream;
	(void)err;
	collect(effects);
	if (dsk_poster_in_flight(effects->poster) > 0 && *wait_ms > BUSY_WAIT_MS)
		*wait_ms = BUSY_WAIT_MS;
	return 0;
}

static void carry_out(struct dsk_effects *effects, const struct stream_effect *effect)
{
	const Nurture__V1__DeskEffect *said;

	arena_reset(&effects->arena);
	said =
	    message_unpack(&nurture__v1__desk_effect__descriptor, effect->value, &effects->arena);
	/* This process has written it. */
	if (!said)
		abort();
	if (said->end.len)
		dsk_counts_end(&effects->counts, slice_of(said->end.data, said->end.len));
	if (said->post && said->post->given_up)
		dsk_counts_given_up(&effects->counts, said->post->hook, said->post->id);
	else if (said->post)
		dsk_poster_put(effects->poster, effect->partition, effect->customer, said->post);
}

int dsk_effects_after_batch(void *context, struct stream *stream, struct err *err)
{
	struct dsk_effects *effects = context;
	struct stream_effect effect;

	(void)err;
	while (stream_next_effect(stream, &effect))
		carry_out(effects, &effect);
	dsk_counts_tell(&effects->counts);
	return 0;
}

int dsk_effects_yield(void *context, struct err *err)
{
	struct dsk_effects *effects = context;

	collect(effects);
	if (!stream_has_results(effects->stream))
		return 0;
	if (stream_begin(effects->stream, -1, err) < 0)
		return -1;
	return stream_decide(effects->stream, dsk_step, err);
}

void dsk_effects_close(struct dsk_effects *effects)
{
	dsk_poster_close(&effects->poster);
	dsk_counts_close(&effects->counts);
	arena_free(&effects->arena);
}
