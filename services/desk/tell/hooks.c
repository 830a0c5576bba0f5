/* hooks.c - see hooks.h. */
#include "hooks.h"

#include <string.h>

#include "common/base/url.h"

/* Takes the next word off the line; empty: there is none. */
static struct slice next_word(struct slice *line)
{
	struct slice word;
	size_t len = 0;

	while (line->len && (*line->bytes == ' ' || *line->bytes == '\t' || *line->bytes == '\r'))
		*line = slice_of(line->bytes + 1, line->len - 1);
	while (len < line->len && !strchr(" \t\r", line->bytes[len]))
		len++;
	word = slice_of(line->bytes, len);
	*line = slice_of(line->bytes + len, line->len - len);
	return word;
}

static bool is_address(struct slice url)
{
	struct url parts;
	struct err ignored;

	return url_parse(url, &parts, &ignored) == 0 && parts.host[0] &&
	       (strcmp(parts.scheme, "https") == 0 || strcmp(parts.scheme, "http") == 0);
}

static int read_line(struct slice line, unsigned number, struct arena *arena, struct dsk_hook *ret,
		     struct err *err)
{
	struct slice word = next_word(&line);
	const uint8_t *equals = word.len ? memchr(word.bytes, '=', word.len) : NULL;
	size_t name_len = equals ? (size_t)(equals - word.bytes) : 0;
	struct dsk_hook hook = {0};
	struct err why;

	if (!name_len || !is_address(slice_of(equals + 1, word.len - name_len - 1)))
		return err_config(err, "line %u: expected NAME=https://...", number);
	hook.name = arena_copy(arena, word.bytes, name_len);
	hook.url = arena_copy(arena, equals + 1, word.len - name_len - 1);
	while ((word = next_word(&line)).len) {
		if (hook.key_count == WEBHOOK_KEYS_MAX)
			return err_config(err, "line %u: expected at most %d secrets", number,
					  WEBHOOK_KEYS_MAX);
		if (webhook_key_read(word, &hook.keys[hook.key_count++], &why) < 0)
			return err_config(err, "line %u: a secret: %s", number, why.text);
	}
	*ret = hook;
	return 0;
}

static bool says_nothing(struct slice line)
{
	struct slice word = next_word(&line);

	return word.len == 0 || *word.bytes == '#';
}

static int add_line(struct slice line, unsigned number, struct arena *arena,
		    struct dsk_hooks *hooks, struct err *err)
{
	struct dsk_hook hook;

	if (says_nothing(line))
		return 0;
	if (hooks->count == DSK_HOOKS_SETTING_MAX)
		return err_config(err, "line %u: expected at most %d webhooks", number,
				  DSK_HOOKS_SETTING_MAX);
	if (read_line(line, number, arena, &hook, err) < 0)
		return -1;
	if (dsk_hooks_find(hooks, hook.name))
		return err_config(err, "line %u: %s is there twice", number, hook.name);
	hooks->list[hooks->count++] = hook;
	return 0;
}

int dsk_hooks_read(struct slice text, struct arena *arena, struct dsk_hooks *ret, struct err *err)
{
	struct dsk_hooks hooks = {
	    .list = arena_alloc(arena, DSK_HOOKS_SETTING_MAX * sizeof(*hooks.list))};

	for (unsigned number = 1; text.len; number++) {
		const uint8_t *end = memchr(text.bytes, '\n', text.len);
		size_t len = end ? (size_t)(end - text.bytes) : text.len;

		if (add_line(slice_of(text.bytes, len), number, arena, &hooks, err) < 0)
			return -1;
		len += end != NULL;
		text = slice_of(text.bytes + len, text.len - len);
	}
	*ret = hooks;
	return 0;
}

const struct dsk_hook *dsk_hooks_find(const struct dsk_hooks *hooks, const char *name)
{
	for (size_t i = 0; i < hooks->count; i++)
		if (strcmp(hooks->list[i].name, name) == 0)
			return &hooks->list[i];
	return NULL;
}

static int check_one(const struct dsk_hooks *hooks, const char *whose, const char *name,
		     const char *hook, struct err *err)
{
	if (!*hook || dsk_hooks_find(hooks, hook))
		return 0;
	return err_config(err, "expected the address of %s, the webhook of %s.%s; found none", hook,
			  whose, name);
}

int dsk_hooks_check(const struct dsk_hooks *hooks, const struct desk *desk, struct err *err)
{
	for (unsigned i = 0; i < desk->team_count; i++)
		if (check_one(hooks, "desk.teams", desk->teams[i].name, desk->teams[i].webhook,
			      err) < 0)
			return -1;
	for (unsigned i = 0; i < desk->people_count; i++)
		if (check_one(hooks, "people", desk->people[i].id, desk->people[i].webhook, err) <
		    0)
			return -1;
	return 0;
}
