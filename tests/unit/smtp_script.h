/*
 * smtp_script.h - a mail server that plays a script on loopback, for tests.
 *
 * A script is a list of texts, ended by NULL; the first byte says what to do:
 *	>text	say it (with CRLF)       !text	say it as it is
 *	<text	expect a line that begins with text
 *	.	read a mail up to its final dot (kept in `mail`)
 *	x	close and wait for the next connection
 *	h	say nothing until the client has gone, then as x
 *	e	expect that the client goes, without a further byte
 */
#ifndef NURTURE_TESTS_SMTP_SCRIPT_H
#define NURTURE_TESTS_SMTP_SCRIPT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct smtp_script {
	const char *const *steps;
	int listener;
	unsigned short port;
	char url[64];
	pthread_t thread;
	int connections;
	char in[1 << 16];
	size_t in_len;
	char mail[1 << 16]; /* the last one, as it came */
	char failure[400];  /* what was expected and not found; "" when all went by the script */
};

static inline int script_accept(struct smtp_script *s)
{
	int fd = accept(s->listener, NULL, NULL);

	s->in_len = 0;
	s->connections++;
	return fd;
}

/* At least one more byte; 0 at the end. */
static inline int script_fill(struct smtp_script *s, int fd)
{
	ssize_t got = recv(fd, s->in + s->in_len, sizeof(s->in) - 1 - s->in_len, 0);

	if (got <= 0)
		return 0;
	s->in_len += (size_t)got;
	return 1;
}

/* Takes the bytes up to and with end into ret; 0 when they do not come. */
static inline int script_take(struct smtp_script *s, int fd, const char *end, char *ret,
			      size_t size)
{
	char *found;

	s->in[s->in_len] = '\0';
	while (!(found = memmem(s->in, s->in_len, end, strlen(end))))
		if (!script_fill(s, fd))
			return 0;
	found += strlen(end);
	snprintf(ret, size, "%.*s", (int)(found - s->in), s->in);
	s->in_len -= (size_t)(found - s->in);
	memmove(s->in, found, s->in_len);
	return 1;
}

static inline void script_say(int fd, const char *text, const char *end)
{
	char line[20000];
	int len = snprintf(line, sizeof(line), "%s%s", text, end);

	if (send(fd, line, (size_t)len, MSG_NOSIGNAL) < 0)
		return;
}

static inline void script_play_step(struct smtp_script *s, const char *step, int *fd)
{
	char line[2000] = "";

	switch (step[0]) {
	case '>':
		script_say(*fd, step + 1, "\r\n");
		return;
	case '!':
		script_say(*fd, step + 1, "");
		return;
	case '<':
		if (!script_take(s, *fd, "\r\n", line, sizeof(line)) ||
		    strncmp(line, step + 1, strlen(step + 1)) != 0)
			snprintf(s->failure, sizeof(s->failure),
				 "expected \"%.100s\", found "
				 "\"%.200s\"",
				 step + 1, line);
		return;
	case '.':
		if (!script_take(s, *fd, "\r\n.\r\n", s->mail, sizeof(s->mail)))
			snprintf(s->failure, sizeof(s->failure), "expected a mail");
		return;
	case 'e':
		if (s->in_len || script_fill(s, *fd))
			snprintf(s->failure, sizeof(s->failure),
				 "expected the end, found \"%.200s\"", s->in);
		return;
	case 'h':
		while (script_fill(s, *fd))
			s->in_len = 0;
		close(*fd);
		*fd = script_accept(s);
		return;
	case 'x':
		close(*fd);
		*fd = script_accept(s);
		return;
	default:
		abort();
	}
}

static inline void *script_run(void *context)
{
	struct smtp_script *s = context;
	int fd = script_accept(s);

	for (const char *const *step = s->steps; *step && !s->failure[0]; step++)
		script_play_step(s, *step, &fd);
	if (fd >= 0)
		close(fd);
	return NULL;
}

static inline void script_start(struct smtp_script *s, const char *const *steps)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);

	memset(s, 0, sizeof(*s));
	s->steps = steps;
	s->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(s->listener, (struct sockaddr *)&address, len) < 0 || listen(s->listener, 8) < 0 ||
	    getsockname(s->listener, (struct sockaddr *)&address, &len) < 0)
		abort();
	s->port = ntohs(address.sin_port);
	snprintf(s->url, sizeof(s->url), "smtp://127.0.0.1:%u", s->port);
	pthread_create(&s->thread, NULL, script_run, s);
}

/* Ends it also while it waits for a connection that does not come. */
static inline void script_stop(struct smtp_script *s)
{
	shutdown(s->listener, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->listener);
}

#endif
