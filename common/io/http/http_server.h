/*
 * http_server.h - what the http*.c files share; nobody else includes it.
 *
 * Threads: libmicrohttpd's own (they run on_request and the handlers), one
 * watcher (deadlines, connections that are too slow), and whoever answers.
 * Locks: a request's, then the server's; never the other way round.
 */
#ifndef NURTURE_IO_HTTP_HTTP_SERVER_H
#define NURTURE_IO_HTTP_HTTP_SERVER_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "common/base/buf.h"
#include "http.h"
#include "http_counts.h"
#include "http_framing.h"
#include "common/io/process/metrics.h"
#include "peer.h"

enum {
	IDLE_S = 30,                  /* nothing moved on the connection */
	RECEIVE_MS = 60 * 1000,       /* no whole request on it */
	DRAIN_MAX_BYTES = 4 << 20,    /* of a body that is refused, so that its sender reads why */
	BODIES_MAX_BYTES = 256 << 20, /* of all requests together */
};

struct http_connection {
	struct http_connection *next, *previous; /* server->lock */
	struct peer peer;
	bool is_shut; /* server->lock: told to go, and not counted any more */
	int fd;
	_Atomic int64_t waiting_since_ms; /* 0: a request is being worked on */
};

struct http_server {
	struct MHD_Daemon *daemon;
	struct http_options options;
	unsigned short port;
	int listen_fd;
	struct http_server *admin; /* has the built-in pages; NULL: this one has them */
	_Atomic bool closing;
	_Atomic int64_t active;     /* requests begun and not completed */
	_Atomic int64_t body_bytes; /* held by all requests */
	struct http_counts counts;
	struct metric *refused_connections, *shut_connections; /* of an address that has too many */

	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t watcher;
	bool stop_watcher;                   /* lock */
	struct http_request *first, *last;   /* lock: deferred, the oldest first */
	struct http_connection *connections; /* lock: the newest first */
	unsigned connection_count;           /* lock */
};

struct http_request {
	struct http_server *server;
	struct MHD_Connection *connection;
	struct http_connection *peer;
	const struct http_route *route; /* NULL: answered already */
	const char *path;
	struct http_framing framing;
	struct buf body;
	size_t thrown_away_bytes;
	bool handled; /* the handler was called */
	bool is_head;
	char id[129]; /* of X-Request-Id; "" without */

	pthread_mutex_t lock;
	_Atomic unsigned holders; /* libmicrohttpd, whoever deferred it, the watcher for a moment */
	bool deferred, answered, suspended;   /* lock */
	struct MHD_Response *response;        /* lock */
	int status;                           /* lock */
	struct http_request *next, *previous; /* server->lock */
	struct http_request *next_in_burst;   /* the thread's that answers */
	bool listed;                          /* server->lock */
	int64_t deadline_ms;
	_Alignas(max_align_t) char room[HTTP_ROOM_BYTES]; /* http_room() */
};

/* http_request.c: libmicrohttpd calls these. */
enum MHD_Result http_on_request(void *cls, struct MHD_Connection *connection, const char *url,
				const char *method, const char *version, const char *upload,
				size_t *upload_bytes, void **request);
void http_on_completed(void *cls, struct MHD_Connection *connection, void **request,
		       enum MHD_RequestTerminationCode why);

/* http_answer.c */
struct http_request *http_request_new(struct http_server *server, struct MHD_Connection *connection,
				      const char *path);
void http_request_release(struct http_request *request);
/* After the handler: true when the answer is there, false when the request sleeps until it is. */
bool http_settle(struct http_request *request);
/* Answers 503 to every deferred request that was due by now_ms. */
void http_expire(struct http_server *server, int64_t now_ms, const char *why);

/* http_watch.c */
enum MHD_Result http_on_accept(void *cls, const struct sockaddr *address, socklen_t len);
void http_on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
			enum MHD_ConnectionNotificationCode what);
int http_watch_start(struct http_server *server, struct err *err);
void http_watch_stop(struct http_server *server);

/* http_builtin.c: the route, or NULL with the methods of the path ("": there is no such path). */
const struct http_route *http_find_route(const struct http_server *server, const char *method,
					 const char *path, char *ret_allow, size_t size);

#endif
