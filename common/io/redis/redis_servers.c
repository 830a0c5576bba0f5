/* redis_servers.c - see redis_servers.h. */
#include "redis_servers.h"

#include <stdlib.h>

#include "redis_tls.h"

int redis_servers_read(struct redis_servers *ret, const char *urls, const char *const *scripts,
		       unsigned script_count, struct err *err)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t len; *urls; urls += len + (urls[len] == ',')) {
		struct redis *redis = &ret->list[ret->count];

		if (ret->count == REDIS_SERVERS_MAX)
			return err_config(err, "REDIS_URL: more than %d servers",
					  REDIS_SERVERS_MAX);
		len = strcspn(urls, ",");
		if (redis_url_read(slice_of(urls, len), &redis->place, err) < 0)
			return -1;
		redis->scripts = scripts;
		redis->script_count = script_count;
		ret->count++;
	}
	return ret->count > 0 ? 0 : err_config(err, "REDIS_URL: no server given");
}

int redis_check_urls(const char *urls, struct err *err)
{
	struct redis_servers *servers = malloc(sizeof(*servers));
	int r;

	if (!servers)
		abort();
	r = redis_servers_read(servers, urls, NULL, 0, err);
	for (unsigned i = 0; r == 0 && i < servers->count; i++)
		r = redis_tls_check(&servers->list[i].place, err);
	free(servers);
	return r;
}

void redis_servers_close(struct redis_servers *servers)
{
	for (unsigned i = 0; i < servers->count; i++)
		redis_close(&servers->list[i]);
}
