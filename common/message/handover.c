/* handover.c - see handover.h. */
#include "handover.h"

#include <string.h>

#include "common/base/text.h"
#include "common/codec/protobuf_message.h"
#include "event.h"

static int check_path(const Nurture__V1__Handover *handover, struct err *err)
{
	if (handover->n_path == 0 || handover->n_path > HANDOVER_PATH_MAX)
		return err_set(err, "$.path: expected 1 to %d ids, found %zu", HANDOVER_PATH_MAX,
			       handover->n_path);
	if (handover->n_merged_ms != handover->n_path)
		return err_set(err, "$.merged_ms: expected %zu times, found %zu", handover->n_path,
			       handover->n_merged_ms);
	for (size_t i = 0; i < handover->n_path; i++)
		if (!text_is_id(slice_text(handover->path[i])))
			return err_set(err, "$.path[%zu]: expected an id of 1 to 200 bytes", i);
	return 0;
}

int handover_decode(struct slice bytes, struct arena *arena, Nurture__V1__Handover **ret,
		    struct err *err)
{
	Nurture__V1__Handover *handover =
	    message_unpack(&nurture__v1__handover__descriptor, bytes, arena);

	if (!handover)
		return err_set(err, "$: expected a Handover, found %zu other bytes", bytes.len);
	if (check_path(handover, err) < 0)
		return -1;
	if ((handover->state.len > 0) == (handover->record.len > 0))
		return err_set(err, "$: expected a state or a record, found %s",
			       handover->state.len ? "both" : "neither");
	*ret = handover;
	return 0;
}

int64_t handover_merged_ms(const Nurture__V1__Handover *handover)
{
	int64_t newest_ms = handover->merged_ms[0];

	for (size_t i = 1; i < handover->n_merged_ms; i++)
		if (handover->merged_ms[i] > newest_ms)
			newest_ms = handover->merged_ms[i];
	return newest_ms;
}

static ProtobufCBinaryData binary(struct slice bytes)
{
	return (ProtobufCBinaryData){bytes.len, (uint8_t *)(uintptr_t)bytes.bytes};
}

static struct slice first(const char *from, const struct handover_goal *goal,
			  Nurture__V1__Handover handover, int64_t now_ms, struct arena *arena)
{
	char *path = (char *)from;
	int64_t merged_ms = goal->merged_ms;

	handover.time_ms = (uint64_t)now_ms;
	handover.path = &path;
	handover.n_path = 1;
	handover.merged_ms = &merged_ms;
	handover.n_merged_ms = 1;
	return message_pack(&handover, arena);
}

struct slice handover_of_state(const char *from, const struct handover_goal *goal,
			       struct slice state, int64_t now_ms, struct arena *arena)
{
	Nurture__V1__Handover handover = NURTURE__V1__HANDOVER__INIT;

	handover.state = binary(state);
	return first(from, goal, handover, now_ms, arena);
}

struct slice handover_of_record(const char *from, const struct handover_goal *goal,
				struct slice record, int64_t arrived_ms, int64_t now_ms,
				struct arena *arena)
{
	return handover_of_input(0, from, goal, record, arrived_ms, now_ms, arena);
}

struct slice handover_of_input(unsigned input, const char *from, const struct handover_goal *goal,
			       struct slice record, int64_t arrived_ms, int64_t now_ms,
			       struct arena *arena)
{
	Nurture__V1__Handover handover = NURTURE__V1__HANDOVER__INIT;

	handover.input = input;
	handover.record = binary(record);
	handover.arrived_ms = arrived_ms;
	return first(from, goal, handover, now_ms, arena);
}

struct slice handover_on(const Nurture__V1__Handover *handover, const char *from,
			 const struct handover_goal *goal, int64_t now_ms, struct arena *arena)
{
	Nurture__V1__Handover next = *handover;

	next.time_ms = (uint64_t)now_ms;
	next.path = arena_alloc(arena, (handover->n_path + 1) * sizeof(*next.path));
	memcpy(next.path, handover->path, handover->n_path * sizeof(*next.path));
	next.path[next.n_path++] = (char *)from;
	next.merged_ms = arena_alloc(arena, next.n_path * sizeof(*next.merged_ms));
	memcpy(next.merged_ms, handover->merged_ms,
	       handover->n_merged_ms * sizeof(*next.merged_ms));
	next.merged_ms[next.n_merged_ms++] = goal->merged_ms;
	return message_pack(&next, arena);
}

int handover_event(const Nurture__V1__Handover *handover, const char *own, struct arena *arena,
		   Nurture__V1__Event **ret, int64_t *arrived_ms, struct err *err)
{
	struct slice record = slice_of(handover->record.data, handover->record.len);

	if (event_decode(record, arena, ret, err) < 0)
		return err_prefix(err, "$.record");
	(*ret)->customer->id = (char *)own;
	if (handover->arrived_ms > 0 && handover->arrived_ms < *arrived_ms)
		*arrived_ms = handover->arrived_ms;
	return 0;
}

/* The newest place in the path at which the id stands; n_path: it does not. */
static size_t place_of(const Nurture__V1__Handover *handover, const char *id)
{
	for (size_t i = handover->n_path; i-- > 0;)
		if (strcmp(handover->path[i], id) == 0)
			return i;
	return handover->n_path;
}

bool handover_goes_on(const Nurture__V1__Handover *handover, const char *own,
		      const struct handover_goal *goal)
{
	size_t first = place_of(handover, goal->id), i;
	const char *lives = goal->id, *newest = own;
	int64_t newest_ms = goal->merged_ms;

	if (strcmp(goal->id, own) == 0 || handover->n_path >= HANDOVER_PATH_MAX)
		return false;
	/* From there on the path is the circle, which own closes. */
	for (i = first; i < handover->n_path; i++) {
		const char *id = handover->path[i];
		int64_t merged_ms = handover->merged_ms[i];

		if (merged_ms < newest_ms || (merged_ms == newest_ms && strcmp(id, newest) > 0))
			continue;
		newest = id;
		newest_ms = merged_ms;
		lives = i + 1 < handover->n_path ? handover->path[i + 1] : own;
	}
	return first == handover->n_path || strcmp(lives, own) != 0;
}
