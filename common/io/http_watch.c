/*
 * http_watch.c - the thread that ends what takes too long: deferred requests
 * past their deadline, and connections that do not bring a whole request.
 * The latter are shut down, not closed: the socket stays libmicrohttpd's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "clock.h"
#include "http_server.h"

enum { LOOK_EVERY_MS = 50 };

static void add_connection(struct http_server *server, struct http_connection *peer)
{
	pthread_mutex_lock(&server->lock);
	peer->next = server->connections;
	if (peer->next)
		peer->next->previous = peer;
	server->connections = peer;
	pthread_mutex_unlock(&server->lock);
}

static void drop_connection(struct http_server *server, struct http_connection *peer)
{
	pthread_mutex_lock(&server->lock);
	*(peer->previous ? &peer->previous->next : &server->connections) = peer->next;
	if (peer->next)
		peer->next->previous = peer->previous;
	pthread_mutex_unlock(&server->lock);
	free(peer);
}

/* libmicrohttpd says CLOSED before it closes the socket, so fd is good while listed. */
void http_on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
			enum MHD_ConnectionNotificationCode what)
{
	struct http_connection *peer = *socket_context;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		drop_connection(cls, peer);
		*socket_context = NULL;
		return;
	}
	peer = calloc(1, sizeof(*peer));
	if (!peer)
		abort();
	peer->fd =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	atomic_init(&peer->waiting_since_ms, clock_monotonic_ms());
	*socket_context = peer;
	add_connection(cls, peer);
}

static void shut_slow(struct http_server *server, int64_t now_ms)
{
	pthread_mutex_lock(&server->lock);
	for (struct http_connection *c = server->connections; c; c = c->next) {
		int64_t since_ms = c->waiting_since_ms;

		if (since_ms && now_ms - since_ms >= RECEIVE_MS)
			shutdown(c->fd, SHUT_RDWR);
	}
	pthread_mutex_unlock(&server->lock);
}

/* Until a stop is asked for, or LOOK_EVERY_MS are over; true: go on. */
static bool wait_a_little(struct http_server *server)
{
	struct timespec until;
	bool go_on;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LOOK_EVERY_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	pthread_mutex_lock(&server->lock);
	while (!server->stop_watcher &&
	       pthread_cond_timedwait(&server->changed, &server->lock, &until) != ETIMEDOUT)
		;
	go_on = !server->stop_watcher;
	pthread_mutex_unlock(&server->lock);
	return go_on;
}

static void *watch(void *argument)
{
	struct http_server *server = argument;
	int64_t looked_ms = 0, now_ms;

	while (wait_a_little(server)) {
		now_ms = clock_monotonic_ms();
		http_expire(server, now_ms, "no answer in time");
		if (now_ms - looked_ms >= 1000) {
			shut_slow(server, now_ms);
			looked_ms = now_ms;
		}
	}
	return NULL;
}

int http_watch_start(struct http_server *server, struct err *err)
{
	pthread_condattr_t monotonic;
	int r;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&server->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&server->lock, NULL);
	r = pthread_create(&server->watcher, NULL, watch, server);
	if (r != 0) {
		pthread_mutex_destroy(&server->lock);
		pthread_cond_destroy(&server->changed);
		return err_environment(err, "http: cannot start a thread: %s", strerror(r));
	}
	return 0;
}

void http_watch_stop(struct http_server *server)
{
	pthread_mutex_lock(&server->lock);
	server->stop_watcher = true;
	pthread_cond_signal(&server->changed);
	pthread_mutex_unlock(&server->lock);
	pthread_join(server->watcher, NULL);
}
