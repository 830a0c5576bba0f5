/*
 * http_load.c - publishes events over HTTP, as fast as they are taken or at a rate.
 *
 *	http_load --port P [--connections 32] [--batch 1] [--rate EVENTS_A_SECOND]
 *		  [--events N | --seconds S] [--first N] [--token T] [--log FILE]
 *
 * One thread; every connection is kept alive and has one request under way.
 * Event number n is order n of customer c<n>, who is new; with --rate it is
 * sent at its own instant, or as soon as a connection is free (lateness is in
 * the log).  A token "whsec_BASE64" is not shown, it signs.  The log has a line for each request: the number of its first
 * event, and when it was begun and answered, in microseconds of the wall
 * clock.  One line of JSON at the end; exit 1 when an answer was not 202.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>

#include "tests/bench/http_load/credential.h"
#include "tests/bench/http_load/event.h"
#include "tests/bench/http_load/options.h"

enum {
	BODY_MAX_BYTES = 1 << 20,
	ANSWER_MAX_BYTES = 1 << 18,
	STATUSES = 600,
	SECOND_US = 1000000,
	SILENCE_MS = 15000,
};

struct connection {
	int fd;
	bool is_busy;
	int64_t first, begun_us;
	struct buf in;
};

struct load {
	struct options options;
	struct connection connections[CONNECTIONS_MAX];
	struct buf body, request, scratch;
	struct credential credential;
	int epoll_fd;
	FILE *log;
	int64_t begun_us, next; /* event to be sent next, from 0 */
	unsigned busy;
	int64_t requests, statuses[STATUSES];
	uint32_t *took_us;
	size_t took_room;
};

static int64_t wall_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (int64_t)time.tv_sec * SECOND_US + time.tv_nsec / 1000;
}

static void compose(struct load *load, int64_t first, int64_t now_us)
{
	const struct options *options = &load->options;

	buf_reset(&load->body);
	buf_reset(&load->request);
	if (options->batch > 1)
		buf_char(&load->body, '[');
	for (int64_t i = 0; i < options->batch; i++) {
		if (i)
			buf_char(&load->body, ',');
		put_event(&load->body, first + i, now_us);
	}
	if (options->batch > 1)
		buf_char(&load->body, ']');
	buf_printf(
	    &load->request,
	    "POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\n",
	    load->body.len);
	put_credential(&load->request, &load->scratch, &load->credential, first, now_us / SECOND_US,
		       buf_slice(&load->body));
	buf_text(&load->request, "\r\n");
	buf_add(&load->request, load->body.bytes, load->body.len);
}

static int begin(struct load *load, struct connection *connection, struct err *err)
{
	const char *at;
	size_t left;

	connection->first = load->options.first + load->next;
	connection->begun_us = wall_us();
	compose(load, connection->first, connection->begun_us);
	at = load->request.bytes;
	for (left = load->request.len; left;) {
		ssize_t n = send(connection->fd, at, left, MSG_NOSIGNAL);

		if (n <= 0)
			return err_environment(err, "send: %s", strerror(errno));
		at += n;
		left -= (size_t)n;
	}
	load->next += load->options.batch;
	connection->is_busy = true;
	load->busy++;
	return 0;
}

static bool is_over(const struct load *load)
{
	const struct options *options = &load->options;

	return (options->events && load->next >= options->events) ||
	       (options->seconds && wall_us() - load->begun_us >= options->seconds * SECOND_US);
}

/* When the next request is to be sent. */
static int64_t turn_us(const struct load *load)
{
	return load->options.rate ? load->begun_us + load->next * SECOND_US / load->options.rate
				  : 0;
}

static int begin_all(struct load *load, struct err *err)
{
	for (int64_t i = 0; i < load->options.connections; i++) {
		if (load->connections[i].is_busy)
			continue;
		if (is_over(load) || turn_us(load) > wall_us())
			return 0;
		if (begin(load, &load->connections[i], err) < 0)
			return -1;
	}
	return 0;
}

static void finish(struct load *load, struct connection *connection, int status)
{
	int64_t now_us = wall_us();

	if ((size_t)load->requests == load->took_room) {
		load->took_room = load->took_room ? 2 * load->took_room : 1 << 16;
		load->took_us = realloc(load->took_us, load->took_room * sizeof(*load->took_us));
		if (!load->took_us)
			abort();
	}
	load->took_us[load->requests++] = (uint32_t)(now_us - connection->begun_us);
	load->statuses[status]++;
	if (load->log)
		fprintf(load->log, "%lld %lld %lld\n", (long long)connection->first,
			(long long)connection->begun_us, (long long)now_us);
	buf_reset(&connection->in);
	connection->is_busy = false;
	load->busy--;
}

