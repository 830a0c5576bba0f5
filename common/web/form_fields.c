/* form_fields.c - see form_fields.h. */
#include "form_fields.h"

#include "common/base/text.h"

static int hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One name or value, NUL-terminated; the text cannot hold a NUL of its own. */
static int decode(struct slice text, struct arena *arena, struct slice *ret, struct err *err)
{
	uint8_t *bytes = arena_alloc(arena, text.len + 1);
	size_t used = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.bytes[i];

		if (c == '%') {
			bool whole = text.len - i > 2;
			int high = whole ? hex_value(text.bytes[i + 1]) : -1;
			int low = whole ? hex_value(text.bytes[i + 2]) : -1;

			if (high < 0 || low < 0)
				return err_set(
				    err, "form: byte %zu: expected two hex digits after %%", i);
			c = (uint8_t)(high << 4 | low);
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		bytes[used++] = c;
	}
	bytes[used] = '\0';
	*ret = slice_of(bytes, used);
	if (!text_is_utf8(*ret))
		return err_set(err, "form: expected UTF-8 without NUL");
	return 0;
}

static int take(struct slice pair, struct arena *arena, struct form_field *ret, struct err *err)
{
	const uint8_t *equals = pair.len ? memchr(pair.bytes, '=', pair.len) : NULL;
	size_t name_len = equals ? (size_t)(equals - pair.bytes) : pair.len;

	ret->value = slice_of("", 0);
	if (decode(slice_of(pair.bytes, name_len), arena, &ret->name, err) < 0)
		return -1;
	return equals
		   ? decode(slice_of(equals + 1, pair.len - name_len - 1), arena, &ret->value, err)
		   : 0;
}

int form_fields_parse(struct slice body, struct arena *arena, struct form_fields *ret,
		      struct err *err)
{
	struct form_fields fields = {
	    .items = arena_alloc(arena, FORM_FIELDS_MAX * sizeof(*fields.items))};

	while (body.len) {
		const uint8_t *end = memchr(body.bytes, '&', body.len);
		size_t len = end ? (size_t)(end - body.bytes) : body.len;

		if (fields.count == FORM_FIELDS_MAX)
			return err_set(err, "form: more than %d fields", FORM_FIELDS_MAX);
		if (take(slice_of(body.bytes, len), arena, &fields.items[fields.count++], err) < 0)
			return -1;
		len += end != NULL;
		body = slice_of(body.bytes + len, body.len - len);
	}
	*ret = fields;
	return 0;
}

int form_field_once(const struct form_fields *fields, const char *name, const char **ret,
		    struct err *err)
{
	const char *found = NULL;

	for (size_t i = 0; i < fields->count; i++) {
		if (!slice_equal(fields->items[i].name, slice_text(name)))
			continue;
		if (found)
			return err_set(err, "form: %s: expected once", name);
		found = (const char *)fields->items[i].value.bytes;
	}
	*ret = found ? found : "";
	return 0;
}
