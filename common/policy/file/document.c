/* document.c - see document.h.  Builds the tree from libyaml's events. */
#include "document.h"

#include <string.h>

#include <yaml.h>

#include "common/base/text.h"

struct reader {
	yaml_parser_t yaml;
	yaml_event_t event; /* the current one */
	struct slice source;
	const char *file;
	struct arena *arena;
	unsigned depth;
};

static unsigned line_of(const yaml_mark_t *mark)
{
	return (unsigned)mark->line + 1;
}

static int next_event(struct reader *r, struct err *err)
{
	const yaml_parser_t *yaml = &r->yaml;
	unsigned line;

	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->yaml, &r->event))
		return 0;
	/* libyaml knows only the offset of a byte that is not text. */
	if (yaml->error == YAML_READER_ERROR)
		line = text_line_at(r->source, yaml->problem_offset);
	else
		line = line_of(&yaml->problem_mark);
	return err_config(err, "%s:%u: not readable as YAML: %s%s%s", r->file, line,
			  yaml->problem ? yaml->problem : "out of memory",
			  yaml->context ? ", " : "", yaml->context ? yaml->context : "");
}

static bool is_nothing(const yaml_event_t *event)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL"};
	const char *text = (const char *)event->data.scalar.value;

	if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i]) == 0)
			return true;
	}
	return false;
}

static int check_text(const struct node *node, struct slice text, struct err *err)
{
	if (!text_is_utf8(text))
		return node_error(node, err, "a character that is not text; expected UTF-8");
	if (!text_is_printable(text))
		return node_error(node, err,
				  "a control character or line break in a text; expected "
				  "one line");
	return 0;
}

static int read_text(struct reader *r, struct node *node, struct err *err)
{
	struct slice text = slice_of(r->event.data.scalar.value, r->event.data.scalar.length);

	if (is_nothing(&r->event))
		return node_error(node, err,
				  "nothing is written here; expected a value "
				  "({} for a mapping without entries)");
	if (check_text(node, text, err) < 0)
		return -1;
	node->kind = NODE_TEXT;
	node->text = arena_copy(r->arena, text.bytes, text.len);
	node->plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	return 0;
}

static struct node *child_of(struct reader *r, struct node *parent, struct node ***last)
{
	struct node *child = arena_zalloc(r->arena, sizeof(*child));

	child->file = r->file;
	child->parent = parent;
	child->index = parent->count++;
	child->line = line_of(&r->event.start_mark);
	child->text = "";
	**last = child;
	*last = &child->next;
	return child;
}

static int check_count(const struct node *node, struct err *err)
{
	if (node->count < DOCUMENT_ENTRIES_MAX)
		return 0;
	return node_error(node, err, "more than %d entries", DOCUMENT_ENTRIES_MAX);
}

static int read_node(struct reader *r, struct node *node, struct err *err);

static int read_list(struct reader *r, struct node *node, struct err *err)
{
	struct node **last = &node->first;

	node->kind = NODE_LIST;
	for (;;) {
		if (next_event(r, err) < 0)
			return -1;
		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			return 0;
		if (check_count(node, err) < 0 || read_node(r, child_of(r, node, &last), err) < 0)
			return -1;
	}
}

/* The key of the entry that begins here; the child keeps it. */
static int read_key(struct reader *r, struct node *child, struct err *err)
{
	const struct node *map = child->parent;
	const struct node *other;

	child->key = "?";
	child->key_line = child->line;
	if (r->event.type == YAML_ALIAS_EVENT)
		return node_key_error(child, err, "an alias (*) as a key; write the name out");
	if (r->event.type != YAML_SCALAR_EVENT || is_nothing(&r->event) ||
	    r->event.data.scalar.length == 0)
		return node_key_error(child, err, "expected a name as key");
	if (r->event.data.scalar.anchor || r->event.data.scalar.tag)
		return node_key_error(child, err,
				      "an anchor (&) or tag (!) at a key; "
				      "expected a plain name");
	if (check_text(map, slice_of(r->event.data.scalar.value, r->event.data.scalar.length),
		       err) < 0)
		return -1;
	child->key = arena_copy(r->arena, r->event.data.scalar.value, r->event.data.scalar.length);
	for (other = map->first; other != child; other = other->next) {
		if (strcmp(other->key, child->key) == 0)
			return node_key_error(child, err, "%s is there twice (first on line %u)",
					      node_quoted(child->key).text, other->key_line);
	}
	return 0;
}

