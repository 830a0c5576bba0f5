/*
 * http_framing.c - see http_framing.h.
 *
 * What cannot be seen from here: libmicrohttpd ends a header line also at a
 * bare CR or LF.  A proxy in front must refuse those (all common ones do).
 */
#include "http_framing.h"

#include <strings.h>

enum { LENGTH_DIGITS_MAX = 15 };

static bool is_named(struct slice name, const char *want)
{
	return name.len == strlen(want) &&
	       strncasecmp((const char *)name.bytes, want, name.len) == 0;
}

/* RFC 9110 5.6.2; "Content-Length " with a blank is the classic. */
static bool is_token(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = name.bytes[i];

		if (c <= 0x20 || c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", c))
			return false;
	}
	return name.len > 0;
}

/* Digits only: strtol would take "+2", " 2" and "0x2". */
static bool read_length(struct slice value, int64_t *ret)
{
	int64_t length = 0;

	if (value.len == 0 || value.len > LENGTH_DIGITS_MAX)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		if (value.bytes[i] < '0' || value.bytes[i] > '9')
			return false;
		length = length * 10 + (value.bytes[i] - '0');
	}
	*ret = length;
	return true;
}

void http_framing_header(struct http_framing *framing, struct slice name, struct slice value)
{
	if (!is_token(name))
		framing->bad_name = true;
	if (is_named(name, "Content-Length")) {
		framing->lengths++;
		if (!read_length(value, &framing->length_bytes))
			framing->bad_length = true;
	} else if (is_named(name, "Transfer-Encoding")) {
		framing->codings++;
		if (!is_named(value, "chunked"))
			framing->not_chunked = true;
	} else if (is_named(name, "Host")) {
		framing->hosts++;
	} else if (is_named(name, "Expect")) {
		framing->expects_continue = true;
	}
}

const char *http_framing_fault(const struct http_framing *framing, const char *version)
{
	bool old = strcmp(version, "HTTP/1.0") == 0;

	if (!old && strcmp(version, "HTTP/1.1") != 0)
		return "expected HTTP/1.0 or HTTP/1.1";
	if (framing->bad_name)
		return "a header name has a character that is not allowed there";
	if (framing->lengths > 1)
		return "expected one Content-Length";
	if (framing->bad_length)
		return "expected decimal digits as Content-Length";
	if (framing->lengths && framing->codings)
		return "expected Content-Length or Transfer-Encoding, found both";
	if (framing->codings > 1 || framing->not_chunked)
		return "expected no other Transfer-Encoding than chunked";
	if (framing->codings && old)
		return "expected no Transfer-Encoding with HTTP/1.0";
	if (framing->hosts > 1 || (framing->hosts == 0 && !old))
		return "expected one Host";
	return NULL;
}
