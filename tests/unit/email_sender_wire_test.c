/* email_sender_wire_test.c - our one pass against protobuf-c: what it writes, and what it reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/codec/protobuf_message.h"
#include "services/email-sender/wire.h"

static struct arena arena;

static struct slice pack(const ProtobufCMessage *message)
{
	uint8_t *bytes = arena_alloc(&arena, protobuf_c_message_get_packed_size(message));

	return slice_of(bytes, protobuf_c_message_pack(message, bytes));
}

static struct slice dispatch_bytes(void)
{
	Nurture__V1__Datum data[6], *list[6];
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	Nurture__V1__Dispatch dispatch = NURTURE__V1__DISPATCH__INIT;

	for (int i = 0; i < 6; i++) { /* more than the first room of a list */
		list[i] = &data[i];
		nurture__v1__datum__init(&data[i]);
		data[i].name = arena_printf(&arena, "name%d", i);
		data[i].value = arena_printf(&arena, "%d", 1 << (4 * i));
	}
	request.id = "request";
	request.programme = "tips";
	request.message_class = "care";
	request.channel = "email";
	request.action = "tips";
	request.priority = -3;
	request.holdout_permille = 1000; /* as much as is valid */
	request.triggered_ms = -1;
	request.expires_ms = INT64_C(1772366400000);
	request.n_data = 6;
	request.data = list;
	dispatch.id = "send";
	dispatch.email = "ann@customers.example";
	dispatch.request = &request;
	return pack(&dispatch.base);
}

static void deliveries(Nurture__V1__Deliveries *state, Nurture__V1__Delivery *sends,
		       Nurture__V1__Delivery **list)
{
	struct slice dispatch = dispatch_bytes();

	nurture__v1__deliveries__init(state);
	for (int i = 0; i < 2; i++) {
		list[i] = &sends[i];
		nurture__v1__delivery__init(&sends[i]);
		sends[i].message_class = "care";
		sends[i].programme = "tips";
		sends[i].owner = UINT64_C(0xfedcba9876543210);
		sends[i].attempt = 300;
		sends[i].intended_ms = INT64_C(1772366400000);
		sends[i].exempt = true;
	}
	sends[0].id = "over";
	sends[0].status = SEND_UNUSED;
	sends[1].id = "open";
	sends[1].blocked = "erased";
	sends[1].dispatch.len = dispatch.len;
	sends[1].dispatch.data = (uint8_t *)(uintptr_t)dispatch.bytes;
	state->n_sends = 2;
	state->sends = list;
}

static void state_is_what_protobuf_writes(void **unused)
{
	Nurture__V1__Deliveries state;
	Nurture__V1__Delivery sends[2], *list[2];
	struct send_state *again;
	struct slice bytes, written;
	struct err err;

	(void)unused;
	deliveries(&state, sends, list);
	state.own_window_ms = INT64_C(91) * 86400000;
	bytes = pack(&state.base);
	assert_int_equal(send_state_decode(bytes, &arena, &again, &err), 0);
	assert_int_equal(again->n_sends, 2);
	assert_int_equal(again->own_window_ms, INT64_C(91) * 86400000);
	assert_string_equal(again->sends[1]->dispatch->request->data[5]->value, "1048576");
	assert_int_equal(again->sends[1]->dispatch->request->priority, -3);
	again->sends[0]->bytes = slice_of(NULL, 0); /* as if it were not known any more */
	again->sends[1]->kept.dispatch.len = 0;
	written = send_state_encode(again, &arena);
	assert_true(slice_equal(written, bytes));
}

/* The person's own window is read from the mails when the state does not say it: an older one. */
static void a_state_without_a_window(void **unused)
{
	Nurture__V1__Allowance day = NURTURE__V1__ALLOWANCE__INIT, month = day,
			       *own[] = {&month, &day};
	Nurture__V1__Dispatch *dispatch;
	Nurture__V1__Deliveries state;
	Nurture__V1__Delivery sends[2], *list[2];
	struct slice packed = dispatch_bytes();
	struct send_state *again;
	struct err err;

	(void)unused;
	deliveries(&state, sends, list);
	dispatch = message_unpack(&nurture__v1__dispatch__descriptor, packed, &arena);
	day.limit = month.limit = 1;
	day.window_ms = 86400000;
	month.window_ms = 30 * day.window_ms;
	dispatch->allowances = own;
	dispatch->n_allowances = 2;
	packed = pack(&dispatch->base);
	sends[1].dispatch.len = packed.len;
	sends[1].dispatch.data = (uint8_t *)(uintptr_t)packed.bytes;
	assert_int_equal(send_state_decode(pack(&state.base), &arena, &again, &err), 0);
	assert_int_equal(again->own_window_ms, month.window_ms);
	state.own_window_ms = -1;
	assert_int_equal(send_state_decode(pack(&state.base), &arena, &again, &err), -1);
	assert_string_equal(err.text, "state: the person's own window is no time");
}

