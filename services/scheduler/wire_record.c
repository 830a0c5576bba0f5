/*
 * wire_record.c - what a record of nurture.requests or nurture.asks must look like.
 *
 * They come from our own services, but a topic can be written by anybody: a
 * record that is not as the table says goes to the dead letters, whole.
 */
#include "wire_record.h"

#include "common/codec/protobuf_message.h"
#include "common/codec/protobuf_scan.h"
#include "common/mail/inbox.h"
#include "common/message/shapes.h"
#include "common/policy/policy.h"

static const struct shape record_shape = {&nurture__v1__request_record__descriptor, NULL, 0};

/* The checks of a request that no table can express. */
static int check_request(const Nurture__V1__Request *request, const struct path *path,
			 struct err *err)
{
	if (shape_check(&request_shape, request, path, err) < 0)
		return -1;
	if (request->due_ms == 0)
		return path_fail(path, "due_ms", "a time", "nothing", err);
	if (request->due_ms < 0)
		return path_fail(path, "due_ms", "a time since 1970", "an earlier one", err);
	if (request->expires_ms <= request->due_ms)
		return path_fail(path, "expires_ms", "a time after due_ms", "one not after it",
				 err);
	if (request->send_to_min && request->send_to_min <= request->send_from_min)
		return path_fail(path, "send_to_min", "a time of day after send_from_min",
				 "one not after it", err);
	if (request->reserve_ms && strcmp(request->channel, channel_text(CHANNEL_EXTERNAL)) != 0)
		return path_fail(path, "reserve_ms", "nothing but on channel external",
				 "a time on another one", err);
	if (request->follows[0] && strcmp(request->follows, request->id) == 0)
		return path_fail(path, "follows", "another request", "its own id", err);
	return 0;
}

/* A cancellation without any limit ends everything: then its reason must say that this is meant. */
static int check_cancel(const Nurture__V1__Cancel *cancel, const struct path *path, struct err *err)
{
	if (shape_check(&cancel_shape, cancel, path, err) < 0)
		return -1;
	if (!cancel->request[0] && !cancel->programme[0] && !cancel->order[0] && !cancel->reason[0])
		return path_fail(path, NULL, "a request, a programme, an order or a reason",
				 "none of them", err);
	return 0;
}

static int check_inbox_word(const Nurture__V1__InboxWord *word, const struct path *path,
			    struct err *err)
{
	if (shape_check(&inbox_word_shape, word, path, err) < 0)
		return -1;
	if (!inbox_is_key(slice_text(word->inbox)))
		return path_fail(path, "inbox", "the key of an inbox", "another text", err);
	return 0;
}

static int check_record(const Nurture__V1__RequestRecord *record, struct err *err)
{
	switch (record->body_case) {
	case NURTURE__V1__REQUEST_RECORD__BODY_REQUEST:
		return check_request(record->request, &(struct path){.name = "request"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_CANCEL:
		return check_cancel(record->cancel, &(struct path){.name = "cancel"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_CONTACT:
		return shape_check(&contact_shape, record->contact,
				   &(struct path){.name = "contact"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_SENT_ELSEWHERE:
		return shape_check(&sent_elsewhere_shape, record->sent_elsewhere,
				   &(struct path){.name = "sent_elsewhere"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_RELEASE:
		return shape_check(&release_shape, record->release,
				   &(struct path){.name = "release"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_CONFIRM:
		return shape_check(&confirm_shape, record->confirm,
				   &(struct path){.name = "confirm"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_TASK_DONE:
		return shape_check(&task_done_shape, record->task_done,
				   &(struct path){.name = "task_done"}, err);
	case NURTURE__V1__REQUEST_RECORD__BODY_INBOX_WORD:
		return check_inbox_word(record->inbox_word, &(struct path){.name = "inbox_word"},
					err);
	case NURTURE__V1__REQUEST_RECORD__BODY__NOT_SET:
	case _NURTURE__V1__REQUEST_RECORD__BODY__CASE_IS_INT_SIZE:
		break;
	}
	return err_set(err, "$: expected a request, cancel, contact, sent_elsewhere, release, "
			    "confirm, task_done or inbox_word, found none of them");
}

struct slice sched_record_request(struct slice bytes)
{
	enum { TIME_BYTES = 9 }; /* key and fixed64, as in every record */
	struct protobuf_field time, body;
	struct slice rest = bytes;

	if (bytes.len <= TIME_BYTES || protobuf_next(&rest, &time) != 1 || time.number != 1 ||
	    time.wire != WIRE_FIXED64 || protobuf_next(&rest, &body) != 1 || body.number != 2 ||
	    body.wire != WIRE_BYTES || rest.len)
		return slice_of(NULL, 0);
	return body.bytes;
}

int sched_record_decode(struct slice bytes, struct arena *arena, Nurture__V1__RequestRecord **ret,
			struct err *err)
{
	void *record;

	if (bytes.len > SCHED_RECORD_MAX_BYTES)
		return err_set(err, "$: expected at most %d bytes, found %zu",
			       SCHED_RECORD_MAX_BYTES, bytes.len);
	/* A record that is unusual is read once more, to say what is wrong with it. */
	record = bytes.len ? message_read(record_shape.descriptor, bytes, arena) : NULL;
	if (!record && shape_read_protobuf(&record_shape, bytes, arena, &record, err) < 0)
		return -1;
	if (check_record(record, err) < 0)
		return -1;
	*ret = record;
	return 0;
}
