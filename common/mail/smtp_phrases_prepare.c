/*
 * smtp_phrases_prepare.c - phrases_prepare(): what is left of a text when names are taken out.
 *
 * A host called mx.spam.example or a user called "attachment" must not decide
 * about a person, so whatever names something is taken out before the table is
 * asked.
 */
#include <strings.h>

#include "smtp_phrases.h"

struct writer {
	char *text;
	size_t len;
};

static bool is_blank(uint8_t c)
{
	return c <= ' ' || c == 0x7f;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_alphanumeric(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_one_of(uint8_t c, const char *set)
{
	return c && strchr(set, c);
}

/* Returns the token without the punctuation around it. */
static struct slice trimmed(struct slice token)
{
	while (token.len && is_one_of(token.bytes[0], "([{<\"'`*#,;:."))
		token = slice_of(token.bytes + 1, token.len - 1);
	while (token.len && is_one_of(token.bytes[token.len - 1], ")]}>\"'`*,;:.!"))
		token.len--;
	return token;
}

static bool equals(struct slice text, const char *word)
{
	return text.len == strlen(word) &&
	       strncasecmp((const char *)text.bytes, word, text.len) == 0;
}

static bool ends_in(struct slice text, const char *end)
{
	size_t len = strlen(end);

	return text.len >= len && (text.len == len || text.bytes[text.len - len - 1] == '.') &&
	       equals(slice_of(text.bytes + text.len - len, len), end);
}

/* Is it a number, a code ("550-5.1.1") or an address of the Internet? */
static bool is_number(struct slice token)
{
	bool ret = token.len > 0;

	for (size_t i = 0; i < token.len && ret; i++)
		ret = is_digit(token.bytes[i]) || is_one_of(token.bytes[i], ".-:/");
	return ret && is_digit(token.bytes[0]);
}

/*
 * Does the label behind the only dot make the token a domain, as "com" does?  Of two letters only
 * what is no word does: in "full.It is" there is no domain.
 */
static bool is_top_level(struct slice label)
{
	static const char *const known[] = {
	    "com",  "net",     "org",     "edu",  "gov",   "mil",         "info",     "biz",
	    "name", "example", "invalid", "test", "local", "localdomain", "internal", NULL};
	static const char *const words[] = {
	    "it", "in", "at", "no", "is", "so", "to", "me", "my", "be", "do", "us", "am", "as",
	    "by", "an", "if", "or", "of", "on", "we", "im", "il", "la", "le", "de", "es", NULL};

	for (size_t i = 0; known[i]; i++)
		if (equals(label, known[i]))
			return true;
	for (size_t i = 0; words[i]; i++)
		if (equals(label, words[i]))
			return false;
	return label.len == 2 && !is_digit(label.bytes[0]) && !is_digit(label.bytes[1]);
}

/* Is it a reason of Exchange, and no host: "RESOLVER.ADR.RecipientNotFound"? */
static bool is_of_exchange(struct slice token)
{
	size_t capitals = 0;

	while (capitals < token.len && token.bytes[capitals] >= 'A' && token.bytes[capitals] <= 'Z')
		capitals++;
	return capitals >= 4 && capitals < token.len && token.bytes[capitals] == '.';
}

/*
 * Returns the name in "mx.shop.example[192.0.2.1]:25" or "https://shop.example/page"; empty when
 * the token names no host.
 */
static struct slice host_of(struct slice token)
{
	const uint8_t *url = memmem(token.bytes, token.len, "://", 3);
	size_t len = 0, dots = 0, last = 0;

	if (url)
		token = slice_of(url + 3, (size_t)(token.bytes + token.len - url - 3));
	for (; len < token.len &&
	       (is_alphanumeric(token.bytes[len]) || is_one_of(token.bytes[len], ".-_"));
	     len++) {
		if (token.bytes[len] != '.')
			continue;
		dots++;
		last = len + 1;
	}
	if (url)
		return slice_of(token.bytes, len);
	if (!dots || last >= len || is_of_exchange(token) ||
	    (len < token.len && !is_one_of(token.bytes[len], "[]():/,;")))
		return slice_of(token.bytes, 0);
	if (dots == 1 && !is_top_level(slice_of(token.bytes + last, len - last)))
		return slice_of(token.bytes, 0);
	return slice_of(token.bytes, len);
}

/* Returns the well-known host that it is, or NULL: a server that names one gives its reason. */
static const char *reason_of_host(struct slice host)
{
	static const char *const reasons[] = {"spamhaus.org",
					      "spamcop.net",
					      "barracudacentral.org",
					      "sorbs.net",
					      "uceprotect.net",
					      "abuseat.org",
					      "ipcheck.proofpoint.com",
					      "mailspike.net",
					      "surbl.org",
					      "uribl.com",
					      "psbl.org",
					      "openspf.org",
					      "dmarc.org",
					      "groups.google.com",
					      NULL};

	for (size_t i = 0; reasons[i]; i++)
		if (ends_in(host, reasons[i]))
			return reasons[i];
	return NULL;
}

/* Is it one of a list of facts: "from=<a@b> to=<c@d> proto=ESMTP helo=<mx.shop.example>"? */
static bool is_fact(struct slice token)
{
	static const char *const keys[] = {"id", "qid",   "queueid", "name",   "type", "ip", "from",
					   "to", "proto", "helo",    "client", "host", NULL};
	const uint8_t *equal = memchr(token.bytes, '=', token.len);

	for (size_t i = 0; equal && keys[i]; i++)
		if (equals(slice_of(token.bytes, (size_t)(equal - token.bytes)), keys[i]))
			return true;
	return false;
}

/* Does it name somebody or something in brackets: "<...>", "<ann>"? */
static bool is_in_brackets(struct slice token)
{
	const uint8_t *close;

	if (token.len < 2 || token.bytes[0] != '<')
		return false;
	close = memchr(token.bytes, '>', token.len);
	return close && (size_t)(close - token.bytes) + 4 >= token.len;
}

/*
 * Is it the recipient's name, and not a word that happens to be the same?  The name has punctuation
 * at one side: "unknown user: ann", "'ann' is not known".
 */
static bool is_local_part(struct slice token, struct slice local_part, bool is_after_colon)
{
	struct slice inner = trimmed(token);

	return local_part.len && inner.len == local_part.len &&
	       strncasecmp((const char *)inner.bytes, (const char *)local_part.bytes, inner.len) ==
		   0 &&
	       (inner.len != token.len || is_after_colon);
}

static void put(struct writer *out, char c)
{
	/* There is one blank between words, and one '?' for each run of what is not ASCII. */
	if ((c == ' ' || c == '?') && out->len && out->text[out->len - 1] == c)
		return;
	if (out->len < PHRASES_TEXT_MAX_BYTES && (out->len || c != ' '))
		out->text[out->len++] = c;
}

/* Adds a word; those that hyphens and the like hold together are words of their own. */
static void put_word(struct writer *out, struct slice word)
{
	static const char separators[] = "-_/,;\"()[]{}<>*!#|";

	put(out, ' ');
	for (size_t i = 0; i < word.len; i++) {
		uint8_t c = word.bytes[i];

		if (c >= 'A' && c <= 'Z')
			put(out, (char)(c + 32));
		else
			put(out, c >= 0x80 ? '?' : is_one_of(c, separators) ? ' ' : (char)c);
	}
}

/* Takes off a code that is glued to its word: "550-'Unknown". */
static struct slice without_code(struct slice token)
{
	if (token.len > 4 && is_one_of(token.bytes[0], "245") && is_digit(token.bytes[1]) &&
	    is_digit(token.bytes[2]) && token.bytes[3] == '-')
		return slice_of(token.bytes + 4, token.len - 4);
	return token;
}

static void take(struct writer *out, struct slice token, struct slice local_part,
		 bool is_after_colon)
{
	struct slice inner = trimmed(token), host;
	const char *reason;

	if (memchr(token.bytes, '@', token.len) || is_number(inner) || is_in_brackets(token) ||
	    is_fact(inner) || is_local_part(token, local_part, is_after_colon) ||
	    token.bytes[0] == '/')
		return;
	host = host_of(inner);
	if (!host.len) {
		put_word(out, token);
		return;
	}
	reason = reason_of_host(host);
	if (reason)
		put_word(out, slice_text(reason));
}

size_t phrases_prepare(struct slice text, struct slice local_part,
		       char ret[PHRASES_TEXT_MAX_BYTES + 1])
{
	struct writer out = {.text = ret};
	bool is_after_colon = false;
	size_t to;

	for (size_t from = 0; from < text.len && out.len < PHRASES_TEXT_MAX_BYTES; from = to) {
		struct slice token;

		for (; from < text.len && is_blank(text.bytes[from]); from++)
			;
		for (to = from; to < text.len && !is_blank(text.bytes[to]); to++)
			;
		token = without_code(slice_of(text.bytes + from, to - from));
		if (!token.len)
			continue;
		take(&out, token, local_part, is_after_colon);
		is_after_colon = token.bytes[token.len - 1] == ':';
	}
	while (out.len && ret[out.len - 1] == ' ')
		out.len--;
	ret[out.len] = '\0';
	return out.len;
}
