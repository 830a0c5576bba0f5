/* fields.c - see fields.h. */
#include "fields.h"

#include <strings.h>

#include "common/codec/json.h"

struct slice ing_field(struct slice json, const char *name, struct arena *arena)
{
	struct json_reader reader = json_reader_of(json);
	struct err ignored;

	if (!json.len || json_first_byte(json) != '{')
		return slice_of("", 0);
	while (json_reader_next(&reader, arena, &ignored) == 1)
		if (slice_is(reader.key, name))
			return ing_field_is(reader.value, 'n') ? slice_of("", 0) : reader.value;
	return slice_of("", 0);
}

bool ing_field_is(struct slice value, uint8_t first_byte)
{
	return value.len && value.bytes[0] == first_byte;
}

char *ing_field_text(struct slice json, const char *name, struct arena *arena)
{
	struct slice value = ing_field(json, name, arena);

	if (ing_field_is(value, '"'))
		value = slice_trim(json_unescape(value, arena), " \t\r\n");
	else if (!value.len || !strchr("-0123456789", value.bytes[0]))
		value.len = 0;
	return arena_copy(arena, value.bytes, value.len);
}

char *ing_field_first(struct slice json, const char *const *names, struct arena *arena)
{
	for (; *names; names++) {
		char *text = ing_field_text(json, *names, arena);

		if (text[0])
			return text;
	}
	return arena_text(arena, "");
}

int ing_field_bool(struct slice json, const char *name, struct arena *arena)
{
	struct slice value = ing_field(json, name, arena);

	if (ing_field_is(value, '"'))
		value = json_unescape(value, arena);
	if (value.len == 4 && strncasecmp((const char *)value.bytes, "true", 4) == 0)
		return 1;
	return value.len == 5 && strncasecmp((const char *)value.bytes, "false", 5) == 0 ? 0 : -1;
}