/* Protobuf allows for more than our writer does: all of it is still understood. */
static void unusual_bytes_are_read_by_protobuf(void **unused)
{
	static const uint8_t unknown[] = {0xa0, 0x06, 0x07}; /* field 100: 7 */
	Nurture__V1__Deliveries state;
	Nurture__V1__Delivery sends[2], *list[2];
	ProtobufCMessageUnknownField field = {100, PROTOBUF_C_WIRE_TYPE_VARINT, 1,
					      (uint8_t *)(uintptr_t)&unknown[2]};
	struct send_state *again;
	struct slice bytes;
	struct err err;

	(void)unused;
	deliveries(&state, sends, list);
	for (int i = 0; i < 2; i++) {
		sends[i].base.n_unknown_fields = 1;
		sends[i].base.unknown_fields = &field;
	}
	bytes = pack(&state.base);
	assert_int_equal(send_state_decode(bytes, &arena, &again, &err), 0);
	assert_string_equal(again->sends[1]->kept.id, "open");
	assert_true(slice_equal(send_state_encode(again, &arena), bytes));
}

static void effect_with_packed_dispatch(void **unused)
{
	Nurture__V1__DeliveryEffect effect = NURTURE__V1__DELIVERY_EFFECT__INIT;
	ProtobufCAllocator memory = arena_protobuf(&arena);
	Nurture__V1__DeliveryEffect *again;
	struct slice bytes;

	(void)unused;
	effect.id = "send";
	effect.attempt = 2;
	effect.intended_ms = 12345;
	effect.owner = 7;
	effect.dispatch = message_packed(dispatch_bytes(), &arena);
	bytes = send_effect_encode(&effect, &arena);
	again = nurture__v1__delivery_effect__unpack(&memory, bytes.len, bytes.bytes);
	assert_non_null(again);
	assert_string_equal(again->id, "send");
	assert_int_equal(again->owner, 7);
	assert_string_equal(again->dispatch->email, "ann@customers.example");
}

static void not_usual(void **unused)
{
	static const struct {
		const char *bytes;
		size_t len;
	} rows[] = {
	    {"\x0a\x01", 2},                         /* shorter than it says */
	    {"\x0a\x02z\0", 4},                      /* a NUL */
	    {"\x0b\x01z", 3},                        /* a group */
	    {"\x08\x01", 2},                         /* a number for a text */
	    {"\x12\x00\x12\x00", 4},                 /* a member that stands twice */
	    {"\xfa\x01\x00", 3},                     /* a field that is not known */
	    {"\x02\x00", 2},                         /* field 0 */
	    {"\x30\xff\xff\xff\xff\xff\xff\xff", 8}, /* no end */
	    {"\x8a", 1},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		void *heap = malloc(rows[i].len); /* so that reading on is noticed */

		memcpy(heap, rows[i].bytes, rows[i].len);
		assert_null(message_read(&nurture__v1__dispatch__descriptor,
					 slice_of(heap, rows[i].len), &arena));
		free(heap);
	}
	assert_non_null(
	    message_read(&nurture__v1__dispatch__descriptor, slice_of(NULL, 0), &arena));
}

/* Of a body that stands twice protobuf-c takes what it takes: the bytes that are kept agree. */
static void record_with_two_bodies(void **unused)
{
	Nurture__V1__DispatchRecord two[2] = {NURTURE__V1__DISPATCH_RECORD__INIT,
					      NURTURE__V1__DISPATCH_RECORD__INIT};
	Nurture__V1__Dispatch first = NURTURE__V1__DISPATCH__INIT;
	Nurture__V1__DispatchRecord *record;
	struct slice parts[2], packed;
	struct buf bytes = BUF_MAX(65536);
	struct err err;

	(void)unused;
	first.id = "first";
	parts[0] = pack(&first.base);
	parts[1] = dispatch_bytes();
	for (unsigned i = 0; i < 2; i++) {
		struct slice body;

		two[i].body_case = NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH;
		two[i].dispatch = message_packed(parts[i], &arena);
		body = message_pack(&two[i], &arena);
		buf_add(&bytes, body.bytes, body.len);
	}
	assert_int_equal(send_dispatch_decode(buf_slice(&bytes), &arena, &record, &packed, &err),
			 0);
	assert_string_equal(record->dispatch->id, "send");
	assert_true(slice_equal(packed, parts[1]));
	buf_free(&bytes);
}

static int teardown(void **unused)
{
	(void)unused;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(state_is_what_protobuf_writes),
	    cmocka_unit_test(a_state_without_a_window),
	    cmocka_unit_test(unusual_bytes_are_read_by_protobuf),
	    cmocka_unit_test(effect_with_packed_dispatch),
	    cmocka_unit_test(not_usual),
	    cmocka_unit_test(record_with_two_bodies),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
