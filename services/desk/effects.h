/*
 * effects.h - what leaves the desk beside its records: ends are counted, notices go to webhooks,
 * and what came of them goes back into the loop.
 */
#ifndef NURTURE_DESK_EFFECTS_H
#define NURTURE_DESK_EFFECTS_H

#include "common/stream/stream.h"
#include "common/policy/desk.h"
#include "counts.h"
#include "morning/mailer.h"
#include "step.h"
#include "tell/poster.h"

struct dsk_effects {
	struct stream *stream;
	struct dsk_counts counts;
	struct dsk_poster *poster;
	struct dsk_mailer *mailer; /* NULL: nobody gets a list */
	const struct desk *desk;
	uint64_t *owners; /* of each partition, as its people were told last */
	size_t mails;     /* put and not taken back */
	struct arena arena;
};

/* For stream_options: context is the effects. */
int dsk_effects_before_batch(void *effects, struct stream *stream, int *wait_ms, struct err *err);
int dsk_effects_after_batch(void *effects, struct stream *stream, struct err *err);
/* Hands in what has come back; what is still under way is posted again by the next owner. */
int dsk_effects_yield(void *effects, struct err *err);
void dsk_effects_close(struct dsk_effects *effects);

#endif
