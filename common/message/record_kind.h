/*
 * record_kind.h - what the value of a record is, in the words of its headers.
 *
 * Every record that a service of ours makes says in what format it is, which message of
 * proto/nurture/v1 and which version of its form, so that a tool that reads several topics needs
 * no table of ours.  Ticks, the states of a changelog and dead letters say nothing of it: a tick
 * is no message, a state is read by its service alone, and a dead letter is as it came.
 */
#ifndef NURTURE_MESSAGE_RECORD_KIND_H
#define NURTURE_MESSAGE_RECORD_KIND_H

enum record_kind {
	RECORD_UNNAMED, /* nothing is said */
	RECORD_EVENT,
	RECORD_EVENT_CLOUDEVENT, /* in the envelope of CloudEvents */
	RECORD_EVENT_PROTOBUF,
	RECORD_REQUEST,
	RECORD_DISPATCH,
	RECORD_ANSWER,
	RECORD_HANDOVER,
	RECORD_OUTCOME,
	RECORD_OUTCOME_PROTOBUF,
	RECORD_TASK,
	RECORD_TASK_PROTOBUF,
	RECORD_END,    /* of a task */
	RECORD_NOTICE, /* to the shop's people */
	RECORD_FEEDBACK,
	RECORD_KIND_COUNT
};

/* The values of the headers content-type, nurture-type and nurture-version. */
struct record_form {
	const char *content_type, *type, *version;
};
/* NULL of RECORD_UNNAMED. */
const struct record_form *record_form_of(enum record_kind kind);

/* The kind in protobuf when NURTURE_OUTCOME_FORMAT concerns its topic; else the same. */
enum record_kind record_kind_in_protobuf(enum record_kind kind);

#endif
