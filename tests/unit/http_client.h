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

enum { QUIET_MS = 150 /* then an answer is thought to be over */ };

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

/* All that comes until the server closes, or (wait_ms) nothing more comes. */
static inline bool listen_for(int fd, char *answer, size_t size, int wait_ms)
{
	size_t len = 0;
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	ssize_t n = 1;

	while (len < size - 1 && poll(&wait, 1, wait_ms) > 0) {
		n = recv(fd, answer + len, size - 1 - len, 0);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	answer[len] = '\0';
	return n <= 0;
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

static inline void check_exchange(const struct http_server *server, const struct exchange *e,
				  int quiet_ms)
{
	char answer[8192];
	int fd = dial(server);
	bool closed;

	say(fd, e->request);
	closed = listen_for(fd, answer, sizeof(answer), quiet_ms);
	close(fd);
	if (!strstr(answer, e->wanted) || closed != e->closes ||
	    (e->answers && count_of(answer, "HTTP/1.1 ") != e->answers) ||
	    (!e->answers && strstr(answer, " 200 ")))
		fail_msg("%s: closed=%d, %d answers:\n%s", e->name, closed,
			 count_of(answer, "HTTP/1.1 "), answer);
}

#endif
