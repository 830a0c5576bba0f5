/* import_event.c - see import_event.h. */
#include "import_event.h"

#include <inttypes.h>

#include "common/base/hash.h"
#include "common/base/text.h"
#include "common/codec/protobuf_message.h"
#include "common/message/event.h"

/* Of all that it says, but for the moment from which on it is live: another run, another moment. */
static uint64_t hash_of(const Nurture__V1__Event *event, struct arena *arena)
{
	Nurture__V1__Event said = *event;

	said.live_from_ms = 0;
	return hash64(message_pack(&said, arena));
}

static char *id_of_row(const Nurture__V1__Event *event, struct arena *arena)
{
	uint64_t hash = hash_of(event, arena);
	char *id = arena_printf(arena, "%s:%016" PRIx64, event->id, hash);

	return text_is_id(slice_text(id))
		   ? id
		   : arena_printf(arena, "%s:%016" PRIx64, event->type, hash);
}

struct slice import_event(enum order_kind kind, bool keeps_ids, struct slice json,
			  struct arena *arena)
{
	struct buf text = BUF_MAX(2 * EVENT_MAX_BYTES);
	Nurture__V1__Event *event;
	struct slice ret;
	struct err ignored;

	if (event_decode(json, arena, &event, &ignored) < 0)
		return json; /* an id of nearly 200 bytes: whoever reads it says so */
	if ((kind == ORDER_PLACED && !keeps_ids) || kind == ORDER_UPDATED)
		event->id = id_of_row(event, arena);
	else
		event->snapshot = true;
	event_encode_json(event, &text);
	ret = slice_of(arena_copy(arena, text.bytes, text.len), text.len);
	buf_free(&text);
	return ret;
}
