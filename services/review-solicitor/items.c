/* items.c - see items.h. */
#include "items.h"

#include <stdlib.h>
#include <string.h>

#include "common/codec/protobuf_message.h"
#include "common/message/event_key.h"
#include "common/message/feedback.h"
#include "common/policy/event_type.h"
#include "common/policy/tags.h"
#include "step.h"

typedef Nurture__V1__FeedbackItem item;

static const struct policy *policy_of(const struct step *step)
{
	return ((const struct solicitor *)step->context)->policy;
}

static char *own_id(const struct step *step)
{
	return arena_copy(step->arena, step->customer.bytes, step->customer.len);
}

static void tell(struct step *step, const item *one)
{
	step_emit_to(step, SOL_FEEDBACK, feedback_key(one->customer, one->id, step->arena),
		     message_pack(one, step->arena));
}

static void take_away(struct step *step, const char *customer, const char *id)
{
	step_emit_to(step, SOL_FEEDBACK, feedback_key(customer, id, step->arena),
		     slice_of(NULL, 0));
}

void sol_items_take_away(struct step *step, const struct sol_ladder *ladder)
{
	const char *own = own_id(step);

	for (size_t i = 0; i < ladder->item_count; i++)
		take_away(step, own, ladder->items[i]->id);
}

static item *find(const struct sol_ladder *ladder, const char *id)
{
	for (size_t i = 0; i < ladder->item_count; i++)
		if (strcmp(ladder->items[i]->id, id) == 0)
			return ladder->items[i];
	return NULL;
}

/* The oldest first; of one instant by their ids, so that the order is the same everywhere. */
static int by_time(const void *a, const void *b)
{
	const item *first = *(item *const *)a, *second = *(item *const *)b;

	if (first->at_ms != second->at_ms)
		return (first->at_ms > second->at_ms) - (first->at_ms < second->at_ms);
	return strcmp(first->id, second->id);
}

static size_t bytes_of(const struct sol_ladder *ladder)
{
	size_t bytes = 0;

	for (size_t i = 0; i < ladder->item_count; i++)
		bytes += protobuf_c_message_get_packed_size(&ladder->items[i]->base);
	return bytes;
}

/* What is over the bounds leaves both places, the oldest first. */
static void bound(struct step *step, struct sol_ladder *ladder)
{
	const char *own = own_id(step);

	if (ladder->item_count)
		qsort(ladder->items, ladder->item_count, sizeof(*ladder->items), by_time);
	while (ladder->item_count > SOL_ITEMS_MAX || bytes_of(ladder) > SOL_ITEMS_MAX_BYTES) {
		take_away(step, own, ladder->items[0]->id);
		ladder->items++;
		ladder->item_count--;
	}
}

/* By phrases of the policy: what nobody has said yet, and nobody has to take. */
static void suggest(struct step *step, item *one)
{
	const char *names[TAGS_SUGGESTED_MAX];
	const char *text = arena_printf(step->arena, "%s\n%s", one->title, one->text);
	size_t count = tags_suggest(policy_of(step), slice_text(text), names);

	one->suggested_tags = arena_alloc(step->arena, (count + 1) * sizeof(char *));
	one->n_suggested_tags = count;
	for (size_t i = 0; i < count; i++)
		one->suggested_tags[i] = (char *)(uintptr_t)names[i];
}

static bool has_tag(const item *one, const char *name)
{
	for (size_t i = 0; i < one->n_tags; i++)
		if (strcmp(one->tags[i], name) == 0)
			return true;
	return false;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Puts tags of the policy's list on; of what is not on it the step says so, too many are passed over. */
static void put_tags(struct step *step, item *one, char *const *names, size_t count)
{
	char **tags = arena_alloc(step->arena, (FEEDBACK_TAGS_MAX + 1) * sizeof(*tags));

	if (one->n_tags)
		memcpy(tags, one->tags, one->n_tags * sizeof(*tags));
	one->tags = tags;
	for (size_t i = 0; i < count && one->n_tags < FEEDBACK_TAGS_MAX; i++)
		if (!tags_has(policy_of(step), names[i]))
			step->unknown_tag = names[i];
		else if (!has_tag(one, names[i]))
			tags[one->n_tags++] = names[i];
	if (one->n_tags)
		qsort(tags, one->n_tags, sizeof(*tags), by_text);
}

/* Also one that the list of today has no more. */
static void take_tags(item *one, char *const *names, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < one->n_tags; i++) {
		bool goes = false;

		for (size_t j = 0; j < count; j++)
			goes |= strcmp(one->tags[i], names[j]) == 0;
		if (!goes)
			one->tags[kept++] = one->tags[i];
	}
	one->n_tags = kept;
}

