/* headers.c - see headers.h. */
#include "headers.h"

#include <strings.h>

static const char *const names[CON_HEADER_COUNT] = {
#define X(name, text) [CON_HEADER_##name] = text,
    CON_HEADERS(X)
#undef X
};

void con_headers_take(struct con_headers *headers, struct slice name, struct slice value)
{
	for (int i = 0; i < CON_HEADER_COUNT; i++) {
		if (name.len != strlen(names[i]) ||
		    strncasecmp((const char *)name.bytes, names[i], name.len) != 0)
			continue;
		headers->values[i] = slice_trim(value, " \t");
		headers->counts[i]++;
	}
}

/* "https://console.shop.example:8443" without its scheme; false: it is no origin of the web. */
static bool host_of(struct slice origin, struct slice *ret)
{
	static const char *const schemes[] = {"https://", "http://"};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t len = strlen(schemes[i]);

		if (origin.len > len && memcmp(origin.bytes, schemes[i], len) == 0) {
			*ret = slice_of(origin.bytes + len, origin.len - len);
			return true;
		}
	}
	return false;
}

bool con_headers_same_origin(const struct con_headers *headers)
{
	struct slice site = headers->values[CON_HEADER_FETCH_SITE];
	struct slice host = headers->values[CON_HEADER_HOST], from;

	if (con_headers_twice(headers, CON_HEADER_FETCH_SITE) ||
	    con_headers_twice(headers, CON_HEADER_ORIGIN) ||
	    con_headers_twice(headers, CON_HEADER_HOST))
		return false;
	if (con_headers_has(headers, CON_HEADER_FETCH_SITE))
		return slice_is(site, "same-origin") || slice_is(site, "none");
	return host_of(headers->values[CON_HEADER_ORIGIN], &from) && host.len == from.len &&
	       strncasecmp((const char *)host.bytes, (const char *)from.bytes, host.len) == 0;
}
