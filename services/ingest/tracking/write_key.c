/* write_key.c - see write_key.h. */
#include "write_key.h"

#include <stdio.h>
#include <strings.h>

#include "common/base/encoding.h"

/* The user of Basic authentication (RFC 7617): there is no password. */
static bool read_user(const char *header, char ret[ING_TOKEN_MAX_BYTES + 1])
{
	static const char scheme[] = "Basic ";
	size_t len;

	if (strncasecmp(header, scheme, strlen(scheme)) != 0)
		return false;
	header += strlen(scheme);
	header += strspn(header, " ");
	if (!base64_read(slice_text(header), (uint8_t *)ret, ING_TOKEN_MAX_BYTES, &len))
		return false;
	ret[len] = '\0';
	ret[strcspn(ret, ":")] = '\0';
	return true;
}

int ing_write_key_source(const struct ing_sources *keys, const char *header, const char *of_body,
			 const struct ing_types **ret_types)
{
	char user[ING_TOKEN_MAX_BYTES + 1] = "", bearer[ING_TOKEN_MAX_BYTES + 16];

	if (header && !read_user(header, user))
		return -1;
	if (!header)
		snprintf(user, sizeof(user), "%s",
			 strlen(of_body) <= ING_TOKEN_MAX_BYTES ? of_body : "");
	snprintf(bearer, sizeof(bearer), "Bearer %s", user);
	return ing_source_find(keys, bearer, ret_types);
}
