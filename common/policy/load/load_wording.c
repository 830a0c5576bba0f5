/* load_wording.c - what people read on their own page: one text, or one for each language. */
#include "load.h"

#include "common/base/locale.h"
#include "common/policy/file/value.h"

int policy_load_wording(struct loader *l, const struct node *node, struct wording *ret,
			struct err *err)
{
	struct wording wording = {0};

	if (node->kind == NODE_LIST)
		return node_error(node, err,
				  "expected a text, or one for each language such as {en: ..., "
				  "de: ...}, found a list");
	wording.texts = arena_zalloc(l->arena, (node->count + 1) * sizeof(*wording.texts));
	if (node->kind == NODE_TEXT) {
		wording.count = 1;
		wording.texts[0].language = "";
		if (value_text(node, &wording.texts[0].text, err) < 0)
			return -1;
		*ret = wording;
		return 0;
	}
	for (const struct node *child = node->first; child; child = child->next) {
		struct wording_text *text = &wording.texts[wording.count++];

		if (!locale_is_tag(slice_text(child->key)))
			return node_key_error(child, err,
					      "expected a language such as en or de, found %s",
					      node_quoted(child->key).text);
		text->language = child->key;
		if (value_text(child, &text->text, err) < 0)
			return -1;
	}
	if (!wording.count)
		return node_error(node, err, "no language; expected one such as {en: ...}");
	*ret = wording;
	return 0;
}

static const char *in_language(const struct wording *wording, struct slice tag)
{
	for (unsigned i = 0; i < wording->count; i++)
		if (locale_equal(slice_text(wording->texts[i].language), tag))
			return wording->texts[i].text;
	return NULL;
}

const char *policy_wording(const struct wording *wording, struct slice locale)
{
	for (struct slice tag = locale; tag.len; tag = locale_wider(tag)) {
		const char *text = in_language(wording, tag);

		if (text)
			return text;
	}
	return wording->count ? wording->texts[0].text : "";
}
