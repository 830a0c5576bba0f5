/* http_client.h - a client of raw sockets for the HTTP server's tests; include behind cmocka.h. */
#ifndef NURTURE_TESTS_HTTP_CLIENT_H
#define NURTURE_TESTS_HTTP_CLIENT_H

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/io/http/http.h"

#define H "Host: a\r\n"

/* The rest of a request that must not be taken for one of its own. */
#define SMUGGLED "POST /echo HTTP/1.1\r\n" H "Content-Length: 8\r\n\r\nsmuggled"

enum {
	QUIET_MS = 150,     /* then an answer is thought to be over */
	PATIENCE_MS = 10000 /* until an answer that must come is given up */
};

static inline int dial(const struct http_server *server)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(http_port(server))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct timeval patience = {.tv_sec = 10};

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

static inline void say(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

/* One read of what comes within wait_ms, behind the len bytes that are there: is the end reached? */
static inline bool listen_once(int fd, char *answer, size_t size, size_t *len, int wait_ms)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	ssize_t n;

	if (poll(&wait, 1, wait_ms) <= 0)
		return false;
	n = recv(fd, answer + *len, size - 1 - *len, 0);
	*len += n > 0 ? (size_t)n : 0;
	answer[*len] = '\0';
	return n <= 0;
}

/* All that comes until the server closes, or (wait_ms) nothing more comes. */
static inline bool listen_for(int fd, char *answer, size_t size, int wait_ms)
{
	size_t len = 0, before;
	bool closed;

	answer[0] = '\0';
	do {
		before = len;
		closed = listen_once(fd, answer, size, &len, wait_ms);
	} while (!closed && len > before && len < size - 1);
	return closed;
}

static inline int count_of(const char *text, const char *what)
{
	int count = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		count++;
	return count;
}

struct exchange {
	const char *name, *request, *wanted;
	int answers; /* 0: any number of refusals (libmicrohttpd's own may be doubled) */
	bool closes;
};

static inline bool is_all_there(const struct exchange *e, const char *answer)
{
	return count_of(answer, "HTTP/1.1 ") >= (e->answers ? e->answers : 1) &&
	       strstr(answer, e->wanted) && !e->closes;
}

/* What must come may take its time on a busy machine; only what must not come is waited for briefly. */
static inline void check_exchange(const struct http_server *server, const struct exchange *e,
				  int quiet_ms)
{
	char answer[8192] = "";
	int fd = dial(server);
	size_t len = 0, before;
	bool closed;

	say(fd, e->request);
	do {
		before = len;
		closed = listen_once(fd, answer, sizeof(answer), &len,
				     is_all_there(e, answer) ? quiet_ms : PATIENCE_MS);
	} while (!closed && len > before && len < sizeof(answer) - 1);
	close(fd);
	if (!strstr(answer, e->wanted) || closed != e->closes ||
	    (e->answers && count_of(answer, "HTTP/1.1 ") != e->answers) ||
	    (!e->answers && strstr(answer, " 200 ")))
		fail_msg("%s: closed=%d, %d answers:\n%s", e->name, closed,
			 count_of(answer, "HTTP/1.1 "), answer);
}

#endif
