/*
 * redis_fake.h - a Redis on loopback that takes so many scripts and then goes away, for tests of
 * what is lost half-way.
 */
#ifndef NURTURE_TESTS_REDIS_FAKE_H
#define NURTURE_TESTS_REDIS_FAKE_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct redis_fake {
	int listener;
	char url[64];
	pthread_t thread;
	int lives; /* scripts that it still answers with 1 */
	atomic_int scripts, connections;
	char in[1 << 18]; /* bytes read of the connection: two of them run at once in a test */
};

/* The length of the first whole command (RESP2), with its name and, of a script, the number of
 * its keys; 0: not there yet. */
static inline size_t fake_command(const char *in, size_t len, char word[16], long *ret_keys)
{
	const char *at = in, *end = in + len;
	char *next;
	long words;

	if (!memchr(at, '\n', len))
		return 0;
	words = strtol(at + 1, &next, 10);
	at = next + 2;
	for (long i = 0; i < words; i++) {
		long size;

		if (at >= end || !memchr(at, '\n', (size_t)(end - at)))
			return 0;
		size = strtol(at + 1, &next, 10);
		at = next + 2;
		if (end - at < size + 2)
			return 0;
		if (i == 0)
			snprintf(word, 16, "%.*s", (int)size, at);
		if (i == 2)
			*ret_keys = strtol(at, NULL, 10);
		at += size + 2;
	}
	return (size_t)(at - in);
}

static inline void fake_say(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		return;
}

/* False: it goes away. */
static inline int fake_answer(struct redis_fake *fake, int fd, const char *word, long keys)
{
	char head[32];

	if (strcmp(word, "EVALSHA") != 0) {
		fake_say(fd, "$40\r\n0123456789012345678901234567890123456789\r\n");
		return 1;
	}
	if (fake->lives-- <= 0)
		return 0;
	atomic_fetch_add(&fake->scripts, 1);
	snprintf(head, sizeof(head), "*%ld\r\n", keys);
	fake_say(fd, head);
	while (keys-- > 0)
		fake_say(fd, ":1\r\n");
	return 1;
}

static inline void *fake_serve(void *context)
{
	struct redis_fake *fake = context;
	char *in = fake->in;
	int fd;

	while ((fd = accept(fake->listener, NULL, NULL)) >= 0) {
		size_t len = 0, used;
		int stays = 1;
		long keys = 0;
		char word[16];
		ssize_t got;

		atomic_fetch_add(&fake->connections, 1);
		while (stays && (got = recv(fd, in + len, sizeof(fake->in) - 1 - len, 0)) > 0) {
			in[len += (size_t)got] = '\0';
			while (stays && (used = fake_command(in, len, word, &keys))) {
				stays = fake_answer(fake, fd, word, keys);
				memmove(in, in + used, len -= used);
			}
		}
		close(fd);
	}
	return NULL;
}

static inline void fake_start(struct redis_fake *fake, int lives)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);

	memset(fake, 0, sizeof(*fake));
	fake->lives = lives;
	fake->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(fake->listener, (struct sockaddr *)&address, len) < 0 ||
	    listen(fake->listener, 64) < 0 ||
	    getsockname(fake->listener, (struct sockaddr *)&address, &len) < 0)
		abort();
	snprintf(fake->url, sizeof(fake->url), "redis://127.0.0.1:%u", ntohs(address.sin_port));
	pthread_create(&fake->thread, NULL, fake_serve, fake);
}

/* When the client has closed its connection. */
static inline void fake_stop(struct redis_fake *fake)
{
	shutdown(fake->listener, SHUT_RDWR);
	pthread_join(fake->thread, NULL);
	close(fake->listener);
}

#endif
