/*
 * NAME      mail_catcher - takes every mail and keeps it where tests and people can see it
 * LISTENS   SMTP (--smtp), and HTTP for a browser and for /count (--http)
 * WRITES    DIR/mails.mbox and DIR/index.jsonl, both before the 250 is said
 * FAILURE   wrong options: exit 100.  No port, full disk: exit 111.
 * SIGNALS   SIGTERM, SIGINT: stop at once; what was answered 250 is in the files
 *
 * One thread and one epoll for SMTP.  The replies of a turn leave after one
 * write per file for all mails of the turn, so many small mails are cheap.
 */
#include <sys/epoll.h>

#include "common/io/process/clock.h"
#include "common/io/process/stop.h"
#include "tests/tools/mail_catcher/options.h"
#include "tests/tools/mail_catcher/page.h"

enum { CONNECTIONS_MAX = 1000, EVENTS_MAX = 128 };

struct connection {
	struct connection *next;
	struct session session;
	int fd;
	uint32_t watched;
	bool ended; /* the client has no more to say */
	bool gone;
};

struct catcher {
	struct smtp_rules rules;
	struct store store;
	int epoll_fd, listen_fd;
	struct connection *connections;
	unsigned connection_count;
};

static void watch(struct catcher *c, struct connection *connection, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = connection};

	/* No events at all are something to watch for, too: a MOD leads to them and away from
	 * them. */
	if (connection->watched != events)
		epoll_ctl(c->epoll_fd, EPOLL_CTL_MOD, connection->fd, &event);
	connection->watched = events;
}

static void admit(struct catcher *c, int fd)
{
	static const char full[] = "421 4.3.2 too many connections\r\n";
	struct epoll_event event = {.events = 0};
	struct connection *connection;

	if (c->connection_count == CONNECTIONS_MAX) {
		send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL);
		close(fd);
		return;
	}
	connection = calloc(1, sizeof(*connection));
	if (!connection)
		abort();
	connection->fd = fd;
	connection->next = c->connections;
	session_open(&connection->session);
	c->connections = connection;
	c->connection_count++;
	event.data.ptr = connection;
	epoll_ctl(c->epoll_fd, EPOLL_CTL_ADD, fd, &event);
	watch(c, connection, EPOLLIN);
}