static const char *order_of(const Nurture__V1__Event *event)
{
	if (event->feedback && event->feedback->order[0])
		return event->feedback->order;
	return event->order ? event->order->id : "";
}

/* A text of the event, which lives as long as the step. */
static char *text(const char *borrowed)
{
	return (char *)(uintptr_t)(borrowed ? borrowed : "");
}

static item *item_of(struct step *step, const Nurture__V1__Event *event, const char *id)
{
	const Nurture__V1__Feedback *said = event->feedback;
	item *one = arena_alloc(step->arena, sizeof(*one));

	nurture__v1__feedback_item__init(one);
	one->id = text(id);
	one->customer = own_id(step);
	one->kind = text(feedback_kind_of(event));
	one->source = text(feedback_source_of(event));
	one->by = text(event->by);
	one->at_ms = event->time_ms;
	one->score = said->score;
	one->order = text(order_of(event));
	one->sku = said->sku;
	one->title = said->title;
	one->text = said->comment;
	one->lang = said->lang;
	one->state = text(FEEDBACK_NEW);
	suggest(step, one);
	put_tags(step, one, said->tags, said->n_tags);
	if (one->n_tags)
		one->state = text(FEEDBACK_TRIAGED);
	return one;
}

/*
 * Is it told again?  After a merge a repeat comes for another customer than the first telling, whose id
 * went into that of the item.
 */
static bool is_known(const struct sol_ladder *ladder, const char *id, const char *event_key)
{
	char told[ID_TEXT_BYTES];

	if (find(ladder, id))
		return true;
	for (size_t i = 0; i < ladder->item_count; i++) {
		const item *one = ladder->items[i];

		if (!one->told_as[0])
			continue;
		feedback_item_id(one->told_as, event_key, told);
		if (strcmp(told, one->id) == 0)
			return true;
	}
	return false;
}

void sol_items_hear(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	const Nurture__V1__Feedback *said = event->feedback;
	const char *key = event_key(event, step->arena);
	char *id = arena_alloc(step->arena, ID_TEXT_BYTES);
	item *one;

	/* A yes to something, without a word of it. */
	if (!said || (!said->score && !said->comment[0] && !said->title[0]))
		return;
	feedback_item_id(own_id(step), key, id);
	if (is_known(ladder, id, key))
		return;
	one = item_of(step, event, id);
	ladder->items[ladder->item_count++] = one;
	tell(step, one);
	bound(step, ladder);
}

static const char *next_state(const item *one, const Nurture__V1__Event *event)
{
	if (event_type_is(event->type, EVENT_FEEDBACK_ANSWERED))
		return FEEDBACK_ANSWERED;
	if (event_type_is(event->type, EVENT_FEEDBACK_ARCHIVED))
		return FEEDBACK_ARCHIVED;
	return strcmp(one->state, FEEDBACK_NEW) == 0 && one->n_tags ? FEEDBACK_TRIAGED : one->state;
}

void sol_items_change(struct step *step, struct sol_ladder *ladder, const Nurture__V1__Event *event)
{
	const Nurture__V1__Feedback *said = event->feedback;
	item *one = said ? find(ladder, said->item) : NULL;
	struct slice before, after;

	if (!one)
		return;
	before = message_pack(one, step->arena);
	take_tags(one, said->untags, said->n_untags);
	put_tags(step, one, said->tags, said->n_tags);
	one->state = text(next_state(one, event));
	after = message_pack(one, step->arena);
	if (slice_equal(before, after))
		return; /* it was so already: the word of whoever was first stays */
	one->changed_by = text(event->by);
	one->changed_ms = event->time_ms;
	tell(step, one);
}

void sol_items_unite(struct step *step, struct sol_ladder *ladder, const struct sol_ladder *other,
		     const char *from)
{
	item **items =
	    arena_alloc(step->arena, (ladder->item_count + other->item_count + 1) * sizeof(*items));

	if (ladder->item_count)
		memcpy(items, ladder->items, ladder->item_count * sizeof(*items));
	ladder->items = items;
	for (size_t i = 0; i < other->item_count; i++) {
		item *one = other->items[i];

		if (find(ladder, one->id))
			continue;
		if (!one->told_as[0])
			one->told_as = text(from);
		one->customer = own_id(step);
		items[ladder->item_count++] = one;
		tell(step, one);
	}
	bound(step, ladder);
}
