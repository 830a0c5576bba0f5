/* words_read.c - a language's file into the catalogue; see words.h. */
#include <yaml.h>

#include "common/base/locale.h"
#include "common/base/text.h"
#include "embedded.h"
#include "words_internal.h"

static const char own_name[] = "own-name";

/* One file while it is read. */
struct reader {
	struct words *words;
	struct words_language *language;
	const char *path;
	struct slice source;
	bool is_first; /* it defines the keys */
	bool seen[WORDS_KEYS_MAX], has_own_name;
	yaml_parser_t yaml;
	yaml_event_t event;
	unsigned line; /* of the event */
};

/* libyaml knows only the offset of a byte that is not text. */
static unsigned problem_line(const struct reader *r)
{
	if (r->yaml.error == YAML_READER_ERROR)
		return text_line_at(r->source, r->yaml.problem_offset);
	return (unsigned)r->yaml.problem_mark.line + 1;
}

static int next(struct reader *r, struct err *err)
{
	yaml_event_delete(&r->event);
	if (!yaml_parser_parse(&r->yaml, &r->event))
		return err_config(err, "%s:%u: not readable as YAML: %s", r->path, problem_line(r),
				  r->yaml.problem ? r->yaml.problem : "out of memory");
	r->line = (unsigned)r->event.start_mark.line + 1;
	return 0;
}

static unsigned count_places(const char *text)
{
	struct slice name;
	const char *from;
	unsigned count = 0;

	while (words_next_place(text, &name, &from, &text))
		count++;
	return count;
}

static bool has_place(const char *text, struct slice wanted)
{
	struct slice name;
	const char *from;

	while (words_next_place(text, &name, &from, &text))
		if (slice_equal(name, wanted))
			return true;
	return false;
}

/* A value that has no place would be lost, and a place without a value would be seen. */
static int check_places(const struct reader *r, const char *key, const char *text, struct err *err)
{
	const char *english =
	    r->words->languages[WORDS_ENGLISH]->texts[words_key(r->words, slice_text(key))];
	const char *rest = text, *from;
	struct slice name;

	if (count_places(text) != count_places(english))
		return err_config(err, "%s:%u: %s: expected the same {places} as in \"%.200s\"",
				  r->path, r->line, key, english);
	while (words_next_place(rest, &name, &from, &rest))
		if (!has_place(english, name))
			return err_config(err, "%s:%u: %s: there is no value {%.*s}", r->path,
					  r->line, key, SLICE_ARGS(name));
	return 0;
}

static int unknown_key(const struct reader *r, struct slice key, struct err *err)
{
	const char *likely = text_nearest(key, r->words->keys, r->words->key_count);

	return err_config(err, "%s:%u: there is no word \"%.*s\"%s%s%s", r->path, r->line,
			  (int)(key.len > 60 ? 60 : key.len), (const char *)key.bytes,
			  likely ? "; did you mean \"" : "", likely ? likely : "",
			  likely ? "\"?" : "");
}

static int stands_twice(const struct reader *r, const char *key, struct err *err)
{
	return err_config(err, "%s:%u: %s stands there twice", r->path, r->line, key);
}

static int find_key(struct reader *r, struct slice key, int *ret, struct err *err)
{
	struct words *words = r->words;

	*ret = words_key(words, key);
	if (*ret < 0 && (!r->is_first || words->key_count == WORDS_KEYS_MAX))
		return unknown_key(r, key, err);
	if (*ret < 0) {
		*ret = (int)words->key_count;
		words->keys[words->key_count++] = arena_copy(&words->arena, key.bytes, key.len);
	}
	if (r->seen[*ret])
		return stands_twice(r, words->keys[*ret], err);
	r->seen[*ret] = true;
	return 0;
}

static int take(struct reader *r, struct slice key, struct slice text, struct err *err)
{
	const char *copy = arena_copy(&r->words->arena, text.bytes, text.len);
	int found;

	if (!text.len || !text_is_utf8(text) || !text_is_printable(text))
		return err_config(err, "%s:%u: expected one line of text", r->path, r->line);
	if (slice_equal(key, slice_text(own_name))) {
		if (r->has_own_name)
			return stands_twice(r, own_name, err);
		r->has_own_name = true;
		r->language->own_name = copy;
		return 0;
	}
	if (find_key(r, key, &found, err) < 0)
		return -1;
	if (!r->is_first && check_places(r, r->words->keys[found], copy, err) < 0)
		return -1;
	r->language->texts[found] = copy;
	return 0;
}