static void admit_all(struct catcher *c)
{
	int fd;

	while ((fd = accept4(c->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
		admit(c, fd);
}

static void receive(struct connection *connection)
{
	char bytes[SMTP_LINE_BYTES];
	ssize_t n = recv(connection->fd, bytes, sizeof(bytes), 0);

	if (n > 0)
		buf_add(&connection->session.in, bytes, (size_t)n);
	else if (n == 0)
		connection->ended = true;
	else if (errno != EAGAIN && errno != EINTR)
		connection->gone = true;
}

static void flush(struct catcher *c, struct connection *connection)
{
	struct session *s = &connection->session;
	bool held = s->resume_ms != 0;

	if (s->out.len) {
		ssize_t n = send(connection->fd, s->out.bytes, s->out.len, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			connection->gone = true;
		if (n > 0) {
			memmove(s->out.bytes, s->out.bytes + n, s->out.len - (size_t)n);
			s->out.len -= (size_t)n;
		}
	}
	if (buf_failed(&s->out) ||
	    (s->out.len == 0 && (s->state == SMTP_CLOSING || (connection->ended && !held))))
		connection->gone = true;
	if (!connection->gone)
		watch(c, connection,
		      s->out.len                  ? EPOLLOUT
		      : held || connection->ended ? 0
						  : EPOLLIN);
}

/* How long epoll may sleep: until the first answer that is held back is due. */
static int sleep_ms(const struct catcher *c, int64_t now_ms)
{
	int64_t ret_ms = -1;

	if (!c->rules.slow_ms)
		return -1;
	for (const struct connection *at = c->connections; at; at = at->next) {
		int64_t left_ms =
		    at->session.resume_ms > now_ms ? at->session.resume_ms - now_ms : 0;

		if (at->session.resume_ms && (ret_ms < 0 || left_ms < ret_ms))
			ret_ms = left_ms;
	}
	return (int)ret_ms;
}

static void resume(struct catcher *c, int64_t now_ms)
{
	for (struct connection *at = c->connections; at; at = at->next) {
		struct session *s = &at->session;

		if (!s->resume_ms || s->resume_ms > now_ms)
			continue;
		s->resume_ms = 0;
		say(s, s->held);
		session_work(s, &c->rules, &c->store, now_ms);
	}
}

static void sweep(struct catcher *c)
{
	for (struct connection **link = &c->connections; *link;) {
		struct connection *connection = *link;

		flush(c, connection);
		if (!connection->gone) {
			link = &connection->next;
			continue;
		}
		*link = connection->next;
		c->connection_count--;
		close(connection->fd);
		session_close(&connection->session);
		free(connection);
	}
}

static void on_event(struct catcher *c, const struct epoll_event *event, int64_t now_ms)
{
	struct connection *connection = event->data.ptr;

	if (!connection) /* the socket that listens; the stop is seen by main */
		admit_all(c);
	else if (event->events & (EPOLLERR | EPOLLHUP))
		connection->gone = true;
	else if (event->events & EPOLLIN)
		receive(connection);
	if (connection && !connection->gone)
		session_work(&connection->session, &c->rules, &c->store, now_ms);
}

/* One turn: read and decide, write the files, answer. */
static int turn(struct catcher *c, struct err *err)
{
	struct epoll_event events[EVENTS_MAX];
	int count = epoll_wait(c->epoll_fd, events, EVENTS_MAX, sleep_ms(c, clock_wall_ms()));
	int64_t now_ms = clock_wall_ms();

	if (count < 0 && errno != EINTR)
		return err_environment(err, "epoll: %s", strerror(errno));
	for (int i = 0; i < count; i++)
		on_event(c, &events[i], now_ms);
	if (c->rules.slow_ms)
		resume(c, now_ms);
	if (store_flush(&c->store, err) < 0)
		return -1;
	sweep(c);
	return 0;
}

static int serve(struct catcher *c, const struct options *options, struct err *err)
{
	const struct http_options http = {.setting = "--http",
					  .listen = options->http,
					  .routes = page_routes,
					  .context = &c->store};
	struct epoll_event event = {.events = EPOLLIN};
	struct http_server *server = NULL;
	int r;

	if ((c->listen_fd = listen_at(options->smtp, err)) < 0 ||
	    http_open(&server, &http, err) < 0)
		return -1;
	c->rules = options->rules;
	c->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	epoll_ctl(c->epoll_fd, EPOLL_CTL_ADD, c->listen_fd, &event);
	epoll_ctl(c->epoll_fd, EPOLL_CTL_ADD, stop_fd(), &event);
	printf("smtp=%.*s:%u http=%u\n", (int)(strrchr(options->smtp, ':') - options->smtp),
	       options->smtp, port_of(c->listen_fd), http_port(server));
	fflush(stdout);
	do
		r = turn(c, err);
	while (r == 0 && !stop_requested());
	http_close(&server);
	for (struct connection *at = c->connections; at; at = at->next)
		at->gone = true;
	sweep(c);
	close(c->epoll_fd);
	close(c->listen_fd);
	return r;
}

int main(int argc, char **argv)
{
	struct catcher catcher = {0};
	struct options options;
	struct err err;
	int r = options_read(argc, argv, &options, &err);

	if (r == 0)
		return EXIT_SUCCESS;
	stop_on_signals();
	if (r > 0)
		r = store_open(&catcher.store, options.dir, &err);
	if (r == 0) {
		r = serve(&catcher, &options, &err);
		store_close(&catcher.store);
	}
	if (r == 0)
		return EXIT_SUCCESS;
	fprintf(stderr, "mail_catcher: %s\n", err.text);
	return err_exit_code(&err);
}
