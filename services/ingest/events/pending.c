/* pending.c - see pending.h. */
#include "pending.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *zeroed(size_t count, size_t size)
{
	void *ret = calloc(count ? count : 1, size);

	if (!ret)
		abort();
	return ret;
}

static const char *copy(const char *text)
{
	char *ret;

	if (!text || !text[0])
		return "";
	ret = strdup(text);
	if (!ret)
		abort();
	return ret;
}

static void let_go(const char *text)
{
	if (text[0])
		free((void *)(uintptr_t)text);
}

struct ing_pending *ing_pending_new(const struct ing_batch *batch)
{
	struct ing_pending *pending = zeroed(1, sizeof(*pending));

	pending->is_array = batch->is_array;
	pending->count = batch->count;
	pending->results = zeroed(batch->count, sizeof(*pending->results));
	pending->tickets = zeroed(batch->count, sizeof(*pending->tickets));
	for (size_t i = 0; i < batch->count; i++) {
		const struct ing_result *result = &batch->events[i].result;

		pending->tickets[i] = (struct ing_ticket){pending, i};
		pending->results[i] = (struct ing_result){
		    .status = result->status,
		    .id = copy(result->id),
		    .error = copy(result->error),
		    .path = copy(result->path),
		};
	}
	return pending;
}

void ing_pending_free(struct ing_pending *pending)
{
	for (size_t i = 0; i < pending->count; i++) {
		const struct ing_result *result = &pending->results[i];

		let_go(result->id);
		let_go(result->path);
		/* An event that failed has a refusal or a failure. */
		if (result->status != ING_FAILED)
			let_go(result->error);
	}
	free(pending->results);
	free(pending->tickets);
	free(pending);
}

void ing_pending_fail(struct ing_pending *pending, size_t index, char reason[200], const char *why)
{
	if (!reason[0])
		snprintf(reason, 200, "%s", why);
	pending->results[index].status = ING_FAILED;
	pending->results[index].error = reason;
}
