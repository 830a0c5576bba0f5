/*
 * wire_record.c - what a record of nurture.dispatch must look like.
 *
 * They come from the scheduler, but a topic can be written by anybody: a
 * record that is not as the table says goes to the dead letters, whole.  An
 * address that is none is no reason for that: such a request has an outcome.
 */
#include "wire.h"

#include "common/base/text.h"
#include "common/codec/json.h"
#include "common/codec/protobuf_message.h"
#include "common/codec/protobuf_scan.h"
#include "common/message/shapes.h"
#include "common/policy/policy.h"

static const struct shape record_shape = {&nurture__v1__dispatch_record__descriptor, NULL, 0};

/* What only a mail's request must have: the channel, and a template as its action. */
static int check_mail(const Nurture__V1__Request *request, const struct path *up, struct err *err)
{
	const struct path path = {.up = up, .name = "request"};
	char found[JSON_FOUND_BYTES];

	if (strcmp(request->channel, channel_text(CHANNEL_EMAIL)) != 0)
		return path_fail(&path, "channel", "the channel email",
				 json_found_text(slice_text(request->channel), found), err);
	if (request->action[0] && shape_id_format.matches(slice_text(request->action)))
		return 0;
	return path_fail(&path, "action", shape_id_format.expected,
			 request->action[0] ? json_found_text(slice_text(request->action), found)
					    : "nothing",
			 err);
}

static int check_dispatch(const Nurture__V1__Dispatch *dispatch, struct err *err)
{
	const struct path path = {.name = "dispatch"}, parts = {.up = &path, .name = "parts"};

	if (shape_check(&dispatch_shape, dispatch, &path, err) < 0 ||
	    check_mail(dispatch->request, &path, err) < 0)
		return -1;
	for (size_t i = 0; i < dispatch->n_parts; i++)
		if (check_mail(dispatch->parts[i]->request,
			       &(struct path){.up = &parts, .index = i}, err) < 0)
			return -1;
	return 0;
}

static int check_record(const Nurture__V1__DispatchRecord *record, struct err *err)
{
	if (record->customer[0] && !text_is_id(slice_text(record->customer)))
		return path_fail(&(struct path){.name = "$"}, "customer",
				 "a customer id of 1 to 200 bytes", "another text", err);
	switch (record->body_case) {
	case NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH:
		return check_dispatch(record->dispatch, err);
	case NURTURE__V1__DISPATCH_RECORD__BODY_CONTACT:
		return shape_check(&contact_shape, record->contact,
				   &(struct path){.name = "contact"}, err);
	case NURTURE__V1__DISPATCH_RECORD__BODY_CANCEL:
		return shape_check(&cancel_shape, record->cancel, &(struct path){.name = "cancel"},
				   err);
	case NURTURE__V1__DISPATCH_RECORD__BODY_INBOX_WORD:
		return shape_check(&inbox_word_shape, record->inbox_word,
				   &(struct path){.name = "inbox_word"}, err);
	case NURTURE__V1__DISPATCH_RECORD__BODY__NOT_SET:
	case _NURTURE__V1__DISPATCH_RECORD__BODY__CASE_IS_INT_SIZE:
		break;
	}
	return err_set(err, "$: expected a dispatch, a contact, a cancel or an inbox_word, "
			    "found none of them");
}

/* The body of a record in which it stands once. */
static struct slice find_body(struct slice record)
{
	struct protobuf_field field;

	while (protobuf_next(&record, &field) == 1)
		if (field.wire == WIRE_BYTES)
			return field.bytes;
	return slice_of(NULL, 0);
}

static struct slice pack_dispatch(const Nurture__V1__DispatchRecord *record, struct arena *arena)
{
	if (record->body_case != NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH)
		return slice_of(NULL, 0);
	return message_pack(record->dispatch, arena);
}

int send_dispatch_decode(struct slice bytes, struct arena *arena, Nurture__V1__DispatchRecord **ret,
			 struct slice *ret_packed, struct err *err)
{
	bool is_usual;
	void *record;

	if (bytes.len > SEND_RECORD_MAX_BYTES)
		return err_set(err, "$: expected at most %d bytes, found %zu",
			       SEND_RECORD_MAX_BYTES, bytes.len);
	record = bytes.len ? message_read(record_shape.descriptor, bytes, arena) : NULL;
	is_usual = record != NULL;
	if (!is_usual && shape_read_protobuf(&record_shape, bytes, arena, &record, err) < 0)
		return -1;
	if (check_record(record, err) < 0)
		return -1;
	*ret_packed = is_usual ? find_body(bytes) : pack_dispatch(record, arena);
	*ret = record;
	return 0;
}
