/* load_tags.c - the tags that may be put on what customers say (tags.h). */
#include "load.h"

#include "common/base/text.h"
#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"
#include "common/policy/tags.h"

static int load_phrase(struct loader *l, const struct node *node, struct tag *tag, struct err *err)
{
	struct buf folded = BUF_MAX(4 * TAG_PHRASE_MAX_BYTES + 2);
	const char *text;
	bool is_empty;

	if (value_text(node, &text, err) < 0)
		return -1;
	if (strlen(text) > TAG_PHRASE_MAX_BYTES)
		return node_error(node, err, "a phrase of %zu bytes; expected at most %d",
				  strlen(text), TAG_PHRASE_MAX_BYTES);
	tags_fold(slice_text(text), &folded);
	is_empty = folded.len < 2;
	tag->phrases[tag->phrase_count++] = arena_copy(l->arena, folded.bytes, folded.len);
	buf_free(&folded);
	return is_empty ? node_error(node, err,
				     "a phrase without a letter; expected words that "
				     "customers say")
			: 0;
}

static int load_phrases(struct loader *l, const struct node *node, struct tag *tag, struct err *err)
{
	if (node_expect_list(node, err) < 0)
		return -1;
	if (node->count > TAG_PHRASES_MAX)
		return node_error(node, err, "%u phrases; expected at most %d", node->count,
				  TAG_PHRASES_MAX);
	tag->phrases = arena_zalloc(l->arena, (node->count + 1) * sizeof(*tag->phrases));
	for (const struct node *child = node->first; child; child = child->next)
		if (load_phrase(l, child, tag, err) < 0)
			return -1;
	return 0;
}

static const struct field tag_fields[] = {
    KEY("phrases"),
};

static int load_tag(struct loader *l, const struct node *node, struct tag *tag, struct err *err)
{
	const struct node *phrases = node_get(node, "phrases");

	if (!text_is_printable(slice_text(node->key)) || strlen(node->key) > 64)
		return node_key_error(node, err, "expected a tag of 1 to 64 printable bytes");
	tag->name = node->key;
	if (fields_read(node, tag_fields, FIELDS_COUNT(tag_fields), tag, err) < 0)
		return -1;
	return phrases ? load_phrases(l, phrases, tag, err) : 0;
}

int policy_load_tags(struct loader *l, const struct node *node, struct err *err)
{
	struct tag *tags;

	if (node_expect_map(node, err) < 0)
		return -1;
	if (node->count > TAGS_MAX)
		return node_error(node, err, "%u tags; expected at most %d", node->count, TAGS_MAX);
	tags = arena_zalloc(l->arena, (node->count + 1) * sizeof(*tags));
	for (const struct node *child = node->first; child; child = child->next)
		if (load_tag(l, child, &tags[child->index], err) < 0)
			return -1;
	l->policy->tags = tags;
	l->policy->tag_count = node->count;
	return 0;
}
