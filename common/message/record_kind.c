/* record_kind.c - see record_kind.h. */
#include "record_kind.h"

#include <stddef.h>

#include "outcome.h"

#define JSON "application/json"
#define PROTOBUF "application/x-protobuf"
#define TEXT_OF(number) #number
#define VERSION(number) TEXT_OF(number)

/* Of all but outcomes the version is 1, until a form changes so that readers must know. */
static const struct record_form forms[RECORD_KIND_COUNT] = {
    [RECORD_EVENT] = {JSON, "nurture.v1.Event", "1"},
    [RECORD_EVENT_CLOUDEVENT] = {"application/cloudevents+json", "nurture.v1.Event", "1"},
    [RECORD_EVENT_PROTOBUF] = {PROTOBUF, "nurture.v1.Event", "1"},
    [RECORD_REQUEST] = {PROTOBUF, "nurture.v1.RequestRecord", "1"},
    [RECORD_DISPATCH] = {PROTOBUF, "nurture.v1.DispatchRecord", "1"},
    [RECORD_ANSWER] = {PROTOBUF, "nurture.v1.Answer", "1"},
    [RECORD_HANDOVER] = {PROTOBUF, "nurture.v1.Handover", "1"},
    [RECORD_OUTCOME] = {JSON, "nurture.v1.Outcome", VERSION(OUTCOME_VERSION)},
    [RECORD_OUTCOME_PROTOBUF] = {PROTOBUF, "nurture.v1.Outcome", VERSION(OUTCOME_VERSION)},
    [RECORD_TASK] = {JSON, "nurture.v1.Task", "1"},
    [RECORD_TASK_PROTOBUF] = {PROTOBUF, "nurture.v1.Task", "1"},
    [RECORD_END] = {JSON, "nurture.v1.End", "1"},
    [RECORD_NOTICE] = {JSON, "nurture.v1.Notice", "1"},
    [RECORD_FEEDBACK] = {PROTOBUF, "nurture.v1.FeedbackItem", "1"},
};

const struct record_form *record_form_of(enum record_kind kind)
{
	return forms[kind].type ? &forms[kind] : NULL;
}

enum record_kind record_kind_in_protobuf(enum record_kind kind)
{
	if (kind == RECORD_OUTCOME)
		return RECORD_OUTCOME_PROTOBUF;
	return kind == RECORD_TASK ? RECORD_TASK_PROTOBUF : kind;
}
