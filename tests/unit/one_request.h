/* one_request.h - one HTTP request of a form, and its whole answer; include behind cmocka.h. */
#ifndef NURTURE_TESTS_ONE_REQUEST_H
#define NURTURE_TESTS_ONE_REQUEST_H

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/buf.h"

/* Sends one request and reads the whole answer; the caller frees. */
static inline char *ask(unsigned short port, const char *method, const char *path, const char *body)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct buf request = BUF_MAX(1 << 20), answer = BUF_MAX(1 << 20);
	char piece[4096];
	ssize_t got;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	buf_printf(
	    &request,
	    "%s %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
	    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
	    method, path, strlen(body), body);
	assert_int_equal(write(fd, request.bytes, request.len), request.len);
	while ((got = read(fd, piece, sizeof(piece))) > 0)
		buf_add(&answer, piece, (size_t)got);
	close(fd);
	buf_free(&request);
	assert_non_null(answer.bytes);
	return answer.bytes;
}

#endif
