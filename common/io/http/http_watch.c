/*
 * http_watch.c - the thread that ends what takes too long: deferred requests
 * past their deadline, and connections that do not bring a whole request; and
 * how many connections an address may have.  Connections are shut down, not
 * closed: the socket stays libmicrohttpd's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "common/io/process/clock.h"
#include "http_server.h"

enum {
	LOOK_EVERY_MS = 50,
	WAITING_SHARE = 2, /* one in so many of an address' connections may have no whole request */
};

/*
 * With the lock held. Half requests are what an attacker keeps open for nothing: of more of them
 * than an address may have, the one that has waited longest goes.
 */
static void shut_oldest(struct http_server *server, const struct peer *peer)
{
	unsigned most = server->options.connections_per_address / WAITING_SHARE, waiting = 0;
	struct http_connection *oldest = NULL;

	if (server->connection_count <= most)
		return;
	for (struct http_connection *c = server->connections; c; c = c->next) {
		if (c->is_shut || !c->waiting_since_ms || !peer_equal(&c->peer, peer))
			continue;
		waiting++;
		if (!oldest || c->waiting_since_ms <= oldest->waiting_since_ms)
			oldest = c;
	}
	if (waiting <= most || !oldest)
		return;
	oldest->is_shut = true;
	shutdown(oldest->fd, SHUT_RDWR);
	metric_add(server->shut_connections, 1);
}

/* Called for each new connection before it is one; MHD_NO closes it. */
enum MHD_Result http_on_accept(void *cls, const struct sockaddr *address, socklen_t len)
{
	struct http_server *server = cls;
	unsigned most = server->options.connections_per_address, count = 0;
	struct peer peer = peer_of(address);

	(void)len;
	pthread_mutex_lock(&server->lock);
	if (server->connection_count >= most)
		for (struct http_connection *c = server->connections; c; c = c->next)
			count += !c->is_shut && peer_equal(&c->peer, &peer);
	pthread_mutex_unlock(&server->lock);
	if (count < most)
		return MHD_YES;
	metric_add(server->refused_connections, 1);
	return MHD_NO;
}

static void add_connection(struct http_server *server, struct http_connection *peer)
{
	pthread_mutex_lock(&server->lock);
	peer->next = server->connections;
	if (peer->next)
		peer->next->previous = peer;
	server->connections = peer;
	server->connection_count++;
	shut_oldest(server, &peer->peer);
	pthread_mutex_unlock(&server->lock);
}

static void drop_connection(struct http_server *server, struct http_connection *peer)
{
	pthread_mutex_lock(&server->lock);
	*(peer->previous ? &peer->previous->next : &server->connections) = peer->next;
	if (peer->next)
		peer->next->previous = peer->previous;
	server->connection_count--;
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
	peer->peer = peer_of(
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
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

/* Waits until a stop is requested, or LOOK_EVERY_MS are over; true: go on. */
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
