/* effects.c - see effects.h. */
#include "effects.h"

#include <stdlib.h>

#include "common/codec/protobuf_message.h"
#include "common/base/hash.h"
#include "common/io/process/log.h"
#include "morning/morning.h"

enum { BUSY_WAIT_MS = 50 }; /* while posts are under way: a result may come at any moment */

static void hand_in(struct dsk_effects *effects, int32_t partition, const char *person,
		    Nurture__V1__DeskPosted posted)
{
	arena_reset(&effects->arena);
	stream_result(effects->stream, partition, dsk_morning_key(person, &effects->arena),
		      message_pack(&posted, &effects->arena));
}

static void collect_mails(struct dsk_effects *effects)
{
	Nurture__V1__DeskPosted posted = NURTURE__V1__DESK_POSTED__INIT;
	const char *person;
	int32_t partition;
	bool is_sent;

	while (effects->mailer && dsk_mailer_take(effects->mailer, &partition, &person, &is_sent)) {
		effects->mails--;
		posted.id = (char *)person;
		posted.is_taken = is_sent;
		hand_in(effects, partition, person, posted);
	}
}

/* Whoever's key is on the partition: the step makes a state for them, if there is none. */
static void welcome(struct dsk_effects *effects, int32_t partition)
{
	const struct desk *desk = effects->desk;

	for (unsigned i = 0; i < desk->people_count; i++) {
		const struct desk_person *person = &desk->people[i];

		arena_reset(&effects->arena);
		if (*person->mail && partition_of(dsk_morning_key(person->id, &effects->arena),
						  stream_partitions(effects->stream)) == partition)
			hand_in(effects, partition, person->id,
				(Nurture__V1__DeskPosted)NURTURE__V1__DESK_POSTED__INIT);
	}
}

/* Partitions that have become ours since the last batch. */
static void welcome_all(struct dsk_effects *effects)
{
	size_t count = (size_t)stream_partitions(effects->stream);

	if (!effects->mailer)
		return;
	if (!effects->owners && !(effects->owners = calloc(count, sizeof(*effects->owners))))
		abort();
	for (size_t p = 0; p < count; p++) {
		uint64_t owner = stream_owner(effects->stream, (int32_t)p);

		if (owner && owner != effects->owners[p])
			welcome(effects, (int32_t)p);
		effects->owners[p] = owner;
	}
}

static void collect(struct dsk_effects *effects)
{
	struct dsk_poster_result result;

	while (dsk_poster_take(effects->poster, &result))
		stream_result(effects->stream, result.partition, result.customer, result.value);
	collect_mails(effects);
}

int dsk_effects_before_batch(void *context, struct stream *stream, int *wait_ms, struct err *err)
{
	struct dsk_effects *effects = context;

	(void)stream;
	(void)err;
	collect(effects);
	welcome_all(effects);
	if (dsk_poster_in_flight(effects->poster) + effects->mails > 0 && *wait_ms > BUSY_WAIT_MS)
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
	if (*said->morning && effects->mailer) {
		effects->mails++;
		dsk_mailer_put(effects->mailer, effect->partition, said->morning);
	}
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
	dsk_mailer_close(&effects->mailer);
	free(effects->owners);
	dsk_counts_close(&effects->counts);
	arena_free(&effects->arena);
}
