/*
 * pending.c - see pending.h.
 *
 * A request with all its results, tickets and texts is one piece of memory: an array of a thousand
 * events costs one allocation.
 */
#include "pending.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t bytes_of(const char *text)
{
	return text && text[0] ? strlen(text) + 1 : 0;
}

/* Bytes of all texts of the batch's results. */
static size_t count_text_bytes(const struct ing_batch *batch)
{
	size_t bytes = 0;

	for (size_t i = 0; i < batch->count; i++) {
		const struct ing_result *result = &batch->events[i].result;

		bytes += bytes_of(result->id) + bytes_of(result->error) + bytes_of(result->path);
	}
	return bytes;
}

static const char *copy(const char *text, char **at)
{
	size_t bytes = bytes_of(text);
	char *ret = *at;

	if (!bytes)
		return "";
	*at += bytes;
	return memcpy(ret, text, bytes);
}

struct ing_pending *ing_pending_new(const struct ing_batch *batch)
{
	size_t results_bytes = batch->count * sizeof(struct ing_result);
	size_t tickets_bytes = batch->count * sizeof(struct ing_ticket);
	struct ing_pending *pending =
	    malloc(sizeof(*pending) + results_bytes + tickets_bytes + count_text_bytes(batch));
	char *texts;

	if (!pending)
		abort();
	memset(pending, 0, sizeof(*pending));
	pending->is_array = batch->is_array;
	pending->count = batch->count;
	pending->results = (struct ing_result *)(pending + 1);
	pending->tickets = (struct ing_ticket *)(pending->results + batch->count);
	texts = (char *)(pending->tickets + batch->count);
	for (size_t i = 0; i < batch->count; i++) {
		const struct ing_result *result = &batch->events[i].result;

		pending->tickets[i] = (struct ing_ticket){pending, i};
		pending->results[i] = (struct ing_result){
		    .status = result->status,
		    .id = copy(result->id, &texts),
		    .error = copy(result->error, &texts),
		    .path = copy(result->path, &texts),
		};
	}
	return pending;
}

void ing_pending_free(struct ing_pending *pending)
{
	free(pending);
}

void ing_pending_fail(struct ing_pending *pending, size_t index, char reason[200], const char *why)
{
	if (!reason[0])
		snprintf(reason, 200, "%s", why);
	pending->results[index].status = ING_FAILED;
	pending->results[index].error = reason;
}