/* The status when the whole answer is there, 0 when not yet, -1 when it is none. */
static int answer_status(struct buf *in, struct err *err)
{
	static const char length_field[] = "content-length:";
	const char *end = in->len ? strstr(in->bytes, "\r\n\r\n") : NULL, *length;
	int status;

	if (!end)
		return 0;
	length = strcasestr(in->bytes, length_field);
	if (sscanf(in->bytes, "HTTP/1.1 %3d", &status) != 1 || status < 100 || status >= STATUSES ||
	    !length || length > end)
		return err_set(err, "expected an HTTP/1.1 answer with a Content-Length");
	length += sizeof(length_field) - 1;
	return in->len >= (size_t)(end + 4 - in->bytes) + strtoul(length, NULL, 10) ? status : 0;
}

static int receive(struct load *load, struct connection *connection, struct err *err)
{
	char bytes[16384];
	ssize_t n = recv(connection->fd, bytes, sizeof(bytes), 0);
	int status;

	if (n <= 0)
		return err_environment(err, "the server closed a connection");
	buf_add(&connection->in, bytes, (size_t)n);
	if (buf_failed(&connection->in))
		return err_set(err, "an answer is longer than %d bytes", ANSWER_MAX_BYTES);
	status = answer_status(&connection->in, err);
	if (status > 0)
		finish(load, connection, status);
	return status < 0 ? -1 : 0;
}

static int wait_ms(const struct load *load)
{
	int64_t left_us = turn_us(load) - wall_us();

	if (is_over(load) || load->busy == load->options.connections || !load->options.rate)
		return SILENCE_MS;
	/* Rounded up: waiting for 0 ms again and again would take a core from who is measured. */
	return left_us > 0 ? (int)((left_us + 999) / 1000) : 0;
}

static int run(struct load *load, struct err *err)
{
	struct epoll_event events[CONNECTIONS_MAX];
	int r = 0;

	load->begun_us = wall_us();
	while (r == 0 && (load->busy || !is_over(load))) {
		int patience_ms, count;

		r = begin_all(load, err);
		patience_ms = wait_ms(load);
		count =
		    r < 0 ? 0 : epoll_wait(load->epoll_fd, events, CONNECTIONS_MAX, patience_ms);
		if (count == 0 && patience_ms == SILENCE_MS && load->busy)
			return err_environment(err, "no answer within %d ms", SILENCE_MS);
		for (int i = 0; r == 0 && i < count; i++)
			r = receive(load, events[i].data.ptr, err);
	}
	return r;
}

static int dial(struct load *load, struct connection *connection, struct err *err)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)load->options.port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
	int on = 1;

	connection->in = BUF_MAX(ANSWER_MAX_BYTES);
	connection->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connection->fd < 0 || connect(connection->fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		return err_environment(err, "127.0.0.1:%d: %s", (int)load->options.port,
				       strerror(errno));
	setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	epoll_ctl(load->epoll_fd, EPOLL_CTL_ADD, connection->fd, &event);
	return 0;
}

static int open_all(struct load *load, struct err *err)
{
	load->body = BUF_MAX(BODY_MAX_BYTES);
	load->scratch = BUF_MAX(BODY_MAX_BYTES + 4096);
	load->request = BUF_MAX(BODY_MAX_BYTES + 4096);
	load->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	for (int64_t i = 0; i < load->options.connections; i++)
		if (dial(load, &load->connections[i], err) < 0)
			return -1;
	if (load->options.log && !(load->log = fopen(load->options.log, "w")))
		return err_environment(err, "%s: %s", load->options.log, strerror(errno));
	return 0;
}

static int compare(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void print(struct load *load)
{
	double seconds = (double)(wall_us() - load->begun_us) / SECOND_US;
	size_t count = (size_t)load->requests;
	const char *comma = "";

	qsort(load->took_us, count, sizeof(*load->took_us), compare);
	printf("{\"requests\":%zu,\"events\":%lld,\"seconds\":%.3f,\"events_a_second\":%.1f,"
	       "\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u,\"statuses\":{",
	       count, (long long)load->next, seconds, (double)load->next / seconds,
	       load->took_us[count / 2], load->took_us[count * 99 / 100], load->took_us[count - 1]);
	for (int status = 0; status < STATUSES; status++) {
		if (!load->statuses[status])
			continue;
		printf("%s\"%d\":%lld", comma, status, (long long)load->statuses[status]);
		comma = ",";
	}
	puts("}}");
}

int main(int argc, char **argv)
{
	static struct load load = {.options = {.connections = 32, .batch = 1, .token = ""}};
	struct err err;
	int r = parse(argc, argv, &load.options, &err);

	if (r == 0)
		r = credential_read(load.options.token, &load.credential, &err);
	if (r == 0)
		r = open_all(&load, &err);
	if (r == 0)
		r = run(&load, &err);
	if (r == 0 && load.log && fclose(load.log))
		r = err_environment(&err, "%s: %s", load.options.log, strerror(errno));
	if (r < 0) {
		fprintf(stderr, "http_load: %s\n", err.text);
		return err_exit_code(&err);
	}
	print(&load);
	return load.statuses[202] == load.requests ? 0 : EXIT_NO;
}
