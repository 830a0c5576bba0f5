/*
 * message_shapes_test.c - every table of a message has every field of its descriptor, once, as
 * what it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/message/event_internal.h"
#include "common/message/shapes.h"

static bool is_number(const ProtobufCFieldDescriptor *field, size_t width)
{
	switch ((int)field->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_ENUM:
		return width == sizeof(int32_t);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_UINT64:
		return width == sizeof(int64_t);
	default:
		return false;
	}
}

static bool is_list(const struct member *member, const ProtobufCFieldDescriptor *field)
{
	return field->label == PROTOBUF_C_LABEL_REPEATED && member->max > 0 &&
	       member->count_offset == field->quantifier_offset;
}

static bool has_type(const struct member *member, const ProtobufCFieldDescriptor *field)
{
	bool is_message = field->type == PROTOBUF_C_TYPE_MESSAGE && member->shape &&
			  member->shape->descriptor == field->descriptor;

	switch (member->kind) {
	case MEMBER_TEXT:
		return field->type == PROTOBUF_C_TYPE_STRING &&
		       field->label != PROTOBUF_C_LABEL_REPEATED;
	case MEMBER_TIME:
		return is_number(field, sizeof(int64_t)) || field->type == PROTOBUF_C_TYPE_FIXED64;
	case MEMBER_WHOLE:
	case MEMBER_DECIMAL:
		return is_number(field, member->width);
	case MEMBER_FLAG:
		return field->type == PROTOBUF_C_TYPE_BOOL;
	case MEMBER_OBJECT:
		return is_message && field->label != PROTOBUF_C_LABEL_REPEATED;
	case MEMBER_TEXTS:
		return is_list(member, field) && field->type == PROTOBUF_C_TYPE_STRING;
	case MEMBER_LIST:
	case MEMBER_MAP:
		return is_list(member, field) && is_message;
	}
	return false;
}

/* On purpose in no table. */
static const struct {
	const ProtobufCMessageDescriptor *descriptor;
	const char *name;
} absent[] = {
    {&nurture__v1__event__descriptor, "source"}, /* an envelope says it, never the event itself */
};

static unsigned times_expected(const struct shape *shape, const char *name)
{
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		if (shape->descriptor == absent[i].descriptor && strcmp(absent[i].name, name) == 0)
			return 0;
	return 1;
}

static void check(const struct shape *shape);

static void check_field(const struct shape *shape, const ProtobufCFieldDescriptor *field)
{
	unsigned found = 0;

	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];

		if (member->offset != field->offset)
			continue;
		found++;
		if (!has_type(member, field))
			fail_msg("%s.%s: the table has another type", shape->descriptor->name,
				 field->name);
		if (member->shape)
			check(member->shape);
	}
	if (found != times_expected(shape, field->name))
		fail_msg("%s.%s: %u times in the table", shape->descriptor->name, field->name,
			 found);
}

static void check(const struct shape *shape)
{
	for (unsigned i = 0; i < shape->descriptor->n_fields; i++)
		check_field(shape, &shape->descriptor->fields[i]);
}

static void no_field_is_missing(void **state)
{
	static const struct shape *const shapes[] = {
	    &request_shape, &contact_shape,   &cancel_shape,  &sent_elsewhere_shape, &release_shape,
	    &confirm_shape, &task_done_shape, &outcome_shape, &dispatch_shape,       &task_shape,
	    &event_shape,   &end_shape,       &notice_shape};

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		check(shapes[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(no_field_is_missing)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
