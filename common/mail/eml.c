/* eml.c - see eml.h. */
#include "eml.h"

#include <stdio.h>
#include <strings.h>

enum { BOUNDARY_MAX_BYTES = 200, HEADER_VALUE_MAX_BYTES = 8192 };

bool eml_line(struct slice *rest, struct slice *ret)
{
	const uint8_t *end;
	size_t len;

	if (!rest->len)
		return false;
	end = memchr(rest->bytes, '\n', rest->len);
	len = end ? (size_t)(end - rest->bytes) : rest->len;
	*ret = slice_of(rest->bytes, len);
	if (len && rest->bytes[len - 1] == '\r')
		ret->len--;
	len += end != NULL;
	*rest = slice_of(rest->bytes + len, rest->len - len);
	return true;
}

struct slice eml_trim(struct slice text)
{
	while (text.len && text.bytes[0] <= ' ')
		text = slice_of(text.bytes + 1, text.len - 1);
	while (text.len && text.bytes[text.len - 1] <= ' ')
		text.len--;
	return text;
}

bool eml_begins(struct slice text, const char *prefix)
{
	size_t len = strlen(prefix);

	return text.len >= len && strncasecmp((const char *)text.bytes, prefix, len) == 0;
}

/* The header up to the empty line, and what follows it. */
static void split(struct slice mail, struct slice *ret_header, struct slice *ret_body)
{
	struct slice rest = mail, line;

	while (eml_line(&rest, &line))
		if (!line.len)
			break;
	*ret_header = slice_of(mail.bytes, mail.len - rest.len);
	*ret_body = rest;
}

static bool is_named(struct slice line, const char *name, struct slice *ret_value)
{
	size_t len = strlen(name);

	if (!eml_begins(line, name))
		return false;
	while (len < line.len && (line.bytes[len] == ' ' || line.bytes[len] == '\t'))
		len++;
	if (len == line.len || line.bytes[len] != ':')
		return false;
	*ret_value = slice_of(line.bytes + len + 1, line.len - len - 1);
	return true;
}

bool eml_header(struct slice header, const char *name, struct arena *arena, struct slice *ret)
{
	uint8_t *out = NULL;
	struct slice line, value;
	size_t len = 0;

	while (eml_line(&header, &line)) {
		bool goes_on = line.len && (line.bytes[0] == ' ' || line.bytes[0] == '\t');

		if (out && !goes_on)
			break;
		if (out)
			value = line;
		else if (goes_on || !is_named(line, name, &value))
			continue;
		else
			out = arena_alloc(arena, HEADER_VALUE_MAX_BYTES);
		if (len + value.len > HEADER_VALUE_MAX_BYTES)
			break;
		memcpy(out + len, value.bytes, value.len);
		len += value.len;
	}
	if (!out)
		return false;
	*ret = eml_trim(slice_of(out, len));
	return true;
}

