/* event.c - see event.h: which format it is, read, check. */
#include "event_internal.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "common/codec/json.h"

static int refuse_size(struct slice bytes, struct err *err)
{
	if (bytes.len > EVENT_MAX_BYTES)
		return err_set(err, "expected an event of at most %d bytes, found %zu",
			       EVENT_MAX_BYTES, bytes.len);
	return bytes.len ? 0 : err_set(err, "expected an event, found nothing");
}

/* What publishers of JSON get wrong most easily, and no protobuf can begin with. */
static int refuse_near_json(struct slice bytes, struct err *err)
{
	if (bytes.bytes[0] == '[')
		return err_set(err, "expected one JSON object or one protobuf, found an array");
	if (bytes.len >= 3 && memcmp(bytes.bytes, "\xef\xbb\xbf", 3) == 0)
		return err_set(err, "expected JSON without a byte order mark, found one");
	return 0;
}

static int decode_tree(const cJSON *tree, struct arena *arena, Nurture__V1__Event **ret,
		       struct err *err)
{
	Nurture__V1__Event *event;

	if (cJSON_GetObjectItemCaseSensitive(tree, "specversion"))
		return event_from_cloudevent(tree, arena, ret, err);
	event = shape_new(&event_shape, arena);
	if (shape_read(&event_shape, tree, event, NULL, arena, err) < 0 ||
	    event_check(event, NULL, err) < 0)
		return -1;
	*ret = event;
	return 0;
}

static int decode_json(struct slice bytes, struct arena *arena, Nurture__V1__Event **ret,
		       struct err *err)
{
	void *event;
	cJSON *tree;
	int r;

	if (shape_read_plain(&event_shape, bytes, arena, &event)) {
		if (event_check(event, NULL, err) < 0)
			return -1;
		*ret = event;
		return 0;
	}
	if (json_parse_strict(bytes, &tree, err) < 0)
		return -1;
	r = decode_tree(tree, arena, ret, err);
	cJSON_Delete(tree);
	return r;
}

int event_decode(struct slice bytes, struct arena *arena, Nurture__V1__Event **ret, struct err *err)
{
	void *event;

	if (refuse_size(bytes, err) < 0)
		return -1;
	if (shape_is_json(bytes))
		return decode_json(bytes, arena, ret, err);
	if (refuse_near_json(bytes, err) < 0 ||
	    shape_read_protobuf(&event_shape, bytes, arena, &event, err) < 0 ||
	    event_check(event, NULL, err) < 0)
		return -1;
	*ret = event;
	return 0;
}

void event_encode_json(const Nurture__V1__Event *event, struct buf *out)
{
	shape_write(&event_shape, event, out);
}
