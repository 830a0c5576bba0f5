/* url.c - see url.h. */
#include "url.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "text.h"

static bool is_letter_or_digit(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Returns the index of c in text, or the text's length. */
static size_t find(struct slice text, char c)
{
	const uint8_t *at = text.len ? memchr(text.bytes, c, text.len) : NULL;

	return at ? (size_t)(at - text.bytes) : text.len;
}

static struct slice first(struct slice text, size_t len)
{
	return slice_of(text.bytes, len);
}

/* Returns the text without its first len bytes and one more, if there is one. */
static struct slice behind(struct slice text, size_t len)
{
	len += len < text.len;
	return slice_of(text.bytes + len, text.len - len);
}

static int hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int url_decode(struct slice text, const char *what, char *ret, size_t size, struct err *err)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		int byte = text.bytes[i];

		if (byte == '%') {
			int high = i + 2 < text.len ? hex_value(text.bytes[i + 1]) : -1;
			int low = i + 2 < text.len ? hex_value(text.bytes[i + 2]) : -1;

			if (high < 0 || low < 0)
				return err_set(err,
					       "expected two hexadecimal digits behind each %% of "
					       "the %s (a %% itself is %%25)",
					       what);
			byte = high << 4 | low;
			i += 2;
		}
		if (byte == '\0' || len + 1 >= size)
			return err_set(err, "expected a %s of at most %zu bytes, none of them 0",
				       what, size - 1);
		ret[len++] = (char)byte;
	}
	ret[len] = '\0';
	return 0;
}

/* RFC 3986 3.1. */
static int read_scheme(struct slice *rest, char ret[URL_SCHEME_BYTES], struct err *err)
{
	size_t len = find(*rest, ':');

	if (len == 0 || len >= URL_SCHEME_BYTES || rest->len < len + 3 ||
	    memcmp(rest->bytes + len, "://", 3) != 0)
		return err_set(err, "expected scheme://");
	for (size_t i = 0; i < len; i++)
		if (!is_letter_or_digit(rest->bytes[i]))
			return err_set(err, "expected scheme://");
		else
			ret[i] = (char)rest->bytes[i];
	ret[len] = '\0';
	*rest = slice_of(rest->bytes + len + 3, rest->len - len - 3);
	return 0;
}

static int read_login(struct slice login, struct url *url, struct err *err)
{
	size_t colon = find(login, ':');

	url->has_user = true;
	url->has_password = colon < login.len;
	if (url_decode(first(login, colon), "user", url->user, sizeof(url->user), err) < 0)
		return -1;
	return url_decode(behind(login, colon), "password", url->password, sizeof(url->password),
			  err);
}

static bool is_host_name(struct slice host)
{
	for (size_t i = 0; i < host.len; i++)
		if (!is_letter_or_digit(host.bytes[i]) && !strchr(".-_", host.bytes[i]) &&
		    host.bytes[i] < 0x80)
			return false;
	return host.len > 0 && !memchr(host.bytes, '\0', host.len) && text_is_utf8(host);
}

/* Takes the host off the front; what is left is empty or ":port". */
static int read_host(struct slice *rest, struct url *url, struct err *err)
{
	struct in6_addr address;
	size_t len;

	url->is_ipv6 = rest->len && rest->bytes[0] == '[';
	if (url->is_ipv6) {
		*rest = slice_of(rest->bytes + 1, rest->len - 1);
		len = find(*rest, ']');
	} else {
		len = find(*rest, ':');
	}
	if (len >= URL_HOST_BYTES)
		return err_set(err, "expected a host of less than %d bytes", URL_HOST_BYTES);
	memcpy(url->host, rest->bytes, len);
	url->host[len] = '\0';
	if (url->is_ipv6 ? len == rest->len || inet_pton(AF_INET6, url->host, &address) != 1
			 : !is_host_name(first(*rest, len)))
		return err_set(err, "expected a host: a name, or an address (IPv6 in [ ])");
	*rest = slice_of(rest->bytes + len, rest->len - len);
	if (url->is_ipv6)
		*rest = behind(*rest, 0);
	return 0;
}

static int read_port(struct slice rest, int *ret, struct err *err)
{
	struct err ignored;
	int64_t port;

	if (rest.len == 0)
		return 0;
	if (rest.bytes[0] != ':' || text_int64(behind(rest, 0), 1, 65535, &port, &ignored) < 0)
		return err_set(err, "expected a port of 1 to 65535");
	*ret = (int)port;
	return 0;
}

int url_parse(struct slice text, struct url *ret, struct err *err)
{
	struct slice rest = text, authority;
	size_t end, at;

	memset(ret, 0, sizeof(*ret));
	if (read_scheme(&rest, ret->scheme, err) < 0)
		return -1;
	end = find(rest, '/');
	authority = first(rest, end);
	ret->path = behind(rest, end);
	for (at = authority.len; at > 0 && authority.bytes[at - 1] != '@'; at--)
		;
	if (at > 0 && read_login(first(authority, at - 1), ret, err) < 0)
		return -1;
	authority = slice_of(authority.bytes + at, authority.len - at);
	/* A '?' in front of the '@' is of the password; one behind it ends what it stands in. */
	at = find(authority, '?');
	if (at < authority.len) {
		ret->path = slice_of(rest.bytes, 0);
		ret->query = behind(
		    slice_of(authority.bytes, (size_t)(rest.bytes + rest.len - authority.bytes)),
		    at);
		authority = first(authority, at);
	} else {
		at = find(ret->path, '?');
		ret->query = behind(ret->path, at);
		ret->path = first(ret->path, at);
	}
	if (read_host(&authority, ret, err) < 0)
		return -1;
	return read_port(authority, &ret->port, err);
}

bool url_query_next(struct slice *query, struct slice *ret_name, struct slice *ret_value)
{
	size_t end = find(*query, '&');
	struct slice part = first(*query, end);

	if (query->len == 0)
		return false;
	*query = behind(*query, end);
	*ret_name = first(part, find(part, '='));
	*ret_value = behind(part, ret_name->len);
	return true;
}

bool url_is_origin(const char *url)
{
	static const char *const beginnings[] = {"https://", "http://localhost",
						 "http://127.0.0.1"};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		size_t len = strlen(beginnings[i]);

		if (strncmp(url, beginnings[i], len) == 0)
			return strlen(url) < 300 && !strpbrk(url + len, "/?#@\\ \"<>\r\n\t") &&
			       (i ? !url[len] || url[len] == ':' : url[len] != '\0');
	}
	return false;
}
