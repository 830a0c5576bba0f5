/* binary_event.c - see binary_event.h. */
#include "binary_event.h"

#include <strings.h>

#include "common/base/text.h"
#include "common/codec/json.h"

enum {
	NAME_MAX_BYTES = 64,
	ATTRIBUTES_MAX_BYTES = 256 * 1024, /* escaped; all headers together have 16 KiB */
};

static int refuse(struct ing_fault *fault, const char *code)
{
	fault->http_status = 400;
	fault->code = code;
	return -1;
}

/* The name in lower case, as an attribute is called (CloudEvents 1.0.2, 3.1); "" when it is none. */
static const char *attribute_name(struct slice name, struct arena *arena)
{
	char *ret = arena_copy(arena, name.bytes, name.len);

	if (name.len == 0 || name.len > NAME_MAX_BYTES)
		return "";
	for (char *c = ret; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= '0' && *c <= '9'))
			return "";
	}
	/* Members of the structured form that are no attributes; datacontenttype has its header. */
	if (strcmp(ret, "data") == 0 || strcmp(ret, "datacontenttype") == 0)
		return "";
	return ret;
}

/* A quoted string (RFC 9110 5.6.4) without its quotes and backslashes; else as it is. */
static struct slice unquote(struct slice value, struct arena *arena)
{
	uint8_t *out;
	size_t len = 0;

	if (value.len < 2 || value.bytes[0] != '"' || value.bytes[value.len - 1] != '"')
		return value;
	out = arena_alloc(arena, value.len);
	for (size_t i = 1; i + 1 < value.len; i++) {
		if (value.bytes[i] == '\\' && i + 2 < value.len)
			i++;
		out[len++] = value.bytes[i];
	}
	return slice_of(out, len);
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One round of RFC 3986 2.4; a percent sign without two digits stands for itself. */
static struct slice percent_decode(struct slice value, struct arena *arena)
{
	uint8_t *out = arena_alloc(arena, value.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < value.len; i++) {
		int high = -1, low = -1;

		if (value.bytes[i] == '%' && i + 2 < value.len) {
			high = hex_digit(value.bytes[i + 1]);
			low = hex_digit(value.bytes[i + 2]);
		}
		if (high >= 0 && low >= 0)
			i += 2;
		out[len++] = high >= 0 && low >= 0 ? (uint8_t)(high * 16 + low) : value.bytes[i];
	}
	return slice_of(out, len);
}

static int put_attributes(const struct ing_attribute *attributes, size_t count, struct arena *arena,
			  struct buf *out, struct ing_fault *fault)
{
	const char *names[ING_ATTRIBUTES_MAX];

	for (size_t i = 0; i < count; i++) {
		struct slice value = percent_decode(unquote(attributes[i].value, arena), arena);

		names[i] = attribute_name(attributes[i].name, arena);
		if (!names[i][0]) {
			err_set(&fault->why, "ce-%.*s: expected a CloudEvents attribute",
				(int)(attributes[i].name.len < NAME_MAX_BYTES
					  ? attributes[i].name.len
					  : NAME_MAX_BYTES),
				(const char *)attributes[i].name.bytes);
			return refuse(fault, "invalid_event");
		}
		for (size_t j = 0; j < i; j++)
			if (strcmp(names[i], names[j]) == 0) {
				err_set(&fault->why, "ce-%s: expected it once", names[i]);
				return refuse(fault, "invalid_event");
			}
		if (!text_is_utf8(value)) {
			err_set(&fault->why, "ce-%s: expected UTF-8, percent-encoded", names[i]);
			return refuse(fault, "invalid_event");
		}
		json_put_key(out, names[i]);
		json_put_text(out, value);
	}
	return 0;
}

static struct slice attribute(const struct ing_attribute *attributes, size_t count,
			      const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (attributes[i].name.len == strlen(name) &&
		    strncasecmp((const char *)attributes[i].name.bytes, name, strlen(name)) == 0)
			return attributes[i].value;
	return slice_of(NULL, 0);
}

/*
 * Each by its header's name, since who sends them sees no JSON. Without ce-specversion it is no
 * event in binary mode.
 */
static int check_attributes(const struct ing_attribute *attributes, size_t count,
			    struct ing_fault *fault)
{
	static const char *const needed[] = {"id", "source", "type"};
	struct slice version = attribute(attributes, count, "specversion");
	char shown[TEXT_SHOWN_BYTES];

	if (version.bytes && !slice_is(slice_trim(version, "\""), "1.0")) {
		err_set(&fault->why, "ce-specversion: expected 1.0, found \"%s\"",
			text_shown(version, shown));
		return refuse(fault, "invalid_event");
	}
	for (size_t n = 0; n < sizeof(needed) / sizeof(*needed); n++) {
		if (attribute(attributes, count, needed[n]).len > 0)
			continue;
		err_set(&fault->why,
			"ce-%s: expected this header, found none (ce-id, ce-source, ce-type, and "
			"ce-subject with the customer's id)",
			needed[n]);
		return refuse(fault, "invalid_event");
	}
	return 0;
}

int ing_binary_event(const struct ing_attribute *attributes, size_t count, struct slice body,
		     struct arena *arena, struct slice *ret, struct ing_fault *fault)
{
	struct buf out = BUF_MAX(ATTRIBUTES_MAX_BYTES + ING_BODY_MAX_BYTES);
	int r;

	if (count > ING_ATTRIBUTES_MAX) {
		err_set(&fault->why, "expected at most %d headers ce-", ING_ATTRIBUTES_MAX);
		return refuse(fault, "invalid_event");
	}
	/* It is put between the attributes: so it must be one whole value, and nothing besides. */
	if (body.len && !json_is_strict(body)) {
		err_set(&fault->why, "expected the data of a CloudEvent as JSON");
		return refuse(fault, "invalid_json");
	}
	buf_char(&out, '{');
	r = put_attributes(attributes, count, arena, &out, fault);
	if (r == 0)
		r = check_attributes(attributes, count, fault);
	if (body.len) {
		json_put_key(&out, "data");
		buf_add(&out, body.bytes, body.len);
	}
	buf_char(&out, '}');
	if (r == 0 && buf_failed(&out)) {
		err_set(&fault->why, "the headers ce- are too long");
		r = refuse(fault, "invalid_event");
	}
	if (r == 0)
		*ret = slice_of(arena_copy(arena, out.bytes, out.len), out.len);
	buf_free(&out);
	return r;
}
