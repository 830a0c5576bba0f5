/* redis_rights.c - see redis_rights.h.  docs/kafka-and-redis.md has the same list for people. */
#include "redis_rights.h"

#include "common/base/buf.h"

enum { NAMES_MAX = 512, SAID_MAX = 160 };

int redis_rights_read(const redisReply *reply, struct err *err)
{
	struct buf names = BUF_MAX(NAMES_MAX);

	if (reply->type != REDIS_REPLY_ARRAY || reply->elements < 2)
		return 0;
	for (size_t i = 1; i < reply->elements; i++)
		if (i == 1 || strcmp(reply->element[i]->str, reply->element[i - 1]->str) != 0)
			buf_printf(&names, " %s", reply->element[i]->str);
	err_environment(err,
			"the user's ACL lacks%.*s (docs/kafka-and-redis.md has all that is "
			"needed); Redis says: %.*s",
			SLICE_ARGS(buf_slice(&names)), SAID_MAX, reply->element[0]->str);
	buf_free(&names);
	return -1;
}
