/* health.c - whether the loop is well, over HTTP. */
#include "common/io/http/http.h"
#include "stream.h"
#include "stream_internal.h"

int stream_serve_health(struct stream *stream, struct http_server **ret, struct err *err)
{
	const struct common_config *config = stream->options.config;
	const struct http_options options = {
	    .listen = config->listen,
	    .admin_listen = config->admin_listen,
	    .connections_per_address = (unsigned)config->connections_per_address,
	    .ready = stream_ready,
	    .context = stream,
	};

	return http_open(ret, &options, err);
}
