/* serve.c - see serve.h. */
#include "serve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/io/http/http.h"

enum { THREADS = 2 };

struct con_serve {
	struct http_server *http;
	struct view *view;
};

static bool is_ready(void *context, char *reason, size_t size)
{
	struct con_serve *serve = context;
	struct view_state state = view_get_state(serve->view);

	if (state.is_built)
		return true;
	snprintf(reason, size, "the view is being made: %" PRId64 " records are still to be read",
		 state.behind);
	return false;
}

int con_serve_open(struct con_serve **ret, const struct con_config *config, struct view *view,
		   struct err *err)
{
	struct con_serve *serve = calloc(1, sizeof(*serve));

	if (!serve)
		abort();
	serve->view = view;
	if (http_open(
		&serve->http,
		&(struct http_options){
		    .listen = config->common.listen,
		    .admin_listen = config->common.admin_listen,
		    .connections_per_address = (unsigned)config->common.connections_per_address,
		    .context = serve,
		    .ready = is_ready,
		    .threads = THREADS,
		},
		err) < 0) {
		con_serve_close(&serve);
		return -1;
	}
	*ret = serve;
	return 0;
}

void con_serve_close(struct con_serve **serve_address)
{
	struct con_serve *serve = *serve_address;

	if (!serve)
		return;
	*serve_address = NULL;
	http_close(&serve->http);
	free(serve);
}