static int read_map(struct reader *r, struct node *node, struct err *err)
{
	struct node **last = &node->first;
	struct node *child;

	node->kind = NODE_MAP;
	for (;;) {
		if (next_event(r, err) < 0)
			return -1;
		if (r->event.type == YAML_MAPPING_END_EVENT)
			return 0;
		if (check_count(node, err) < 0)
			return -1;
		child = child_of(r, node, &last);
		if (read_key(r, child, err) < 0 || next_event(r, err) < 0)
			return -1;
		child->line = line_of(&r->event.start_mark);
		if (read_node(r, child, err) < 0)
			return -1;
	}
}

/* Anchors and tags of the current event, whatever it begins. */
static int check_properties(const struct reader *r, const struct node *node, struct err *err)
{
	const yaml_event_t *event = &r->event;
	bool is_text = event->type == YAML_SCALAR_EVENT;
	bool is_list = event->type == YAML_SEQUENCE_START_EVENT;
	const yaml_char_t *anchor = is_text   ? event->data.scalar.anchor
				    : is_list ? event->data.sequence_start.anchor
					      : event->data.mapping_start.anchor;
	const yaml_char_t *tag = is_text   ? event->data.scalar.tag
				 : is_list ? event->data.sequence_start.tag
					   : event->data.mapping_start.tag;

	if (anchor)
		return node_error(node, err, "an anchor (&); write the value out where it is used");
	if (tag)
		return node_error(node, err, "a tag (!); expected the value alone");
	return 0;
}

/* The value that begins with the current event, into node. */
static int read_node(struct reader *r, struct node *node, struct err *err)
{
	int result;

	if (r->event.type == YAML_ALIAS_EVENT)
		return node_error(node, err, "an alias (*); write the value out");
	if (check_properties(r, node, err) < 0)
		return -1;
	if (r->event.type == YAML_SCALAR_EVENT)
		return read_text(r, node, err);
	if (r->depth == DOCUMENT_DEPTH_MAX)
		return node_error(node, err, "nested deeper than %d levels", DOCUMENT_DEPTH_MAX);
	r->depth++;
	if (r->event.type == YAML_SEQUENCE_START_EVENT)
		result = read_list(r, node, err);
	else
		result = read_map(r, node, err);
	r->depth--;
	return result;
}

static int read_stream(struct reader *r, struct node *root, struct err *err)
{
	if (next_event(r, err) < 0 || next_event(r, err) < 0) /* stream, document */
		return -1;
	if (r->event.type == YAML_STREAM_END_EVENT)
		return err_config(err, "%s:1: the file is empty", r->file);
	if (next_event(r, err) < 0)
		return -1;
	root->line = line_of(&r->event.start_mark);
	if (read_node(r, root, err) < 0)
		return -1;
	if (next_event(r, err) < 0 || next_event(r, err) < 0)
		return -1;
	if (r->event.type != YAML_STREAM_END_EVENT)
		return err_config(err, "%s:%u: a second document; expected one", r->file,
				  line_of(&r->event.start_mark));
	return 0;
}

static size_t length_of_line(struct slice text, size_t begin)
{
	const uint8_t *end = memchr(text.bytes + begin, '\n', text.len - begin);

	return end ? (size_t)(end - (text.bytes + begin)) : text.len - begin;
}

/* A NUL or a byte order mark of UTF-16 would make libyaml see another text than people do. */
static int check_source(struct slice text, const char *file, struct err *err)
{
	size_t begin = 0;
	unsigned line = 1;

	if (text.len > DOCUMENT_MAX_BYTES)
		return err_config(err, "%s:1: %zu bytes; expected at most %d", file, text.len,
				  DOCUMENT_MAX_BYTES);
	if (text_is_utf8(text))
		return 0;
	while (text_is_utf8(slice_of(text.bytes + begin, length_of_line(text, begin)))) {
		begin += length_of_line(text, begin) + 1;
		line++;
	}
	return err_config(err, "%s:%u: not UTF-8 text", file, line);
}

int document_read(struct slice text, const char *file, struct arena *arena, const struct node **ret,
		  struct err *err)
{
	struct reader r = {.source = text, .file = file, .arena = arena};
	struct node *root = arena_zalloc(arena, sizeof(*root));
	int result;

	if (check_source(text, file, err) < 0)
		return -1;
	if (!yaml_parser_initialize(&r.yaml))
		return err_environment(err, "%s: out of memory", file);
	yaml_parser_set_encoding(&r.yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.yaml, text.bytes, text.len);
	root->file = file;
	root->text = "";
	result = read_stream(&r, root, err);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.yaml);
	if (result == 0)
		*ret = root;
	return result;
}
