/* identify.c - who a record is about and when it happened, without reading more of it than that. */
#include "common/base/text.h"
#include "common/message/event.h"
#include "stream.h"

unsigned stream_producer_of(struct slice header, unsigned producers, int32_t partition)
{
	struct err ignored;
	int64_t number;

	if (producers == 1)
		return 0;
	return text_int64(header, 0, producers - 1, &number, &ignored) < 0 ? (unsigned)partition
									   : (unsigned)number;
}

int stream_identify_internal(struct slice key, struct slice value, bool want_time,
			     struct arena *arena, struct slice *ret_customer, int64_t *ret_time_ms,
			     struct err *err)
{
	enum { TAG_FIELD_1_FIXED64 = 0x09, BYTES = 8 };
	uint64_t time = 0;

	(void)arena;
	*ret_customer = key;
	if (!want_time)
		return 0;
	if (value.len < 1 + BYTES || value.bytes[0] != TAG_FIELD_1_FIXED64)
		return err_set(err, "no time in field 1");
	for (int i = BYTES; i > 0; i--)
		time = time << 8 | value.bytes[i];
	*ret_time_ms = (int64_t)time;
	return 0;
}

int stream_identify_event(struct slice key, struct slice value, bool want_time, struct arena *arena,
			  struct slice *ret_customer, int64_t *ret_time_ms, struct err *err)
{
	struct slice customer;

	*ret_customer = key;
	if (key.len > 0 && !want_time)
		return 0;
	if (event_peek(value, arena, &customer, ret_time_ms, err) < 0)
		return -1;
	if (key.len == 0)
		*ret_customer = customer;
	return 0;
}
