/* name.c - see name.h: what may be shown, and which word is the first name. */
#include "name.h"

#include <stdint.h>
#include <strings.h>

#include "common/base/point.h"
#include "common/base/text.h"
#include "address.h"
#include "name_internal.h"

enum { DIGITS_MAX = 2 };

static bool is_upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(uint8_t c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* How many bytes of UTF-8 the blank at the beginning of text takes; 0: there is none. */
static size_t blank_len(struct slice text)
{
	if (text.len && (text.bytes[0] == ' ' || text.bytes[0] == '\t'))
		return 1;
	if (text.len > 1 && memcmp(text.bytes, "\xc2\xa0", 2) == 0)
		return 2;
	if (text.len > 2 && (memcmp(text.bytes, "\xe3\x80\x80", 3) == 0 ||
			     memcmp(text.bytes, "\xe2\x80\xaf", 3) == 0))
		return 3;
	return 0;
}

static struct slice trim_front(struct slice text)
{
	for (size_t len; (len = blank_len(text));)
		text = slice_of(text.bytes + len, text.len - len);
	return text;
}

static struct slice trim(struct slice text)
{
	text = trim_front(text);
	while (text.len) {
		size_t len = text.bytes[text.len - 1] < 0x80    ? 1
			     : text.bytes[text.len - 1] == 0xa0 ? 2
								: 3;

		if (len > text.len || blank_len(slice_of(text.bytes + text.len - len, len)) != len)
			break;
		text.len -= len;
	}
	return text;
}

/* Is the character of no alphabet: punctuation, a symbol, a picture? */
static bool is_symbol(uint32_t point)
{
	static const struct point_range ranges[] = {
	    {0xa0, 0xa9},     {0xab, 0xb4},     {0xb6, 0xb6},       {0xb8, 0xb9},
	    {0xbb, 0xbf},     {0xd7, 0xd7},     {0xf7, 0xf7},       {0x2000, 0x2010},
	    {0x2012, 0x2018}, {0x201a, 0x2bff}, {0x3000, 0x3004},   {0x3008, 0x3030},
	    {0xfe00, 0xfe6f}, {0xff01, 0xff20}, {0x1f000, 0x1faff},
	};

	return point_is_in(point, ranges, sizeof(ranges) / sizeof(*ranges));
}

/* Is the character Chinese, Japanese or Korean? */
static bool is_of_the_east(uint32_t point)
{
	static const struct point_range ranges[] = {
	    {0x3040, 0x30ff}, {0x3400, 0x4dbf},   {0x4e00, 0x9fff},
	    {0xac00, 0xd7a3}, {0x20000, 0x3ffff},
	};

	return point_is_in(point, ranges, sizeof(ranges) / sizeof(*ranges));
}

/* Does the character occur in links, markup and formulas, but in no name? */
static bool is_of_no_name(uint32_t point)
{
	/* Full stops of the east are dots of host names as well (UTS 46). */
	if (point == 0x3002 || point == 0xff0e || point == 0xff61)
		return true;
	return point < 0x80 && point && strchr("<>{}[]|\\^~=*$%#@:;?!/_", (int)point);
}

static bool has_forbidden(struct slice name)
{
	int digits = 0;

	while (name.len) {
		uint32_t point = point_take(&name);

		digits += point < 0x80 && is_digit((uint8_t)point);
		if (point_is_invisible(point) || is_of_no_name(point))
			return true;
	}
	return digits > DIGITS_MAX;
}

/* The next word; blanks and commas are between words. */
static bool next_word(struct slice *rest, struct slice *ret)
{
	size_t len = 0;

	*rest = trim_front(*rest);
	while (len < rest->len && !blank_len(slice_of(rest->bytes + len, rest->len - len)))
		len++;
	*ret = slice_of(rest->bytes, len);
	*rest = slice_of(rest->bytes + len, rest->len - len);
	return len > 0;
}

static const uint8_t *last_dot(struct slice word)
{
	for (size_t i = word.len; i > 0; i--)
		if (word.bytes[i - 1] == '.')
			return word.bytes + i - 1;
	return NULL;
}

/* "example", "COM", also "Com": no second name, as the "John" of "St.John" is one. */
static bool is_top_level(struct slice label)
{
	static const char *const known[] = {"com",    "net", "org", "info", "biz", "shop", "site",
					    "online", "xyz", "top", "app",  "dev", "club", "link"};
	bool has_upper = false, has_lower = false;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (label.len == strlen(known[i]) &&
		    strncasecmp((const char *)label.bytes, known[i], label.len) == 0)
			return true;
	for (size_t i = 0; i < label.len; i++) {
		has_upper |= is_upper(label.bytes[i]);
		has_lower |= is_lower(label.bytes[i]);
	}
	return !has_upper || !has_lower;
}

/* "evil.example", "BIT.LY", "www.shop": a dot with letters around it, and no title's. */
static bool is_link(struct slice word)
{
	char host[HOST_NAME_BYTES];
	const uint8_t *dot;
	size_t last;

	while (word.len && strchr(".,()\"'", word.bytes[word.len - 1]))
		word.len--;
	while (word.len && strchr("(\"'", word.bytes[0]))
		word = slice_of(word.bytes + 1, word.len - 1);
	dot = last_dot(word);
	if (!dot || name_word(word) != NAME_PLAIN ||
	    name_word(slice_of(word.bytes, (size_t)(dot - word.bytes))) != NAME_PLAIN)
		return false;
	last = (size_t)(word.bytes + word.len - dot) - 1;
	/* "J.R.", "St.John" have a letter before the dot, or no top-level domain behind it. */
	return (size_t)(dot - word.bytes) >= 2 && last >= 2 &&
	       is_top_level(slice_of(dot + 1, last)) && host_name_read(word, host);
}

struct slice name_shown(struct slice name)
{
	struct slice none = slice_of(name.bytes, 0), rest, word;
	size_t count = 0;

	if (name.len > NAME_SHOWN_MAX_BYTES || !text_is_utf8(name))
		return none;
	name = trim(name);
	if (has_forbidden(name) || name_is_placeholder(name))
		return none;
	for (rest = name; next_word(&rest, &word); count++)
		if (is_link(word) || count == NAME_WORDS_MAX)
			return none;
	return name;
}

/* Letters, with what stands between them in names. */
static bool is_word_of_letters(struct slice word)
{
	size_t letters = 0;

	while (word.len) {
		uint32_t point = point_take(&word);

		if (point < 0x80 ? !is_upper(point & 0x7f) && !is_lower(point & 0x7f)
				 : is_symbol(point)) {
			if (point >= 0x80 || !strchr("-'`", (int)point))
				return false;
			continue;
		}
		letters++;
	}
	return letters > 0;
}

/* "J", "É": too little to greet anybody; in scripts without an alphabet one sign is a word. */
static bool is_initial(struct slice word)
{
	uint32_t point = point_take(&word);

	return !word.len && point < 0x590;
}

static struct slice without_quotes(struct slice word)
{
	while (word.len && strchr("(\"'`", word.bytes[0]))
		word = slice_of(word.bytes + 1, word.len - 1);
	while (word.len && strchr(")\"'`", word.bytes[word.len - 1]))
		word.len--;
	return word;
}

/* "(FH)" behind a title. */
static bool is_remark(struct slice word)
{
	return word.bytes[0] == '(' && word.bytes[word.len - 1] == ')';
}

struct reading {
	struct slice first;
	size_t names;   /* words that may be names: the first, and those behind it */
	bool has_title; /* or an initial: one more word is a family */
	bool has_lead;  /* the family comes first: "von Goethe" */
	bool is_nobody;
};

static bool is_particle(struct slice word, enum name_word kind, const struct slice *rest)
{
	struct slice next, ahead = *rest;

	if (word.len > 3 && (strncasecmp((const char *)word.bytes, "al-", 3) == 0 ||
			     strncasecmp((const char *)word.bytes, "el-", 3) == 0))
		return true;
	if (kind != NAME_PARTICLE)
		return false;
	if (!is_upper(word.bytes[0]) || name_is_never_given(word))
		return true;
	/* "Van Der Sar" is a family, "Van Morrison" a man. */
	return next_word(&ahead, &next) && name_word(next) == NAME_PARTICLE;
}

/* "Ann and Bob", "Ann & Bob"; "y" only right behind the first: "José Ortega y Gasset". */
static bool is_joint(const struct reading *reading, struct slice word, enum name_word kind)
{
	if (kind == NAME_BETWEEN)
		return reading->names == 1 && !is_upper(word.bytes[0]);
	/* "von und zu Stein" is one family; "Herr und Frau" are two people. */
	if (kind != NAME_JOINT || reading->has_lead || (!reading->names && !reading->has_title))
		return false;
	return !is_upper(word.bytes[0]) || word.len == 3;
}

static void read_word(struct reading *reading, struct slice word, const struct slice *rest)
{
	enum name_word kind = name_word(word);
	bool is_last = !trim_front(*rest).len;

	if (is_joint(reading, word, kind) || (kind == NAME_NOBODY && !reading->names) ||
	    (kind == NAME_FIRM && is_last && reading->names)) {
		reading->is_nobody = true;
	} else if (reading->names) {
		reading->names += kind != NAME_DEGREE && kind != NAME_TITLE && kind != NAME_SUBJECT;
	} else if (kind == NAME_TITLE ||
		   (reading->has_title && kind == NAME_SUBJECT && is_lower(word.bytes[0]))) {
		reading->has_title = true;
	} else if (is_particle(word, kind, rest)) {
		reading->has_lead = true;
	} else if (memchr(word.bytes, '.', word.len) || is_initial(word) || is_remark(word)) {
		reading->has_title = true;
	} else if (is_word_of_letters(without_quotes(word))) {
		reading->first = without_quotes(word);
		reading->names = 1;
	}
}

static struct reading read_words(struct slice part)
{
	struct reading ret = {.first = slice_of(part.bytes, 0)};
	struct slice rest = part, word;

	while (next_word(&rest, &word))
		read_word(&ret, word, &rest);
	return ret;
}

/* "Captain Ann Archer", but "Major Smith": may be his name. */
static struct slice without_rank(struct slice part)
{
	struct slice rest = part, word;

	if (next_word(&rest, &word) && name_word(word) == NAME_RANK && read_words(rest).names >= 2)
		return rest;
	return part;
}

/* Is the part nothing but titles, degrees and blanks? */
static bool is_no_name(struct slice part)
{
	struct slice word;

	while (next_word(&part, &word)) {
		enum name_word kind = name_word(word);

		if (kind != NAME_TITLE && kind != NAME_DEGREE && kind != NAME_SUBJECT)
			return false;
	}
	return true;
}

/*
 * Given names come first, or are alone in their part of "Family, Given"; a
 * single word beside a title, an initial or a gap is a family.
 */
static struct slice choose(const struct reading *reading, bool is_given, bool has_gap)
{
	bool is_family = !is_given && (reading->has_title || has_gap) && reading->names < 2;

	if (reading->is_nobody || reading->has_lead || !reading->names || is_family ||
	    reading->first.len > NAME_FIRST_MAX_BYTES)
		return slice_of(reading->first.bytes, 0);
	return reading->first;
}

/*
 * Where the family comes first and nothing tells it apart, the whole name is returned, as far as it
 * is letters.
 */
static struct slice whole_name(struct slice name)
{
	struct slice rest = name, word;
	size_t len = 0;

	while (next_word(&rest, &word) && is_word_of_letters(word))
		len = (size_t)(word.bytes + word.len - name.bytes);
	return slice_of(name.bytes, len);
}

/* What stands between commas, without what is only titles and degrees. */
struct parts {
	struct slice names[2];
	size_t count; /* 3: too many to tell */
	bool has_gap; /* "Archer," and "Archer, Mrs" leave the first name out */
};

static void add_part(struct parts *parts, struct slice part, bool is_last)
{
	if (is_no_name(part)) {
		parts->has_gap |= part.len > 0 || is_last;
		return;
	}
	if (parts->count < 2)
		parts->names[parts->count] = part;
	parts->count += parts->count < 3;
}

static struct parts split(struct slice name)
{
	struct parts ret = {0};
	const uint8_t *comma;

	while ((comma = name.len ? memchr(name.bytes, ',', name.len) : NULL)) {
		size_t len = (size_t)(comma - name.bytes);

		add_part(&ret, trim(slice_of(name.bytes, len)), false);
		name = slice_of(comma + 1, name.len - len - 1);
	}
	add_part(&ret, trim(name), true);
	return ret;
}

struct slice name_first(struct slice name)
{
	struct slice shown = name_shown(name), ahead = shown;
	struct reading first, second;
	struct parts parts;

	if (!shown.len || is_of_the_east(point_take(&ahead)))
		return whole_name(shown);
	parts = split(shown);
	if (!parts.count || parts.count > 2)
		return slice_of(shown.bytes, 0);
	first = read_words(parts.count == 1 ? without_rank(parts.names[0]) : parts.names[0]);
	if (parts.count == 1)
		return choose(&first, false, parts.has_gap);
	second = read_words(without_rank(parts.names[1]));
	second.is_nobody |= first.is_nobody;
	return choose(&second, true, false);
}
