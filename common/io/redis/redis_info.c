/* redis_info.c - see redis_info.h. */
#include "redis_info.h"

struct slice redis_info_field(const redisReply *info, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = info->str; line && *line; line += strspn(line, "\r\n")) {
		size_t line_len = strcspn(line, "\r\n");

		if (line_len > len && line[len] == ':' && memcmp(line, name, len) == 0)
			return slice_of(line + len + 1, line_len - len - 1);
		line += line_len;
	}
	return slice_text("");
}
