/*
 * smtp_sink.h - a mail server on loopback that takes everything, for tests of
 * the pool: any number of connections, one thread each, counters.
 */
#ifndef NURTURE_TESTS_SMTP_SINK_H
#define NURTURE_TESTS_SMTP_SINK_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct sink {
	int listener;
	char url[64];
	pthread_t thread;
	atomic_int connections, mails, quits, open;
	atomic_bool silent_at_dot; /* takes the mail and says nothing */
	atomic_bool silent_at_mail;
};

struct sink_line {
	struct sink *sink;
	int fd;
};

static inline void sink_say(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		return;
}

/* One whole line or mail at the beginning of bytes: what to answer, and how long it is. */
static inline const char *sink_answer(struct sink *sink, char *bytes, size_t len, bool *in_data,
				      size_t *ret_len)
{
	const char *end = *in_data ? "\r\n.\r\n" : "\r\n";
	char *found = memmem(bytes, len, end, strlen(end));

	if (!found)
		return NULL;
	*ret_len = (size_t)(found - bytes) + strlen(end);
	if (*in_data) {
		*in_data = false;
		atomic_fetch_add(&sink->mails, 1);
		return sink->silent_at_dot ? "" : "250 2.0.0 taken\r\n";
	}
	if (memcmp(bytes, "EHLO", 4) == 0)
		return "250-sink\r\n250-PIPELINING\r\n250 SIZE 1000000\r\n";
	if (memcmp(bytes, "DATA", 4) == 0) {
		*in_data = true;
		return sink->silent_at_mail ? "" : "354 go\r\n";
	}
	if (memcmp(bytes, "QUIT", 4) == 0) {
		atomic_fetch_add(&sink->quits, 1);
		return "221 bye\r\n";
	}
	return sink->silent_at_mail ? "" : "250 ok\r\n";
}

static inline void *sink_serve(void *context)
{
	struct sink_line *line = context;
	struct sink *sink = line->sink;
	char *in = malloc(1 << 20), out[4096];
	size_t len = 0, used, out_len;
	bool in_data = false;
	const char *answer;
	ssize_t got;

	sink_say(line->fd, "220 sink\r\n");
	while ((got = recv(line->fd, in + len, (1 << 20) - len, 0)) > 0) {
		len += (size_t)got;
		out_len = 0;
		while ((answer = sink_answer(sink, in, len, &in_data, &used))) {
			memcpy(out + out_len, answer, strlen(answer) + 1);
			out_len += strlen(answer);
			len -= used;
			memmove(in, in + used, len);
		}
		if (out_len)
			sink_say(line->fd, out);
	}
	close(line->fd);
	atomic_fetch_sub(&sink->open, 1);
	free(in);
	free(line);
	return NULL;
}

static inline void *sink_listen(void *context)
{
	struct sink *sink = context;
	pthread_t thread;
	int fd;

	while ((fd = accept(sink->listener, NULL, NULL)) >= 0) {
		struct sink_line *line = malloc(sizeof(*line));

		*line = (struct sink_line){sink, fd};
		atomic_fetch_add(&sink->connections, 1);
		atomic_fetch_add(&sink->open, 1);
		pthread_create(&thread, NULL, sink_serve, line);
		pthread_detach(thread);
	}
	return NULL;
}

static inline void sink_start(struct sink *sink)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);

	memset(sink, 0, sizeof(*sink));
	sink->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(sink->listener, (struct sockaddr *)&address, len) < 0 ||
	    listen(sink->listener, 64) < 0 ||
	    getsockname(sink->listener, (struct sockaddr *)&address, &len) < 0)
		abort();
	snprintf(sink->url, sizeof(sink->url), "smtp://127.0.0.1:%u", ntohs(address.sin_port));
	pthread_create(&sink->thread, NULL, sink_listen, sink);
}

/* When the clients have closed their connections. */
static inline void sink_stop(struct sink *sink)
{
	shutdown(sink->listener, SHUT_RDWR);
	pthread_join(sink->thread, NULL);
	close(sink->listener);
	while (atomic_load(&sink->open))
		usleep(1000);
}

#endif
