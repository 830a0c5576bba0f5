/* Messages written in one pass: the bytes are protobuf-c's, and are read again as they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/codec/protobuf_message.h"
#include "nurture/v1/ladder.pb-c.h"
#include "nurture/v1/profile.pb-c.h"
#include "nurture/v1/request.pb-c.h"

static struct arena arena;

/* protobuf-c's bytes of what our own bytes say, and our own bytes: the same. */
static void check(const ProtobufCMessage *message)
{
	size_t len = protobuf_c_message_get_packed_size(message);
	uint8_t *theirs = arena_alloc(&arena, len);
	struct slice ours = message_pack(message, &arena);
	void *again;

	protobuf_c_message_pack(message, theirs);
	assert_true(slice_equal(ours, slice_of(theirs, len)));
	again = message_read(message->descriptor, ours, &arena);
	assert_non_null(again);
	assert_true(slice_equal(message_pack(again, &arena), ours));
}

static void a_request_of_every_size(void **state)
{
	enum { MOST = 40 };
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	Nurture__V1__Datum data[MOST], *list[MOST];

	(void)state;
	request.data = list;
	request.id = "r1";
	request.channel = "email";
	request.priority = -7;
	request.triggered_ms = -1;
	request.due_ms = INT64_MAX;
	request.holdout_permille = UINT32_MAX;
	request.exempt = true;
	record.time_ms = UINT64_MAX - 1;
	record.request = &request;
	for (size_t i = 0; i < MOST; i++) {
		record.body_case = i ? NURTURE__V1__REQUEST_RECORD__BODY_REQUEST
				     : NURTURE__V1__REQUEST_RECORD__BODY__NOT_SET;
		check(&record.base);
		list[i] = &data[i];
		nurture__v1__datum__init(&data[i]);
		data[i].name = arena_printf(&arena, "%0*d", (int)(i * 7 % 300) + 1, 0);
		data[i].value = i % 3 ? "value" : "";
		request.n_data++;
	}
	arena_free(&arena);
}

static void lists_of_numbers(void **state)
{
	Nurture__V1__Ladder ladder = NURTURE__V1__LADDER__INIT;
	uint64_t seen[200];

	(void)state;
	for (size_t i = 0; i < 200; i++)
		seen[i] = UINT64_C(0x0123456789abcdef) * i;
	ladder.dedup = seen;
	for (ladder.n_dedup = 0; ladder.n_dedup <= 200; ladder.n_dedup += 25)
		check(&ladder.base);
	arena_free(&arena);
}

static void numbers_of_every_kind(void **state)
{
	int64_t signed_ones[] = {0, -1, 1, 63, -64, 64, INT64_MIN, INT64_MAX, 0};
	uint64_t others[] = {0, 127, 128, UINT32_MAX, UINT64_MAX, 0};
	uint32_t small[] = {0, 1, UINT32_MAX};
	Nurture__V1__Profile profile = NURTURE__V1__PROFILE__INIT;

	(void)state;
	profile.order_ms = signed_ones;
	profile.order_categories = profile.event_hash = others;
	profile.event_body = small;
	for (size_t i = 0; i < sizeof(signed_ones) / sizeof(signed_ones[0]); i++) {
		profile.due_ms = signed_ones[i];
		profile.older_orders = profile.contact_fingerprint = others[i % 6];
		profile.n_order_ms = i + 1;
		profile.n_order_categories = profile.n_event_hash = i % 7;
		profile.n_event_body = i % 4;
		check(&profile.base);
	}
	arena_free(&arena);
}

/* Fields in another order than that of their numbers: the same message. */
static void fields_run_by_run(void **state)
{
	static const struct message_run runs[] = {{3, 4}, {30, 30}, {1, 2}};
	Nurture__V1__Cancel cancel = NURTURE__V1__CANCEL__INIT;
	struct slice bytes;
	void *again;

	(void)state;
	cancel.request = "r1";
	cancel.order = "o1";
	bytes = message_pack_runs(&cancel, runs, 3, &arena);
	assert_true(slice_equal(bytes, slice_text("\x1a\x02o1\x0a\x02r1")));
	again = message_read(cancel.base.descriptor, bytes, &arena);
	assert_non_null(again);
	assert_true(slice_equal(message_pack(again, &arena), message_pack(&cancel, &arena)));
	arena_free(&arena);
}