/* "multipart/report; ..." -> "multipart/report". */
static void read_type(struct slice value, char ret[EML_TYPE_BYTES])
{
	size_t len = 0;

	for (; len < value.len && len < EML_TYPE_BYTES - 1; len++) {
		uint8_t c = value.bytes[len];

		if (c <= ' ' || c == ';')
			break;
		ret[len] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	ret[len] = '\0';
}

/* boundary=... of a Content-Type, quoted or not; empty when there is none. */
static struct slice read_boundary(struct slice value)
{
	static const char name[] = "boundary=";
	size_t from = 0, to;

	while (from < value.len &&
	       !eml_begins(slice_of(value.bytes + from, value.len - from), name))
		from++;
	if (from == value.len)
		return slice_of("", 0);
	from += sizeof(name) - 1;
	if (from < value.len && value.bytes[from] == '"') {
		for (to = ++from; to < value.len && value.bytes[to] != '"';)
			to++;
	} else {
		for (to = from; to < value.len && value.bytes[to] > ' ' && value.bytes[to] != ';';)
			to++;
	}
	return slice_of(value.bytes + from, to - from);
}

/* 1: a part begins behind this line, 2: the last one ended, 0: no such line. */
static int delimiter(struct slice line, struct slice boundary)
{
	struct slice rest;

	if (line.len < boundary.len + 2 || memcmp(line.bytes, "--", 2) != 0 ||
	    memcmp(line.bytes + 2, boundary.bytes, boundary.len) != 0)
		return 0;
	rest = eml_trim(slice_of(line.bytes + 2 + boundary.len, line.len - 2 - boundary.len));
	if (!rest.len)
		return 1;
	return slice_equal(rest, slice_text("--")) ? 2 : 0;
}

static enum eml_encoding encoding_of(struct slice header, struct arena *arena)
{
	struct slice value;

	if (!eml_header(header, "Content-Transfer-Encoding", arena, &value))
		return EML_PLAIN;
	if (eml_begins(value, "base64"))
		return EML_BASE64;
	return eml_begins(value, "quoted-printable") ? EML_QUOTED_PRINTABLE : EML_PLAIN;
}

/* Is the part the mail that came back? Any message inside is, unless it is a report. */
static bool is_returned(const char *type)
{
	if (strcmp(type, "text/rfc822-headers") == 0 || strcmp(type, "text/rfc822") == 0)
		return true;
	return strncmp(type, "message/", 8) == 0 && !strstr(type, "delivery-status") &&
	       !strstr(type, "feedback-report") && !strstr(type, "disposition-notification");
}

static void take_apart(struct slice entity, unsigned depth, struct arena *arena, struct eml *ret);

/* Splits the body; false when no line of it is its boundary. */
static bool split_parts(struct slice body, struct slice boundary, unsigned depth,
			struct arena *arena, struct eml *ret)
{
	struct slice rest = body, line;
	const uint8_t *begin = NULL;
	int found = 0;

	while (found != 2) {
		const uint8_t *at = rest.bytes;

		if (!eml_line(&rest, &line))
			break;
		found = delimiter(line, boundary);
		if (!found)
			continue;
		if (begin)
			take_apart(slice_of(begin, (size_t)(at - begin)), depth + 1, arena, ret);
		begin = rest.bytes;
	}
	if (begin && found != 2) /* cut off: the last part goes to the end */
		take_apart(slice_of(begin, (size_t)(body.bytes + body.len - begin)), depth + 1,
			   arena, ret);
	return begin != NULL;
}

static void take_apart(struct slice entity, unsigned depth, struct arena *arena, struct eml *ret)
{
	struct slice header, body, value = slice_of("", 0), boundary;
	struct eml_part *part;

	if (ret->count == EML_PARTS_MAX)
		return;
	split(entity, &header, &body);
	eml_header(header, "Content-Type", arena, &value);
	boundary = read_boundary(value);
	if (eml_begins(value, "multipart/") && depth < EML_DEPTH_MAX && boundary.len &&
	    boundary.len <= BOUNDARY_MAX_BYTES && split_parts(body, boundary, depth, arena, ret))
		return;
	if (ret->count == EML_PARTS_MAX)
		return;
	part = &ret->parts[ret->count++];
	read_type(value, part->type);
	if (!part->type[0] || strncmp(part->type, "multipart/", 10) == 0)
		snprintf(part->type, sizeof(part->type), "text/plain");
	part->encoding = encoding_of(header, arena);
	part->header = header;
	part->body = body;
	part->is_returned = is_returned(part->type);
}

void eml_parse(struct slice mail, struct eml *ret)
{
	struct arena scratch = {0};
	struct slice value = slice_of("", 0);

	if (mail.len > EML_MAX_BYTES)
		mail.len = EML_MAX_BYTES;
	memset(ret, 0, sizeof(*ret));
	split(mail, &ret->header, &ret->body);
	eml_header(ret->header, "Content-Type", &scratch, &value);
	read_type(value, ret->type);
	take_apart(mail, 0, &scratch, ret);
	arena_free(&scratch);
}

bool eml_is_report(struct slice mail)
{
	struct arena scratch = {0};
	struct slice header, body, value;
	bool is_report;

	split(mail, &header, &body);
	is_report = eml_header(header, "Content-Type", &scratch, &value) &&
		    eml_begins(value, "multipart/report");
	arena_free(&scratch);
	return is_report;
}
