/* choice.c - one of several words, and what was meant when it is none.  See value.h. */
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "value.h"

struct value_suggestion value_suggestion(const char *word, const char *const *candidates,
					 size_t count)
{
	static const char more[] = ", ...";
	const char *nearest = text_nearest(slice_text(word), candidates, count);
	struct value_suggestion ret = {"there is none"};
	size_t used;

	if (nearest) {
		snprintf(ret.text, sizeof(ret.text), "did you mean %s?", node_quoted(nearest).text);
		return ret;
	}
	if (count == 0)
		return ret;
	used = (size_t)snprintf(ret.text, sizeof(ret.text), "expected one of: ");
	for (size_t i = 0; i < count; i++) {
		if (used + strlen(candidates[i]) + sizeof(more) + 2 > sizeof(ret.text)) {
			snprintf(ret.text + used, sizeof(ret.text) - used, "%s", i ? more : "...");
			break;
		}
		used += (size_t)snprintf(ret.text + used, sizeof(ret.text) - used, "%s%s",
					 i ? ", " : "", candidates[i]);
	}
	return ret;
}

int value_one_of(const struct node *node, const char *what, const char *const *candidates,
		 size_t count, unsigned *ret, struct err *err)
{
	if (node->kind != NODE_TEXT)
		return node_error(node, err, "expected the name of one %s", what);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(candidates[i], node->text) == 0) {
			*ret = (unsigned)i;
			return 0;
		}
	}
	return node_error(node, err, "unknown %s %s; %s", what, node_quoted(node->text).text,
			  value_suggestion(node->text, candidates, count).text);
}