static bool is_scalar(const struct reader *r)
{
	return r->event.type == YAML_SCALAR_EVENT && !r->event.data.scalar.anchor;
}

static struct slice scalar(const struct reader *r)
{
	return slice_of(r->event.data.scalar.value, r->event.data.scalar.length);
}

static int read_pairs(struct reader *r, struct err *err)
{
	struct arena keys = {0};
	int result = 0;

	while (result == 0 && (result = next(r, err)) == 0 &&
	       r->event.type != YAML_MAPPING_END_EVENT) {
		struct slice key;

		if (!is_scalar(r)) {
			result = err_config(err, "%s:%u: expected KEY: TEXT", r->path, r->line);
			break;
		}
		key = scalar(r);
		key = slice_of(arena_copy(&keys, key.bytes, key.len), key.len);
		result = next(r, err);
		if (result == 0 && !is_scalar(r))
			result = err_config(err, "%s:%u: %.*s: expected a text", r->path, r->line,
					    SLICE_ARGS(key));
		if (result == 0)
			result = take(r, key, scalar(r), err);
	}
	arena_free(&keys);
	return result;
}

/* Comments alone are a file without words. */
static int read_file(struct reader *r, struct err *err)
{
	if (next(r, err) < 0 || next(r, err) < 0)
		return -1;
	if (r->event.type == YAML_STREAM_END_EVENT)
		return 0;
	if (next(r, err) < 0)
		return -1;
	if (r->event.type != YAML_MAPPING_START_EVENT)
		return err_config(err, "%s:%u: expected lines of KEY: TEXT", r->path, r->line);
	if (read_pairs(r, err) < 0 || next(r, err) < 0 || next(r, err) < 0) /* ends the document */
		return -1;
	if (r->event.type != YAML_STREAM_END_EVENT)
		return err_config(err, "%s:%u: expected one document, found another", r->path,
				  r->line);
	return 0;
}

/* The language of "de.yaml", made when it is new. */
static int open_language(struct words *words, const char *path, const char *file,
			 struct words_language **ret, struct err *err)
{
	const char *dot = strrchr(file, '.');
	struct slice tag = slice_of(file, dot ? (size_t)(dot - file) : 0);

	if (!dot || strcmp(dot, ".yaml") != 0 || !locale_is_tag(tag))
		return err_config(err, "%s: expected a name such as de.yaml", path);
	for (unsigned i = 0; i < words->language_count; i++)
		if (locale_equal(slice_text(words->languages[i]->tag), tag)) {
			*ret = words->languages[i];
			return 0;
		}
	if (words->language_count == WORDS_LANGUAGES_MAX)
		return err_config(err, "%s: more than %d languages", path, WORDS_LANGUAGES_MAX);
	*ret = arena_zalloc(&words->arena, sizeof(**ret));
	(*ret)->tag = arena_copy(&words->arena, tag.bytes, tag.len);
	words->languages[words->language_count++] = *ret;
	return 0;
}

int words_add(struct words *words, const char *path, const char *file, struct slice text,
	      struct err *err)
{
	struct reader r = {
	    .words = words, .path = path, .source = text, .is_first = !words->key_count};
	int result;

	if (open_language(words, path, file, &r.language, err) < 0)
		return -1;
	if (!yaml_parser_initialize(&r.yaml))
		return err_config(err, "%s: out of memory", path);
	yaml_parser_set_encoding(&r.yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.yaml, text.bytes, text.len);
	result = read_file(&r, err);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.yaml);
	if (result == 0 && !r.language->own_name)
		return err_config(err, "%s: %s is missing: what its speakers call the language",
				  path, own_name);
	return result;
}

int words_add_embedded(struct words *words, const char *folder, struct err *err)
{
	const size_t len = strlen(folder);

	for (int round = 0; round < 2; round++)
		for (const struct embedded_file *file = embedded_files; file->name; file++) {
			const char *name = file->name + len;

			if (strncmp(file->name, folder, len) == 0 && !strchr(name, '/') &&
			    (strcmp(name, "en.yaml") == 0) == (round == 0) &&
			    words_add(words, file->name, name, slice_of(file->bytes, file->len),
				      err) < 0)
				return -1;
		}
	return 0;
}
