/* form.c - what the feedback page's form sends back; see page.h. */
#include "page.h"

#include "common/web/form_fields.h"

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

static bool has(const struct form_fields *fields, const char *name)
{
	for (size_t i = 0; i < fields->count; i++)
		if (slice_equal(fields->items[i].name, slice_text(name)))
			return true;
	return false;
}

int sol_form_parse(struct slice body, struct arena *arena, struct sol_form *ret, struct err *err)
{
	struct sol_form form = {.comment = ""};
	struct form_fields fields;
	const char *score, *comment;

	if (body.len > SOL_FORM_MAX_BYTES)
		return err_set(err, "form: %zu bytes, at most %d", body.len, SOL_FORM_MAX_BYTES);
	if (form_fields_parse(body, arena, &fields, err) < 0 ||
	    form_field_once(&fields, "score", &score, err) < 0 ||
	    form_field_once(&fields, "comment", &comment, err) < 0)
		return -1;
	form.score = sol_score_parse(score);
	if (!form.score && has(&fields, "score"))
		return err_set(err, "form: score: expected 1 to 5");
	form.comment = comment_of(slice_text(comment), arena);
	if (char_count(form.comment) > SOL_COMMENT_MAX_CHARS)
		return err_set(err, "form: comment: %zu characters, at most %d",
			       char_count(form.comment), SOL_COMMENT_MAX_CHARS);
	*ret = form;
	return 0;
}
