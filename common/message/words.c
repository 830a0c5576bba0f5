/* words.c - see words.h. */
#include "words.h"

#include <string.h>

#include "known_words.h"

struct known {
	const char *text;
	uint32_t number;
};

/* By text. */
static const struct known known[] = {
#define X(n, t) {t, n},
    KNOWN_WORDS(X)
#undef X
};

/* By number. */
static const char *const known_texts[KNOWN_WORD_LAST + 1] = {[0] = "",
#define X(n, t) [n] = t,
							     KNOWN_WORDS(X)
#undef X
};

struct words words_of(char **own, size_t count, struct arena *arena)
{
	return (struct words){own, count, count, arena};
}

const char *words_text(const struct words *words, uint64_t number)
{
	if (number <= KNOWN_WORD_LAST)
		return known_texts[number];
	number -= KNOWN_WORD_LAST + 1;
	return number < words->count ? words->own[number] : NULL;
}

/* Most texts differ in their first byte, which saves a call. */
static inline int compare(const char *a, const char *b)
{
	return *a != *b ? (unsigned char)*a - (unsigned char)*b : strcmp(a, b);
}

uint32_t words_known_number(const char *text)
{
	size_t low = 0, high = sizeof(known) / sizeof(known[0]);

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare(text, known[middle].text);

		if (order == 0)
			return known[middle].number;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}

static uint32_t add(struct words *words, const char *text)
{
	enum { ROOM_LEAST = 16 };

	if (words->count == words->room) {
		size_t room = words->room < ROOM_LEAST ? ROOM_LEAST : 2 * words->room;
		char **larger = arena_alloc(words->arena, room * sizeof(*larger));

		if (words->count)
			memcpy(larger, words->own, words->count * sizeof(*larger));
		words->own = larger;
		words->room = room;
	}
	words->own[words->count++] = (char *)text;
	return (uint32_t)(KNOWN_WORD_LAST + words->count);
}

uint32_t words_number(struct words *words, const char *text)
{
	uint32_t number;

	if (!text[0])
		return 0;
	number = words_known_number(text);
	for (size_t i = 0; number == 0 && i < words->count; i++)
		if (compare(words->own[i], text) == 0)
			number = (uint32_t)(KNOWN_WORD_LAST + 1 + i);
	return number ? number : add(words, text);
}

/* -1: no digit of an id. */
static inline int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool words_id_bytes(const char *text, uint8_t ret[WORDS_ID_BYTES])
{
	for (size_t i = 0; i < WORDS_ID_BYTES; i++) {
		int high = digit_of(text[2 * i]), low = high < 0 ? -1 : digit_of(text[2 * i + 1]);

		if (low < 0)
			return false;
		ret[i] = (uint8_t)(high << 4 | low);
	}
	return text[2 * WORDS_ID_BYTES] == '\0';
}

#define ROW(c)                                                                                     \
	#c "0" #c "1" #c "2" #c "3" #c "4" #c "5" #c "6" #c "7" #c "8" #c "9" #c "a" #c "b" #c     \
	   "c" #c "d" #c "e" #c "f"
/* The two digits of each byte. */
static const char digit_pairs[] = ROW(0) ROW(1) ROW(2) ROW(3) ROW(4) ROW(5) ROW(6) ROW(7) ROW(8)
    ROW(9) ROW(a) ROW(b) ROW(c) ROW(d) ROW(e) ROW(f);
#undef ROW

char *words_id_text(const uint8_t bytes[WORDS_ID_BYTES], struct arena *arena)
{
	char *text = arena_alloc(arena, 2 * WORDS_ID_BYTES + 1);

	for (size_t i = 0; i < WORDS_ID_BYTES; i++)
		memcpy(text + 2 * i, digit_pairs + 2 * bytes[i], 2);
	text[2 * WORDS_ID_BYTES] = '\0';
	return text;
}
