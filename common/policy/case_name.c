/* case_name.c - see case_name.h. */
#include "case_name.h"

#include <string.h>

#include "common/base/text.h"

enum { KIND_MAX_BYTES = 16 };

/* The kind of case is the event's type up to the dot. */
static size_t kind_len(const char *type)
{
	return strcspn(type, ".");
}

const char *case_name(const char *type, const char *case_id, const char *order, struct arena *arena)
{
	return arena_printf(arena, "%.*s:%s", (int)kind_len(type), type,
			    *case_id ? case_id : order);
}

bool case_is_name(struct slice name)
{
	const uint8_t *colon = name.len ? memchr(name.bytes, ':', name.len) : NULL;
	size_t kind = colon ? (size_t)(colon - name.bytes) : 0;

	if (kind == 0 || kind > KIND_MAX_BYTES)
		return text_is_id(name);
	return text_is_id(slice_of(name.bytes, kind)) &&
	       text_is_id(slice_of(colon + 1, name.len - kind - 1));
}

const char *case_late_name(const char *order, struct arena *arena)
{
	return arena_printf(arena, "late:%s", order);
}

bool case_is_of_order(const char *name, const char *case_order, const char *type, const char *order)
{
	size_t len = kind_len(type);

	if (strncmp(name, type, len) != 0 || name[len] != ':')
		return false;
	return strcmp(*case_order ? case_order : name + len + 1, order) == 0;
}

int64_t case_lasts_ms(const struct policy *policy, const char *name)
{
	const struct case_ends *ends = &policy->cases;

	if (strncmp(name, "late:", 5) == 0)
		return ends->late_ms;
	if (strncmp(name, "interaction:", 12) == 0)
		return ends->interaction_ms;
	return strncmp(name, "return:", 7) == 0 ? ends->return_ms : ends->complaint_ms;
}
