/* message_record_kind_test.c - headers name messages that there are, in the format of the kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/message/outcome.h"
#include "common/message/record_kind.h"
#include "nurture/v1/answer.pb-c.h"
#include "nurture/v1/dispatch.pb-c.h"
#include "nurture/v1/event.pb-c.h"
#include "nurture/v1/feedback.pb-c.h"
#include "nurture/v1/handover.pb-c.h"
#include "nurture/v1/notice.pb-c.h"

static const struct {
	const ProtobufCMessageDescriptor *message;
	const char *content_type;
} wanted[RECORD_KIND_COUNT] = {
    [RECORD_EVENT] = {&nurture__v1__event__descriptor, "application/json"},
    [RECORD_EVENT_CLOUDEVENT] = {&nurture__v1__event__descriptor, "application/cloudevents+json"},
    [RECORD_EVENT_PROTOBUF] = {&nurture__v1__event__descriptor, "application/x-protobuf"},
    [RECORD_REQUEST] = {&nurture__v1__request_record__descriptor, "application/x-protobuf"},
    [RECORD_DISPATCH] = {&nurture__v1__dispatch_record__descriptor, "application/x-protobuf"},
    [RECORD_ANSWER] = {&nurture__v1__answer__descriptor, "application/x-protobuf"},
    [RECORD_HANDOVER] = {&nurture__v1__handover__descriptor, "application/x-protobuf"},
    [RECORD_OUTCOME] = {&nurture__v1__outcome__descriptor, "application/json"},
    [RECORD_OUTCOME_PROTOBUF] = {&nurture__v1__outcome__descriptor, "application/x-protobuf"},
    [RECORD_TASK] = {&nurture__v1__task__descriptor, "application/json"},
    [RECORD_TASK_PROTOBUF] = {&nurture__v1__task__descriptor, "application/x-protobuf"},
    [RECORD_END] = {&nurture__v1__end__descriptor, "application/json"},
    [RECORD_NOTICE] = {&nurture__v1__notice__descriptor, "application/json"},
    [RECORD_FEEDBACK] = {&nurture__v1__feedback_item__descriptor, "application/x-protobuf"},
};

static void headers_name_what_there_is(void **state)
{
	char version[16];

	(void)state;
	assert_null(record_form_of(RECORD_UNNAMED));
	for (unsigned kind = RECORD_UNNAMED + 1; kind < RECORD_KIND_COUNT; kind++) {
		const struct record_form *form = record_form_of((enum record_kind)kind);

		assert_string_equal(form->type, wanted[kind].message->name);
		assert_string_equal(form->content_type, wanted[kind].content_type);
		assert_int_equal(strspn(form->version, "0123456789"), strlen(form->version));
	}
	snprintf(version, sizeof(version), "%d", OUTCOME_VERSION);
	assert_string_equal(record_form_of(RECORD_OUTCOME)->version, version);
}

static void the_setting_concerns_outcomes_and_tasks(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < RECORD_KIND_COUNT; kind++) {
		enum record_kind same = (enum record_kind)kind;
		enum record_kind other = record_kind_in_protobuf(same);

		if (same == RECORD_OUTCOME || same == RECORD_TASK)
			assert_string_equal(record_form_of(other)->content_type,
					    "application/x-protobuf");
		else
			assert_int_equal(other, same);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(headers_name_what_there_is),
	    cmocka_unit_test(the_setting_concerns_outcomes_and_tasks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
