/* form.c - what the feedback page's form sends back; see page.h. */
#include "page.h"

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

/* Browsers send CRLF for a line's end and count it as one character. */
static char *comment_of(struct slice text, struct arena *arena)
{
	char *comment = arena_alloc(arena, text.len + 1);
	size_t used = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.bytes[i];

		if (c == '\r') {
			if (i + 1 < text.len && text.bytes[i + 1] == '\n')
				continue;
			c = '\n';
		} else if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) {
			c = ' ';
		}
		comment[used++] = (char)c;
	}
	comment[used] = '\0';
	return comment;
}

static size_t char_count(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

int sol_score_parse(const char *text)
{
	return text && text[0] >= '1' && text[0] <= '5' && !text[1] ? text[0] - '0' : 0;
}

struct seen {
	bool score, comment;
};

static int take_score(struct slice value, struct sol_form *form, struct err *err)
{
	form->score = sol_score_parse((const char *)value.bytes);
	if (!form->score)
		return err_set(err, "form: score: expected 1 to 5");
	return 0;
}

static int take_comment(struct slice value, struct arena *arena, struct sol_form *form,
			struct err *err)
{
	char *comment = comment_of(value, arena);

	if (char_count(comment) > SOL_COMMENT_MAX_CHARS)
		return err_set(err, "form: comment: %zu characters, at most %d",
			       char_count(comment), SOL_COMMENT_MAX_CHARS);
	form->comment = comment;
	return 0;
}

static int take(struct slice pair, struct arena *arena, struct sol_form *form, struct seen *seen,
		struct err *err)
{
	const uint8_t *equals = pair.len ? memchr(pair.bytes, '=', pair.len) : NULL;
	size_t name_len = equals ? (size_t)(equals - pair.bytes) : pair.len;
	struct slice name, value = slice_of("", 0);
	bool is_score, is_comment;

	if (decode(slice_of(pair.bytes, name_len), arena, &name, err) < 0)
		return -1;
	if (equals && decode(slice_of(equals + 1, pair.len - name_len - 1), arena, &value, err) < 0)
		return -1;
	is_score = slice_equal(name, slice_text("score"));
	is_comment = slice_equal(name, slice_text("comment"));
	if ((is_score && seen->score) || (is_comment && seen->comment))
		return err_set(err, "form: %.*s: expected once", SLICE_ARGS(name));
	seen->score = seen->score || is_score;
	seen->comment = seen->comment || is_comment;
	if (is_score)
		return take_score(value, form, err);
	return is_comment ? take_comment(value, arena, form, err) : 0;
}

int sol_form_parse(struct slice body, struct arena *arena, struct sol_form *ret, struct err *err)
{
	struct sol_form form = {.comment = ""};
	struct seen seen = {0};

	if (body.len > SOL_FORM_MAX_BYTES)
		return err_set(err, "form: %zu bytes, at most %d", body.len, SOL_FORM_MAX_BYTES);
	while (body.len) {
		const uint8_t *end = memchr(body.bytes, '&', body.len);
		size_t len = end ? (size_t)(end - body.bytes) : body.len;

		if (take(slice_of(body.bytes, len), arena, &form, &seen, err) < 0)
			return -1;
		len += end != NULL;
		body = slice_of(body.bytes + len, body.len - len);
	}
	*ret = form;
	return 0;
}