static void what_is_not_known_is_kept(void **state)
{
	static const char bytes[] = "\x0a\x02r1\x9a\x06\x03new"; /* an id, and field 99 */
	Nurture__V1__Request *request;

	(void)state;
	assert_null(message_read(&nurture__v1__request__descriptor, slice_text(bytes), &arena));
	request = message_unpack(&nurture__v1__request__descriptor, slice_text(bytes), &arena);
	assert_non_null(request);
	assert_string_equal(request->id, "r1");
	assert_true(slice_equal(message_pack(request, &arena), slice_text(bytes)));
	arena_free(&arena);
}

/* A message that is packed already goes in where it belongs, and comes out as its bytes. */
static void a_message_that_is_packed(void **state)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT, again = record;
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	struct message_source source;
	struct slice whole, packed;

	(void)state;
	request.id = "r1";
	record.time_ms = 7;
	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_REQUEST;
	record.request = &request;
	whole = message_pack(&record, &arena);
	packed = message_pack(&request, &arena);
	record.request = message_packed(packed, &arena);
	assert_true(slice_equal(message_pack(&record, &arena), whole));
	source = message_source_of(whole, &arena);
	assert_true(message_fill_parts(&source, again.base.descriptor, whole, &again));
	assert_true(slice_equal(message_bytes(again.request), packed));
	assert_int_equal(message_bytes(&request).len, 0);
	assert_true(message_fill_state(&source, request.base.descriptor,
				       message_bytes(again.request), &request));
	assert_string_equal(request.id, "r1");
	arena_free(&arena);
}

/* A state that a newer service wrote is read as far as it is known. */
static void a_newer_state(void **state)
{
	static const char bytes[] = "\x0a\x02r1\x9a\x06\x03new\x98\x06\x07\x30\x01";
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	struct message_source source = message_source_of(slice_text(bytes), &arena);

	(void)state;
	assert_false(message_fill_state(&source, request.base.descriptor, source.bytes, &request));
	source.bytes.len -= 2; /* a number where a text belongs is no newer state */
	nurture__v1__request__init(&request);
	assert_true(message_fill_state(&source, request.base.descriptor, source.bytes, &request));
	assert_string_equal(request.id, "r1");
	arena_free(&arena);
}

/*
 * What our one pass takes, protobuf-c takes, and as the same: keys and lengths of more than 5
 * bytes it refuses, and a number's tenth byte has one bit.
 */
static void readers_agree(void **state)
{
#define RAW(text) {(const uint8_t *)(text), sizeof(text) - 1}
	static const struct slice list[] = {
	    RAW("\x0a\x80\x80\x80\x80\x80\x80\x00"),             /* a length of 7 bytes */
	    RAW("\x0a\x80\x80\x80\x80\x00"),                     /* of 5: so long it may be */
	    RAW("\x8a\x80\x80\x80\x80\x00\x01x"),                /* a key of 6 bytes */
	    RAW("\x8a\x80\x80\x80\x00\x01x"),                    /* of 5 */
	    RAW("\x8a\x80\x80\x80\x10\x01x"),                    /* of more than 32 bits */
	    RAW("\x60\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02"), /* true, or only too large? */
	    RAW("\x60\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),
	    RAW("\x38\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),
	    RAW("\x38\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
	    RAW("\x38\x80"),
	    RAW("\x0a\x05x"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		const ProtobufCMessageDescriptor *kind = &nurture__v1__request__descriptor;
		ProtobufCAllocator memory = arena_protobuf(&arena);
		void *ours = message_read(kind, list[i], &arena);
		void *theirs = protobuf_c_message_unpack(kind, &memory, list[i].len, list[i].bytes);

		print_message("%zu: %s %s\n", i, ours ? "read" : "-", theirs ? "read" : "-");
		if (ours && !theirs)
			fail_msg("%zu: protobuf-c does not read it", i);
		if (ours)
			assert_true(
			    slice_equal(message_pack(ours, &arena), message_pack(theirs, &arena)));
	}
	assert_null(message_read(&nurture__v1__request__descriptor, list[0], &arena));
	assert_non_null(message_read(&nurture__v1__request__descriptor, list[1], &arena));
	assert_null(message_read(&nurture__v1__request__descriptor, list[2], &arena));
	assert_non_null(message_read(&nurture__v1__request__descriptor, list[3], &arena));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_request_of_every_size),
	    cmocka_unit_test(lists_of_numbers),
	    cmocka_unit_test(numbers_of_every_kind),
	    cmocka_unit_test(fields_run_by_run),
	    cmocka_unit_test(what_is_not_known_is_kept),
	    cmocka_unit_test(a_message_that_is_packed),
	    cmocka_unit_test(a_newer_state),
	    cmocka_unit_test(readers_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
