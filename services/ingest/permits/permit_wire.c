/* permit_wire.c - see permit.h: what the arbiter is asked, and what it says. */
#include "permit.h"

#include "common/base/hash.h"
#include "common/codec/json.h"
#include "common/message/outcome.h"
#include "common/codec/shape.h"
#include "nurture/v1/request.pb-c.h"

static const struct shape answer_shape = {&nurture__v1__answer__descriptor, NULL, 0};
static const struct shape record_shape = {&nurture__v1__request_record__descriptor, NULL, 0};

char *permit_name(const char *source, const char *id, const char *customer, struct arena *arena)
{
	char digest[ID_TEXT_BYTES];

	id_of_texts(digest, customer, NULL);
	return arena_printf(arena, "%s/%s/%.16s", source, id, digest);
}

static struct slice pack(Nurture__V1__RequestRecord *record, int64_t now_ms, struct arena *arena)
{
	uint8_t *bytes;
	size_t len;

	record->time_ms = (uint64_t)now_ms;
	len = nurture__v1__request_record__get_packed_size(record);
	bytes = arena_alloc(arena, len + 1);
	nurture__v1__request_record__pack(record, bytes);
	return slice_of(bytes, len);
}

struct slice permit_question_record(const struct permit_question *question, const char *source,
				    int64_t now_ms, struct arena *arena)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;

	request.id = permit_name(source, question->id, question->customer, arena);
	request.programme =
	    question->programme[0] ? question->programme : arena_text(arena, source);
	request.message_class = question->message_class;
	request.channel = "external";
	request.category = question->category;
	request.owner = arena_text(arena, source);
	request.priority = question->priority;
	request.value_e4 = question->value_e4;
	request.reserve_ms = question->reserve_ms;
	request.triggered_ms = now_ms;
	/* The request is always due, since the arbiter's clock may be behind ours. */
	request.due_ms = 1;
	request.expires_ms = now_ms + PERMIT_VALID_MS;
	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_REQUEST;
	record.request = &request;
	return pack(&record, now_ms, arena);
}

struct slice permit_report_record(enum permit_report report, const char *name, int64_t now_ms,
				  struct arena *arena)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;
	Nurture__V1__Confirm confirm = NURTURE__V1__CONFIRM__INIT;
	Nurture__V1__Release release = NURTURE__V1__RELEASE__INIT;

	confirm.request = release.request = arena_text(arena, name);
	if (report == PERMIT_CONFIRM) {
		record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_CONFIRM;
		record.confirm = &confirm;
	} else {
		record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_RELEASE;
		record.release = &release;
	}
	return pack(&record, now_ms, arena);
}

static bool is_answer(const char *status)
{
	switch (status_from_text(slice_text(status))) {
	case STATUS_PERMITTED:
	case STATUS_REFUSED:
	case STATUS_RELEASED:
		return true;
	default: /* of a number that came from a text */
		return false;
	}
}

int permit_answer_read(struct slice bytes, struct arena *arena, Nurture__V1__Answer **ret,
		       struct err *err)
{
	Nurture__V1__Answer *answer;
	void *message;

	if (shape_read_protobuf(&answer_shape, bytes, arena, &message, err) < 0)
		return -1;
	answer = message;
	if (!answer->outcome || !is_answer(answer->outcome->status))
		return err_set(err, "expected an outcome permitted, refused or released");
	*ret = answer;
	return 0;
}

void permit_answer_write(const Nurture__V1__Answer *answer, const char *id, struct buf *out)
{
	const Nurture__V1__Outcome *outcome = answer->outcome;

	buf_char(out, '{');
	json_put_key(out, "permit");
	json_put_text(out, slice_text(id));
	json_put_key(out, "status");
	json_put_text(out, slice_text(outcome->status));
	if (outcome->reason) {
		json_put_key(out, "reason");
		outcome_put_reason(outcome->reason, out);
	}
	if (answer->lapses_ms)
		json_put_time(out, "expires_at", answer->lapses_ms);
	json_put_time(out, "at", (int64_t)outcome->at_ms);
	buf_text(out, "}\n");
}

const char *permit_dead_name(struct slice bytes, struct arena *arena)
{
	const Nurture__V1__RequestRecord *record;
	struct err ignored;
	void *message;

	if (shape_read_protobuf(&record_shape, bytes, arena, &message, &ignored) < 0)
		return NULL;
	record = message;
	if (record->body_case != NURTURE__V1__REQUEST_RECORD__BODY_REQUEST)
		return NULL;
	return record->request->id;
}

const char *permit_dead_reason(struct slice reason, struct arena *arena)
{
	static const char request[] = "$.request.", class[] = "message_class";
	const char *text = arena_copy(arena, reason.bytes, reason.len);

	if (strncmp(text, request, strlen(request)) != 0)
		return text;
	text += strlen(request);
	if (strncmp(text, class, strlen(class)) == 0)
		return arena_printf(arena, "$.class%s", text + strlen(class));
	return arena_printf(arena, "$.%s", text);
}
