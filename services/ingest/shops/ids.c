/* ids.c - ids and times as shops write them. */
#include "common/base/civil.h"
#include "shop_order.h"

const char *shop_id_of(const char *gid)
{
	const char *slash = strncmp(gid, "gid://", 6) == 0 ? strrchr(gid, '/') : NULL;
	size_t len;

	if (!slash)
		return gid;
	/* "gid://shopify/Order/1?key=..." exists as well: digits end the id. */
	len = strspn(slash + 1, "0123456789");
	return slash[1 + len] == '\0' ? slash + 1 : gid;
}

int64_t shop_time_of(const char *text)
{
	char in_utc[40];
	struct err ignored;
	int64_t ret_ms;
	size_t len = strlen(text);

	if (rfc3339_parse(slice_text(text), &ret_ms, &ignored) == 0)
		return ret_ms;
	if (len < sizeof("2017-03-22T19:28:02") - 1 || len + 2 > sizeof(in_utc))
		return SHOP_NO_TIME;
	memcpy(in_utc, text, len);
	in_utc[len] = 'Z';
	return rfc3339_parse(slice_of(in_utc, len + 1), &ret_ms, &ignored) == 0 ? ret_ms
										: SHOP_NO_TIME;
}
