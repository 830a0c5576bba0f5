/* feedback.c - see feedback.h. */
#include "feedback.h"

#include <string.h>

#include "common/policy/event_type.h"
#include "shapes.h"

#define STRUCT Nurture__V1__FeedbackItem
static const struct member item_members[] = {
    {.name = "at", .kind = MEMBER_TIME, .offset = offsetof(STRUCT, at_ms)},
    SHAPE_TEXT(by),
    {.name = "changed", .kind = MEMBER_TIME, .offset = offsetof(STRUCT, changed_ms)},
    SHAPE_TEXT(changed_by),
    SHAPE_FORMATTED(customer, true, shape_id_format),
    SHAPE_FORMATTED(id, true, shape_id_format),
    SHAPE_TEXT(kind),
    SHAPE_TEXT(lang),
    SHAPE_TEXT(order),
    SHAPE_WHOLE(score, 0, 5),
    SHAPE_TEXT(sku),
    SHAPE_TEXT(source),
    SHAPE_TEXT(state),
    SHAPE_TEXTS(suggested_tags, FEEDBACK_TAGS_MAX, false, &shape_short_format),
    SHAPE_TEXTS(tags, FEEDBACK_TAGS_MAX, false, &shape_short_format),
    SHAPE_TEXT(text),
    SHAPE_TEXT(title),
    SHAPE_TEXT(told_as),
};
SHAPE(feedback_item_shape, feedback_item, item_members);
#undef STRUCT

static bool is_one_of(struct slice text, const char *const *texts)
{
	for (; *texts; texts++)
		if (slice_is(text, *texts))
			return true;
	return false;
}

bool feedback_is_kind(struct slice text)
{
	static const char *const kinds[] = {"rating",     "review",   "comment",   "praise",
					    "complaint",  "question", "interview", "testimonial",
					    "case_study", "social",   NULL};

	return is_one_of(text, kinds);
}

bool feedback_is_source(struct slice text)
{
	static const char *const sources[] = {"page",   "support", "sales", "survey",
					      "social", "import",  "reply", NULL};

	return is_one_of(text, sources);
}

const char *feedback_kind_of(const Nurture__V1__Event *event)
{
	const Nurture__V1__Feedback *feedback = event->feedback;

	if (feedback && feedback->kind[0])
		return feedback->kind;
	if (event_type_is(event->type, EVENT_REVIEW_PUBLISHED))
		return "review";
	return feedback && feedback->comment[0] ? "comment" : "rating";
}

const char *feedback_source_of(const Nurture__V1__Event *event)
{
	if (event->feedback && event->feedback->source[0])
		return event->feedback->source;
	return event->by && event->by[0] ? "support" : "page";
}

void feedback_item_id(const char *customer, const char *event_key, char ret[ID_TEXT_BYTES])
{
	id_of_texts(ret, "feedback item", customer, event_key, NULL);
}

struct slice feedback_key(const char *customer, const char *item, struct arena *arena)
{
	return slice_text(arena_printf(arena, "%s/%s", customer, item));
}

struct slice feedback_key_customer(struct slice key)
{
	for (size_t i = key.len; i-- > 1;)
		if (key.bytes[i] == '/')
			return slice_of(key.bytes, i);
	return key;
}

int feedback_key_read(struct slice key, struct arena *arena, struct slice *ret_customer,
		      const char **ret_item, struct err *err)
{
	struct slice customer = feedback_key_customer(key);

	if (customer.len + 1 >= key.len)
		return err_set(err, "expected a key of a customer, \"/\" and an item");
	*ret_customer = customer;
	*ret_item = arena_copy(arena, key.bytes + customer.len + 1, key.len - customer.len - 1);
	return 0;
}

int feedback_item_decode(struct slice bytes, struct arena *arena, Nurture__V1__FeedbackItem **ret,
			 struct err *err)
{
	const struct path root = {.name = "$"};
	void *item;

	if (shape_read_protobuf(&feedback_item_shape, bytes, arena, &item, err) < 0 ||
	    shape_check(&feedback_item_shape, item, &root, err) < 0)
		return -1;
	*ret = item;
	return 0;
}
