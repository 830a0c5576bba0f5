/* counted_links.c - see counted_links.h; tags and attributes as in HTML, 13.2.5. */
#include "counted_links.h"

#include <strings.h>

#include "common/base/text.h"
#include "common/token/click_token.h"

/* What is left of the HTML, from the next byte on. */
struct cursor {
	const char *at, *end;
};

/* One attribute; with quotes, value is what is between them and whole what is replaced with them. */
struct attribute {
	struct slice name, value, whole;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool starts(struct slice text, const char *with)
{
	size_t len = strlen(with);

	return text.len >= len && memcmp(text.bytes, with, len) == 0;
}

/* Is it the name, in capitals or not? */
static bool is_named(struct slice name, const char *small)
{
	return name.len == strlen(small) &&
	       strncasecmp((const char *)name.bytes, small, name.len) == 0;
}

static void skip_blanks(struct cursor *in)
{
	while (in->at < in->end && (is_blank(*in->at) || *in->at == '/'))
		in->at++;
}

static struct slice between(const char *from, const char *to)
{
	return slice_of(from, (size_t)(to - from));
}

static void read_value(struct cursor *in, struct attribute *ret)
{
	const char *from = in->at;
	char quote = in->at < in->end && (*in->at == '"' || *in->at == '\'') ? *in->at : '\0';

	if (quote) {
		const char *close = memchr(from + 1, quote, (size_t)(in->end - from - 1));

		in->at = close ? close + 1 : in->end;
		ret->value = between(from + 1, close ? close : in->end);
	} else {
		while (in->at < in->end && !is_blank(*in->at) && *in->at != '>')
			in->at++;
		ret->value = between(from, in->at);
	}
	ret->whole = between(from, in->at);
}

/* Reads the next attribute of a tag; false at its end, where *in stands on the '>'. */
static bool next_attribute(struct cursor *in, struct attribute *ret)
{
	const char *from;

	*ret = (struct attribute){0};
	skip_blanks(in);
	if (in->at == in->end || *in->at == '>')
		return false;
	from = in->at++;
	while (in->at < in->end && !is_blank(*in->at) && !strchr("/>=", *in->at))
		in->at++;
	ret->name = between(from, in->at);
	while (in->at < in->end && is_blank(*in->at))
		in->at++;
	if (in->at == in->end || *in->at != '=')
		return true;
	in->at++;
	while (in->at < in->end && is_blank(*in->at))
		in->at++;
	read_value(in, ret);
	return true;
}

static int digit(uint8_t c, int base)
{
	int value = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;

	return value >= 0 && value < base ? value : -1;
}

/* Reads "#38;" or "#x26;" as the ASCII character that it is; returns its length, 0 for none. */
static size_t numeric(struct slice text, char *ret)
{
	bool is_hex = text.len > 1 && (text.bytes[1] | 0x20) == 'x';
	int base = is_hex ? 16 : 10, value = 0;
	size_t from = is_hex ? 2 : 1, at = from;

	if (!starts(text, "#"))
		return 0;
	for (; at < text.len && digit(text.bytes[at], base) >= 0 && value < 0x7f; at++)
		value = value * base + digit(text.bytes[at], base);
	if (at == from || at == text.len || text.bytes[at] != ';' || value <= ' ' || value >= 0x7f)
		return 0;
	*ret = (char)value;
	return at + 1;
}

/* What stands behind an '&': the character that is meant, and how many bytes say so; 0: just '&'. */
static size_t entity(struct slice text, char *ret)
{
	static const struct {
		const char *name;
		char meant;
	} named[] = {{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}};

	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (starts(text, named[i].name)) {
			*ret = named[i].meant;
			return strlen(named[i].name);
		}
	return numeric(text, ret);
}

/* "auml;": a name with its end, so that who reads the HTML takes it for a character. */
static bool is_other_entity(struct slice text)
{
	size_t len = 0;

	while (len < text.len && (digit(text.bytes[len], 36) >= 0))
		len++;
	return len > 0 && len < text.len && text.bytes[len] == ';';
}

/*
 * Reads an attribute's value as the text that it means; false when there is no room for it, or when a
 * character is said by a number or a name that no address needs.
 */
static bool decode(struct slice value, char *ret, size_t size)
{
	size_t used = 0;

	value = slice_trim(value, " \t\r\n\f");
	for (size_t i = 0; i < value.len; i++) {
		char c = (char)value.bytes[i];

		if (!c || used + 1 >= size)
			return false;
		if (c == '&') {
			struct slice rest = slice_of(value.bytes + i + 1, value.len - i - 1);
			size_t len = entity(rest, &c);

			if (!len && (starts(rest, "#") || is_other_entity(rest)))
				return false;
			i += len;
		}
		ret[used++] = c;
	}
	ret[used] = '\0';
	return true;
}

/* The name in outcomes: as the template calls it, else host and path, without what is in a query. */
static void name_link(struct slice given, const char *url, char ret[CLICK_LINK_MAX_BYTES + 1])
{
	const char *from = strstr(url, "//") + 2;
	size_t len = strcspn(from, "?#");

	if (given.len && decode(given, ret, CLICK_LINK_MAX_BYTES + 1) &&
	    text_is_printable(slice_text(ret)))
		return;
	if (len > CLICK_LINK_MAX_BYTES)
		len = CLICK_LINK_MAX_BYTES;
	memcpy(ret, from, len);
	ret[len] = '\0';
}

/* Is it a page of our own?  They know themselves who opens them. */
static bool is_ours(const char *base, const char *url)
{
	size_t len = strlen(base);

	return strncmp(url, base, len) == 0 && (!url[len] || strchr("/?#", url[len]));
}

/* The token of what a link leads to; false: the link stays as it is. */
static bool make_token(const struct counted_links *links, struct slice href, struct slice name,
		       char ret[CLICK_TOKEN_BYTES])
{
	struct click click;

	if (!href.len || !decode(href, click.url, sizeof(click.url)) ||
	    !click_url_is_good(slice_text(click.url)) || is_ours(links->base, click.url) ||
	    links->customer.len > CLICK_CUSTOMER_MAX_BYTES ||
	    strlen(links->message) >= sizeof(click.message))
		return false;
	memcpy(click.message, links->message, strlen(links->message) + 1);
	memcpy(click.customer, links->customer.bytes, links->customer.len);
	click.customer[links->customer.len] = '\0';
	name_link(name, click.url, click.link);
	return click_token_make(links->token_key, &click, ret) > 0;
}

/* Reads the attributes of an <a>, and writes the tag with another href.  The first of a name counts. */
static void write_anchor(const struct counted_links *links, const char *from, struct cursor *in,
			 struct buf *out)
{
	struct attribute attribute, href = {0}, name = {0};
	char token[CLICK_TOKEN_BYTES];
	const char *behind;

