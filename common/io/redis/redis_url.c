/* redis_url.c - see redis_url.h. */
#include "redis_url.h"

#include <string.h>

#include "common/base/text.h"

enum { PORT = 6379, DATABASE_MAX = 15 };

#define EXPECTED_URL                                                                               \
	"REDIS_URL: expected redis://[user:password@]host[:port][/database][?ca=FILE&...] "        \
	"(rediss "                                                                                 \
	"for TLS), several with commas between them, and with , @ / : of a password as %%2C %%40 " \
	"%%2F %%3A"
#define NO_OTHER                                                                                   \
	"REDIS_URL: Redis Cluster and Sentinel are not supported: give one endpoint that fails "   \
	"over "                                                                                    \
	"by itself (docs/kafka-and-redis.md)"

static int read_policy(struct slice value, struct redis_place *ret, struct err *err)
{
	if (!slice_is(value, "noeviction"))
		return err_config(err, "REDIS_URL: maxmemory_policy: expected noeviction");
	ret->is_vouched = true;
	return 0;
}

static int read_option(struct slice name, struct slice value, struct redis_place *ret,
		       struct err *err)
{
	const struct {
		const char *name;
		char *field;
		size_t size;
	} options[] = {
	    {"ca", ret->ca, sizeof(ret->ca)},
	    {"cert", ret->cert, sizeof(ret->cert)},
	    {"key", ret->key, sizeof(ret->key)},
	    {"sni", ret->name, sizeof(ret->name)},
	};
	struct err why;

	if (slice_is(name, "maxmemory_policy"))
		return read_policy(value, ret, err);
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		if (!slice_is(name, options[i].name))
			continue;
		if (url_decode(value, options[i].name, options[i].field, options[i].size, &why) < 0)
			return err_config(err, "REDIS_URL: %s", why.text);
		if (!ret->has_tls)
			return err_config(err,
					  "REDIS_URL: %s is for TLS: expected rediss:// before it",
					  options[i].name);
		return 0;
	}
	return err_config(err, "REDIS_URL: behind the '?' expected ca, cert, key, sni or "
			       "maxmemory_policy, found another name");
}

static int read_query(struct slice query, struct redis_place *ret, struct err *err)
{
	struct slice name, value;

	while (url_query_next(&query, &name, &value))
		if (read_option(name, value, ret, err) < 0)
			return -1;
	if (!ret->cert[0] != !ret->key[0])
		return err_config(err, "REDIS_URL: cert and key: expected both or none");
	return 0;
}

int redis_url_read(struct slice text, struct redis_place *ret, struct err *err)
{
	int64_t database = 0;
	struct err why;
	struct url url;

	memset(ret, 0, sizeof(*ret));
	if (text.len > 6 && memcmp(text.bytes, "redis+", 6) == 0)
		return err_config(err, NO_OTHER);
	if (url_parse(text, &url, &why) < 0)
		return err_config(err, EXPECTED_URL " (%s)", why.text);
	ret->has_tls = strcmp(url.scheme, "rediss") == 0;
	if ((!ret->has_tls && strcmp(url.scheme, "redis") != 0) ||
	    (url.has_user && !url.has_password))
		return err_config(err, EXPECTED_URL);
	if (url.path.len && text_int64(url.path, 0, DATABASE_MAX, &database, &why) < 0)
		return err_config(err, EXPECTED_URL " (expected a database of 0 to %d)",
				  DATABASE_MAX);
	memcpy(ret->host, url.host, sizeof(ret->host));
	memcpy(ret->user, url.user, sizeof(ret->user));
	memcpy(ret->password, url.password, sizeof(ret->password));
	memcpy(ret->name, url.host, sizeof(ret->name));
	ret->port = url.port ? url.port : PORT;
	ret->database = (int)database;
	return read_query(url.query, ret, err);
}
