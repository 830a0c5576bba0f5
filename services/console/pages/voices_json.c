/* voices_json.c - see voices_json.h. */
#include "voices_json.h"

#include <inttypes.h>

#include "common/codec/json.h"

enum { ENVELOPE_BYTES = 128 }; /* what is around the items of an answer */

static void put_text(struct buf *out, const char *name, const char *text)
{
	if (!*text)
		return;
	json_put_key(out, name);
	json_put_text(out, slice_text(text));
}

static void put_texts(struct buf *out, const char *name, char *const *texts, size_t count)
{
	if (!count)
		return;
	json_put_key(out, name);
	for (size_t i = 0; i < count; i++) {
		buf_char(out, i ? ',' : '[');
		json_put_text(out, slice_text(texts[i]));
	}
	buf_char(out, ']');
}

void con_item_json(const struct view_item *found, struct buf *out)
{
	const Nurture__V1__FeedbackItem *item = found->item;

	buf_char(out, '{');
	json_put_time(out, "at", item->at_ms);
	put_text(out, "by", item->by);
	put_text(out, "customer", found->person);
	put_text(out, "id", item->id);
	put_text(out, "kind", item->kind);
	put_text(out, "lang", item->lang);
	put_text(out, "name", found->name);
	put_text(out, "order", item->order);
	if (item->score) {
		json_put_key(out, "score");
		buf_printf(out, "%d", item->score);
	}
	put_text(out, "sku", item->sku);
	put_text(out, "source", item->source);
	put_text(out, "state", item->state);
	put_texts(out, "suggested_tags", item->suggested_tags, item->n_suggested_tags);
	put_texts(out, "tags", item->tags, item->n_tags);
	put_text(out, "text", item->text);
	put_text(out, "title", item->title);
	buf_char(out, '}');
}

/* Appends as many items as there is room for; returns how many, and in *ret_len the bytes of those. */
static size_t put_items(const struct view_items *items, struct buf *out, size_t *ret_len)
{
	*ret_len = 0;
	for (size_t i = 0; i < items->count; i++) {
		if (i)
			buf_char(out, ',');
		con_item_json(&items->items[i], out);
		if (buf_failed(out))
			return i;
		*ret_len = out->len;
	}
	return items->count;
}

void con_voices_json(const struct view_items *items, bool best_first, struct buf *out)
{
	struct buf list = BUF_MAX(out->max_bytes - ENVELOPE_BYTES);
	size_t len, count = put_items(items, &list, &len);

	buf_char(out, '{');
	if ((items->has_more || count < items->count) && count && !best_first) {
		json_put_key(out, "before");
		/* A text: it is more than the numbers of JSON hold in every program. */
		buf_printf(out, "\"%" PRId64 "\"", items->items[count - 1].place);
	}
	json_put_key(out, "items");
	buf_char(out, '[');
	if (len)
		buf_add(out, list.bytes, len);
	buf_text(out, "]}\n");
	buf_free(&list);
}
