/* form.c - see form.h. */
#include "form.h"

#include "voices_url.h"

/* Lines end with \n, and nothing else that is not seen stays. */
static const char *clean(const char *text, struct arena *arena)
{
	char *clean = arena_alloc(arena, strlen(text) + 1), *end = clean;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '\r' && text[1] == '\n')
			continue;
		*end++ = c == '\r' ? '\n' : c < 0x20 && c != '\n' && c != '\t' ? ' ' : *text;
		if (c == 0x7f)
			end[-1] = ' ';
	}
	*end = '\0';
	return clean;
}

/* Only a page of ours that has such forms: "//evil.example" and "/\evil" lead elsewhere. */
static const char *path_of(const char *back)
{
	static const char people[] = "/people/";
	const size_t len = sizeof(people) - 1;

	if (con_voices_is_url(back))
		return back;
	if (strncmp(back, people, len) != 0 ||
	    back[len + strspn(back + len, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					  "0123456789-_")])
		return "/";
	return back;
}

static int read_score(const char *text, int *ret, struct err *err)
{
	*ret = text[0] >= '1' && text[0] <= '5' && !text[1] ? text[0] - '0' : 0;
	return *text && !*ret ? err_set(err, "form: score: expected 1 to 5") : 0;
}

static int read_texts(const struct form_fields *fields, struct con_form *ret, struct err *err)
{
	const struct {
		const char *name, **place;
	} texts[] = {
	    {"form", &ret->form},   {"back", &ret->back},       {"task", &ret->task},
	    {"words", &ret->words}, {"channel", &ret->channel}, {"direction", &ret->direction},
	    {"for", &ret->later},   {"order", &ret->order},     {"into", &ret->into},
	    {"other", &ret->other}, {"id", &ret->id},           {"item", &ret->item},
	    {"tag", &ret->tag},     {"kind", &ret->kind},       {"sku", &ret->sku},
	    {"who", &ret->who},     {"note", &ret->note},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (form_field_once(fields, texts[i].name, texts[i].place, err) < 0)
			return -1;
	return 0;
}

/* The result of a task is a field of its own, since other forms have words on the same page. */
static int read_words(const struct form_fields *fields, struct arena *arena, struct con_form *ret,
		      struct err *err)
{
	const char *result;

	if (form_field_once(fields, "result", &result, err) < 0)
		return -1;
	ret->words = clean(*result ? result : ret->words, arena);
	ret->note = clean(ret->note, arena);
	return strlen(ret->words) + strlen(ret->note) > CON_WORDS_MAX_BYTES
		   ? err_set(err, "form: too many words")
		   : 0;
}

/* "tag Product": of a button that names its tag, in a form in which another one may be chosen. */
static enum con_action action_of(const char *text, struct arena *arena, struct con_form *ret)
{
	const char *blank = strchr(text, ' ');

	if (!blank)
		return con_action_of(text);
	ret->tag = arena_text(arena, blank + 1);
	return con_action_of(arena_copy(arena, text, (size_t)(blank - text)));
}

int con_form_read(struct slice body, struct arena *arena, struct con_form *ret, struct err *err)
{
	struct con_form form = {.action = CON_ACTION_COUNT};
	const char *action, *score;
	struct form_fields fields;

	if (body.len > CON_FORM_MAX_BYTES)
		return err_set(err, "form: %zu bytes, at most %d", body.len, CON_FORM_MAX_BYTES);
	if (form_fields_parse(body, arena, &fields, err) < 0 ||
	    form_field_once(&fields, "do", &action, err) < 0 ||
	    form_field_once(&fields, "score", &score, err) < 0 ||
	    read_texts(&fields, &form, err) < 0 || read_words(&fields, arena, &form, err) < 0 ||
	    read_score(score, &form.score, err) < 0)
		return -1;
	form.action = action_of(action, arena, &form);
	form.back = path_of(form.back);
	*ret = form;
	return 0;
}

int con_form_field(struct slice body, const char *name, struct arena *arena, const char **ret,
		   struct err *err)
{
	struct form_fields fields;

	if (body.len > CON_FORM_MAX_BYTES)
		return err_set(err, "form: %zu bytes, at most %d", body.len, CON_FORM_MAX_BYTES);
	return form_fields_parse(body, arena, &fields, err) < 0
		   ? -1
		   : form_field_once(&fields, name, ret, err);
}
