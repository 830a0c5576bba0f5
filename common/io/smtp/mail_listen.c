/* mail_listen.c - see mail_listen.h. */
#include "mail_listen.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/io/process/clock.h"
#include "common/io/http/http_listen.h"
#include "common/io/http/peer.h"

enum { READ_BYTES = 16 * 1024, OUT_MAX_BYTES = 64 * 1024 };

struct mail_listener {
	struct mail_listener_options options;
	int fd, stop_fd; /* stop_fd is readable for good once we are stopping */
	unsigned short port;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t idle;
	unsigned active;          /* under the lock */
	struct connection *first; /* under the lock: the active ones */
};

struct connection {
	struct mail_listener *listener;
	struct connection *next; /* under the lock */
	struct peer peer;
	int fd;
};

/* Waits until the connection is ready (1), the time is up or the listener is stopping (0). */
static int wait_for(const struct connection *connection, short events, int64_t until_ms)
{
	struct pollfd fds[] = {{.fd = connection->fd, .events = events},
			       {.fd = connection->listener->stop_fd, .events = POLLIN}};

	while (true) {
		int64_t left_ms = until_ms - clock_monotonic_ms();
		int r;

		if (left_ms <= 0)
			return 0;
		r = poll(fds, 2, (int)(left_ms < 60000 ? left_ms : 60000));
		if (r < 0 && errno != EINTR)
			return 0;
		if (r > 0)
			return fds[1].revents == 0;
	}
}

static int64_t deadline(const struct connection *connection, int64_t session_until_ms)
{
	int64_t idle_until_ms = clock_monotonic_ms() + connection->listener->options.idle_ms;

	return idle_until_ms < session_until_ms ? idle_until_ms : session_until_ms;
}

static bool send_all(const struct connection *connection, struct buf *out, int64_t session_until_ms)
{
	struct slice rest = buf_slice(out);

	while (rest.len) {
		ssize_t sent = send(connection->fd, rest.bytes, rest.len, MSG_NOSIGNAL);

		if (sent > 0) {
			rest = slice_of(rest.bytes + sent, rest.len - (size_t)sent);
			continue;
		}
		if (sent < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (!wait_for(connection, POLLOUT, deadline(connection, session_until_ms)))
			return false;
	}
	buf_reset(out);
	return true;
}

static void converse(const struct connection *connection, void *talk, struct buf *out)
{
	int64_t until_ms = clock_monotonic_ms() + connection->listener->options.session_ms;
	char bytes[READ_BYTES];
	bool goes_on = true;

	while (send_all(connection, out, until_ms) && goes_on) {
		ssize_t got;

		if (!wait_for(connection, POLLIN, deadline(connection, until_ms))) {
			buf_text(out, "421 4.4.2 too slow, or we are stopping\r\n");
			goes_on = false;
			until_ms = clock_monotonic_ms() + 100;
			continue;
		}
		got = recv(connection->fd, bytes, sizeof(bytes), 0);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got <= 0)
			return;
		goes_on =
		    connection->listener->options.feed(talk, slice_of(bytes, (size_t)got), out);
	}
}

/* Notes a new connection; NULL when there are too many already, in all or from its address. */
static struct connection *enter(struct mail_listener *listener, int fd, struct peer peer)
{
	struct connection *connection = NULL;
	unsigned of_peer = 0;

	pthread_mutex_lock(&listener->lock);
	for (const struct connection *c = listener->first; c; c = c->next)
		of_peer += peer_equal(&c->peer, &peer);
	if (listener->active < listener->options.connections_max &&
	    of_peer < listener->options.connections_per_address) {
		connection = calloc(1, sizeof(*connection));
		if (!connection)
			abort();
		*connection = (struct connection){listener, listener->first, peer, fd};
		listener->first = connection;
		listener->active++;
	}
	pthread_mutex_unlock(&listener->lock);
	return connection;
}

/* Takes the connection out of the list, and frees it. */
static void leave(struct connection *connection)
{
	struct mail_listener *listener = connection->listener;
	struct connection **at = &listener->first;

	pthread_mutex_lock(&listener->lock);
	while (*at != connection)
		at = &(*at)->next;
	*at = connection->next;
	free(connection);
	if (--listener->active == 0)
		pthread_cond_signal(&listener->idle);
	pthread_mutex_unlock(&listener->lock);
}

static void *serve(void *argument)
{
	struct connection *connection = argument;
	struct mail_listener *listener = connection->listener;
	struct buf out = BUF_MAX(OUT_MAX_BYTES);
	void *talk;

	listener->options.begin(listener->options.context, &talk, &out);
	converse(connection, talk, &out);
	listener->options.end(talk);
	buf_free(&out);
	close(connection->fd);
	leave(connection);
	return NULL;
}

static bool start(struct connection *connection)
{
	pthread_attr_t detached;
	pthread_t thread;
	bool is_started;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	is_started = pthread_create(&thread, &detached, serve, connection) == 0;
	pthread_attr_destroy(&detached);
	return is_started;
}

static void take(struct mail_listener *listener, int fd, const struct sockaddr_storage *address)
{
	static const char busy[] = "421 4.3.2 too many connections, try again\r\n";
	struct connection *connection = enter(listener, fd, peer_of((const void *)address));

	if (connection) {
		if (start(connection))
			return;
		leave(connection);
	}
	if (send(fd, busy, sizeof(busy) - 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		errno = 0; /* a peer that does not read goes without an answer */
	close(fd);
}

static void *accept_all(void *argument)
{
	struct mail_listener *listener = argument;
	struct pollfd fds[] = {{.fd = listener->fd, .events = POLLIN},
			       {.fd = listener->stop_fd, .events = POLLIN}};

	while (true) {
		struct sockaddr_storage address = {0};
		socklen_t len = sizeof(address);
		int fd;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return NULL;
		if (fds[1].revents)
			return NULL;
		fd = accept4(listener->fd, (struct sockaddr *)&address, &len,
			     SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0)
			take(listener, fd, &address);
		else if (errno == EMFILE || errno == ENFILE)
			clock_sleep_ms(100);
	}
}

int mail_listener_open(struct mail_listener **ret, const struct mail_listener_options *options,
		       struct err *err)
{
	struct mail_listener *listener = calloc(1, sizeof(*listener));

	if (!listener)
		abort();
	listener->options = *options;
	pthread_mutex_init(&listener->lock, NULL);
	pthread_cond_init(&listener->idle, NULL);
	if (http_listen(options->listen, &listener->fd, &listener->port, err) < 0) {
		free(listener);
		return err_prefix(err, "%s", options->setting);
	}
	listener->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (listener->stop_fd < 0 ||
	    pthread_create(&listener->thread, NULL, accept_all, listener) != 0) {
		close(listener->fd);
		free(listener);
		return err_environment(err, "%s: no thread for it", options->setting);
	}
	*ret = listener;
	return 0;
}

unsigned short mail_listener_port(const struct mail_listener *listener)
{
	return listener->port;
}

void mail_listener_close(struct mail_listener **listener_at)
{
	struct mail_listener *listener = *listener_at;

	if (!listener)
		return;
	*listener_at = NULL;
	eventfd_write(listener->stop_fd, 1);
	pthread_join(listener->thread, NULL);
	close(listener->fd);
	pthread_mutex_lock(&listener->lock);
	while (listener->active > 0)
		pthread_cond_wait(&listener->idle, &listener->lock);
	pthread_mutex_unlock(&listener->lock);
	close(listener->stop_fd);
	pthread_mutex_destroy(&listener->lock);
	pthread_cond_destroy(&listener->idle);
	free(listener);
}