	while (next_attribute(in, &attribute)) {
		if (!href.name.len && is_named(attribute.name, "href"))
			href = attribute;
		if (!name.name.len && is_named(attribute.name, "data-link"))
			name = attribute;
	}
	/* Where the tag has no end, who reads the mail may see no link at all. */
	if (in->at == in->end || !make_token(links, href.value, name.value, token)) {
		buf_add(out, from, (size_t)(in->at - from));
		return;
	}
	behind = (const char *)href.whole.bytes + href.whole.len;
	buf_add(out, from, (size_t)((const char *)href.whole.bytes - from));
	buf_printf(out, "\"%s" CLICK_PATH "%s\"", links->base, token);
	buf_add(out, behind, (size_t)(in->at - behind));
}

/* Passes over a comment or a tag that is none of a link, quotes and all. */
static void skip_markup(struct cursor *in)
{
	struct attribute ignored;

	if (starts(between(in->at, in->end), "<!--")) {
		for (in->at += 4; in->at < in->end && !starts(between(in->at, in->end), "-->");)
			in->at++;
		return;
	}
	in->at++;
	if (in->at < in->end && (*in->at | 0x20) >= 'a' && (*in->at | 0x20) <= 'z')
		while (next_attribute(in, &ignored))
			;
}

void counted_links_write(const struct counted_links *links, struct slice html, struct buf *out)
{
	struct cursor in = {(const char *)html.bytes, (const char *)html.bytes + html.len};

	while (in.at < in.end) {
		const char *from = in.at;
		const char *tag = memchr(from, '<', (size_t)(in.end - from));

		in.at = tag ? tag : in.end;
		buf_add(out, from, (size_t)(in.at - from));
		from = in.at;
		if (in.end - from > 2 && (from[1] | 0x20) == 'a' && is_blank(from[2])) {
			in.at += 2;
			write_anchor(links, from, &in, out);
			continue;
		}
		if (in.at < in.end)
			skip_markup(&in);
		buf_add(out, from, (size_t)(in.at - from));
	}
}
