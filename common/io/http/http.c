/*
 * http.c - opening and closing the server, and reading a request; see http.h.
 *
 * poll, not epoll: libmicrohttpd's epoll loop sleeps when exactly a multiple
 * of 128 connections are ready at once.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "common/io/process/clock.h"
#include "http_listen.h"
#include "http_server.h"

enum {
	DEADLINE_MS = 10 * 1000,
	CONNECTIONS_MAX = 8192,
	SPARE_FILES = 64, /* for Kafka, Redis and what else the service has open */
	/*
	 * For the headers of a request and a piece of its body. libmicrohttpd clears it after each
	 * request, all of it: a larger one costs every request.
	 */
	MEMORY_PER_CONNECTION_BYTES = 16 * 1024,
	CLOSE_MS = 3000, /* to let clients read their last answer */
};

/* The same under its new name; the old one warns. */
#if MHD_VERSION >= 0x01000000
#define STRICT_OPTION MHD_OPTION_CLIENT_DISCIPLINE_LVL
#else
#define STRICT_OPTION MHD_OPTION_STRICT_FOR_CLIENT
#endif

static unsigned connection_limit(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur == RLIM_INFINITY ||
	    files.rlim_cur >= CONNECTIONS_MAX + SPARE_FILES)
		return CONNECTIONS_MAX;
	return files.rlim_cur > 2 * SPARE_FILES ? (unsigned)files.rlim_cur - SPARE_FILES
						: SPARE_FILES;
}

static void register_metrics(struct http_server *server)
{
	http_counts_register(&server->counts, server->options.routes);
	server->refused_connections =
	    metric_counter("nurture_http_connections_ended_total", "why=\"too_many\"",
			   "Connections ended because their address has too many.");
	server->shut_connections =
	    metric_counter("nurture_http_connections_ended_total", "why=\"half_requests\"",
			   "Connections ended because their address has too many.");
}

static int start(struct http_server *server, struct err *err)
{
	unsigned threads = server->options.threads, limit = connection_limit();
	struct MHD_OptionItem pool[] = {
	    {threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, threads, NULL},
	    {MHD_OPTION_END, 0, NULL},
	};

	server->daemon = MHD_start_daemon(
	    MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, http_on_accept, server,
	    http_on_request, server, MHD_OPTION_LISTEN_SOCKET, server->listen_fd,
	    MHD_OPTION_CONNECTION_LIMIT, limit > threads ? limit : threads,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)MEMORY_PER_CONNECTION_BYTES, STRICT_OPTION, 1, MHD_OPTION_NOTIFY_COMPLETED,
	    http_on_completed, server, MHD_OPTION_NOTIFY_CONNECTION, http_on_connection, server,
	    MHD_OPTION_ARRAY, pool, MHD_OPTION_END);
	if (!server->daemon)
		return err_environment(err, "http: cannot start the server: %s", strerror(errno));
	return 0;
}

static void set_options(struct http_server *server, const struct http_options *options)
{
	server->options = *options;
	if (server->options.threads == 0)
		server->options.threads = 1;
	if (server->options.deadline_ms == 0)
		server->options.deadline_ms = DEADLINE_MS;
	if (server->options.connections_per_address == 0)
		server->options.connections_per_address = PEER_CONNECTIONS_DEFAULT;
}

/* The pages that are built in, on a listener of their own. */
static int open_admin(struct http_server *server, struct err *err)
{
	struct http_options options = server->options;

	if (!options.admin_listen || !options.admin_listen[0])
		return 0;
	options.setting = "NURTURE_ADMIN_LISTEN";
	options.listen = options.admin_listen;
	options.admin_listen = NULL;
	options.routes = NULL;
	options.threads = 1;
	return http_open(&server->admin, &options, err);
}

int http_open(struct http_server **ret, const struct http_options *options, struct err *err)
{
	struct http_server *server = calloc(1, sizeof(*server));

	if (!server)
		abort();
	set_options(server, options);
	register_metrics(server);
	if (open_admin(server, err) < 0)
		goto out;
	if (http_listen(options->listen, &server->listen_fd, &server->port, err) < 0) {
		err_prefix(err, "%s", options->setting ? options->setting : "NURTURE_LISTEN");
		goto out;
	}
	if (http_watch_start(server, err) < 0) {
		close(server->listen_fd);
		goto out;
	}
	if (start(server, err) < 0) {
		http_watch_stop(server);
		close(server->listen_fd);
		goto out;
	}
	*ret = server;
	return 0;
out:
	http_close(&server->admin);
	free(server);
	return -1;
}

unsigned short http_port(const struct http_server *server)
{
	return server->port;
}

unsigned short http_admin_port(const struct http_server *server)
{
	return server->admin ? server->admin->port : 0;
}

/* Nothing may be suspended when libmicrohttpd stops; answers should have been read. */
static void drain(struct http_server *server)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	int64_t until_ms = clock_monotonic_ms() + CLOSE_MS;

	do {
		http_expire(server, INT64_MAX, "this instance is stopping");
		nanosleep(&pause, NULL);
	} while (server->active > 0 && clock_monotonic_ms() < until_ms);
	http_expire(server, INT64_MAX, "this instance is stopping");
}

void http_close(struct http_server **server_address)
{
	struct http_server *server = *server_address;

	if (!server)
		return;
	*server_address = NULL;
	pthread_mutex_lock(&server->lock);
	server->closing = true;
	pthread_mutex_unlock(&server->lock);
	if (MHD_quiesce_daemon(server->daemon) != MHD_INVALID_SOCKET)
		close(server->listen_fd);
	drain(server);
	MHD_stop_daemon(server->daemon);
	http_watch_stop(server);
	pthread_mutex_destroy(&server->lock);
	pthread_cond_destroy(&server->changed);
	http_close(
	    &server->admin); /* this comes last: until now it has served /readyz and /metrics */
	free(server);
}

struct slice http_body(const struct http_request *request)
{
	return buf_slice(&request->body);
}

const struct peer *http_peer(const struct http_request *request)
{
	return &request->peer->peer;
}

const char *http_path(const struct http_request *request)
{
	return request->path;
}

bool http_is_head(const struct http_request *request)
{
	return request->is_head;
}

const char *http_header(const struct http_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

struct visitor {
	void (*visit)(void *context, struct slice name, struct slice value);
	void *context;
};

static enum MHD_Result visit_header(void *cls, enum MHD_ValueKind kind, const char *name,
				    size_t name_len, const char *value, size_t value_len)
{
	struct visitor *visitor = cls;

	(void)kind;
	visitor->visit(visitor->context, slice_of(name, name_len),
		       slice_of(value ? value : "", value_len));
	return MHD_YES;
}

void http_each_header(const struct http_request *request,
		      void (*visit)(void *context, struct slice name, struct slice value),
		      void *context)
{
	struct visitor visitor = {visit, context};

	MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, visit_header, &visitor);
}

void *http_room(struct http_request *request)
{
	return request->room;
}

const char *http_query(const struct http_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}
