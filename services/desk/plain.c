/* plain.c - see plain.h. */
#include "plain.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MARKUP "<>&[]()*~`|\\\"{}"
#define URL_SAFE "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"

struct plain {
	char *text;
	size_t len;
};

static bool is_control(const uint8_t *at)
{
	return at[0] < ' ' || at[0] == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0);
}

/* U+200B to 200F, U+2028 to 202E, U+2060 to 206F, U+FEFF: not seen, or they turn what follows. */
static bool is_unseen(const uint8_t *at)
{
	if (at[0] == 0xef)
		return at[1] == 0xbb && at[2] == 0xbf;
	if (at[0] != 0xe2)
		return false;
	return at[1] == 0x80 ? (at[2] >= 0x8b && at[2] <= 0x8f) || (at[2] >= 0xa8 && at[2] <= 0xae)
			     : at[1] == 0x81 && at[2] >= 0xa0 && at[2] <= 0xaf;
}

/* Bytes of the letter that begins here; a text that ends within one has ended. */
static size_t letter_bytes(const uint8_t *at)
{
	size_t most = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4, len = 0;

	while (len < most && at[len])
		len++;
	return len;
}

static void blank(struct plain *plain)
{
	if (plain->len && plain->text[plain->len - 1] != ' ')
		plain->text[plain->len++] = ' ';
}

static bool begins_word(const struct plain *plain)
{
	return !plain->len || plain->text[plain->len - 1] == ' ';
}

static void put(struct plain *plain, const uint8_t *at, size_t len, bool is_name)
{
	char last = plain->len ? plain->text[plain->len - 1] : ' ';

	if (is_control(at) || is_unseen(at) || *at == ' ' || strchr(MARKUP, *at)) {
		blank(plain);
		return;
	}
	if ((strchr("@#", *at) && (is_name || begins_word(plain))) || (*at == '/' && last == '/'))
		return;
	if (is_name && strchr("/:", *at)) {
		blank(plain);
		return;
	}
	/* "St.John" is nobody's address of the web, but "evil.example" may be. */
	if (is_name && last == '.')
		blank(plain);
	memcpy(plain->text + plain->len, at, len);
	plain->len += len;
}

static char *plain_of(const char *text, bool is_name, size_t max, struct arena *arena)
{
	/* A letter may be put behind a blank. */
	struct plain plain = {.text = arena_alloc(arena, max + 2)};
	const uint8_t *at = (const uint8_t *)text;

	while (*at) {
		size_t len = letter_bytes(at);

		if (plain.len + len + 1 > max)
			break;
		put(&plain, at, len, is_name);
		at += len;
	}
	while (plain.len && plain.text[plain.len - 1] == ' ')
		plain.len--;
	plain.text[plain.len] = '\0';
	return plain.text;
}

char *dsk_plain(const char *text, struct arena *arena)
{
	return plain_of(text, false, DSK_PLAIN_MAX_BYTES, arena);
}

char *dsk_plain_name(const char *name, struct arena *arena)
{
	return plain_of(name, true, DSK_NAME_MAX_BYTES, arena);
}

const char *dsk_task_url(const char *console_url, const char *task, struct arena *arena)
{
	if (!*console_url || !*task || task[strspn(task, URL_SAFE)])
		return "";
	return arena_printf(arena, "%s/tasks/%s", console_url, task);
}
