/* record_subject.c - see record_subject.h. */
#include "record_subject.h"

#include "common/codec/json.h"
#include "common/codec/protobuf_scan.h"

/* The fields that lead to the id, from outside (proto/nurture/v1). */
static const struct {
	uint32_t path[3];
} paths[RECORD_KIND_COUNT] = {
    [RECORD_REQUEST] = {{2, 1}},     /* RequestRecord.request.id */
    [RECORD_DISPATCH] = {{2, 2, 1}}, /* DispatchRecord.dispatch.request.id */
    [RECORD_OUTCOME_PROTOBUF] = {{3}},
    [RECORD_TASK_PROTOBUF] = {{3}},
};

static struct slice field(struct slice message, uint32_t number)
{
	struct protobuf_field found;

	while (protobuf_next(&message, &found) == 1)
		if (found.number == number && found.wire == WIRE_BYTES)
			return found.bytes;
	return slice_of(NULL, 0);
}

/* Ids are letters and digits, so what stands between the quotes is the text. */
static struct slice member(struct slice json, struct arena *arena)
{
	struct json_reader reader = json_reader_of(json);
	struct err ignored;

	while (json_reader_next(&reader, arena, &ignored) == 1)
		if (slice_is(reader.key, "request") && reader.value.len > 2 &&
		    reader.value.bytes[0] == '"')
			return slice_of(reader.value.bytes + 1, reader.value.len - 2);
	return slice_of(NULL, 0);
}

struct slice record_subject(enum record_kind kind, struct slice value, struct arena *arena)
{
	if ((kind == RECORD_OUTCOME || kind == RECORD_TASK) && value.len && value.bytes[0] == '{')
		return member(value, arena);
	if (kind == RECORD_OUTCOME)
		kind = RECORD_OUTCOME_PROTOBUF;
	if (kind == RECORD_TASK)
		kind = RECORD_TASK_PROTOBUF;
	if (!paths[kind].path[0])
		return slice_of(NULL, 0);
	for (size_t i = 0; i < 3 && paths[kind].path[i]; i++)
		value = field(value, paths[kind].path[i]);
	return value;
}
