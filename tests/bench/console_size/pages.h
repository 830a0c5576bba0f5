/*
 * pages.h - how long whole pages take: the console's server on a view that was made, asked over HTTP
 * by several connections at once.  As behind a proxy that says who it is; what it logs is thrown
 * away.
 */
#ifndef CONSOLE_SIZE_PAGES_H
#define CONSOLE_SIZE_PAGES_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "common/io/config/config.h"
#include "services/console/pages/serve.h"
#include "services/console/pages/site.h"
#include "services/console/who/cover.h"

enum { PAGES_CONNECTIONS = 4, PAGES_EACH = 500, PAGES_ANSWER_MAX = 4 << 20 };
#define PAGES_WHO "load@shop.example"
#define PAGES_SECRET "the-secret-of-a-proxy"
#define PAGES_POLICY "deploy/policy/shop.yaml"

struct pages {
	const struct policy *policy;
	struct con_who_config who;
	struct web_site site;
	struct con_pages *server;
};

/* One connection: what it asks, and how long each answer took. */
struct pages_client {
	unsigned short port;
	const char *const *requests;
	int64_t took_ns[PAGES_EACH];
	size_t bytes;
	const char *failure; /* NULL: all were answered with 200 */
};

static int64_t pages_clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static double pages_processor_ms(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static int pages_open(struct pages *pages, struct view *view, struct err *err)
{
	static const char staff[] = PAGES_WHO " admin house, garden\n";
	struct common_config common = {.policy_file = PAGES_POLICY,
				       .zoneinfo = "/usr/share/zoneinfo"};
	struct con_who_config *who = &pages->who;

	who->url = "";
	who->keys.now = slice_text("a-key-of-the-console-alone");
	who->proxy.secrets.now = slice_text(PAGES_SECRET);
	if (config_policy(&common, NULL, &pages->policy, err) < 0 ||
	    con_site_open(&pages->site, err) < 0 ||
	    con_networks_read("127.0.0.1", &who->proxy.networks, err) < 0 ||
	    con_staff_read(slice_text(staff), "staff", &who->arena, &who->staff, err) < 0)
		return -1;
	return con_pages_open(&pages->server,
			      &(struct con_pages_options){.brokers = "127.0.0.1:1",
							  .events_topic = "nurture.events",
							  .listen = "127.0.0.1:0",
							  .admin_listen = "",
							  .connections_per_address = 100,
							  .policy = pages->policy,
							  .who = who,
							  .sign_outs = "",
							  .site = &pages->site,
							  .view = view},
			      err);
}

static void pages_close(struct pages *pages)
{
	con_pages_close(&pages->server);
	web_site_close(&pages->site);
	arena_free(&pages->who.arena);
}

/* body NULL: a GET. */
static const char *pages_request(struct arena *arena, const char *path, const char *body)
{
	static const char who[] = "Host: localhost\r\nX-Auth-Request-Email: " PAGES_WHO
				  "\r\nX-Nurture-Proxy-Secret: " PAGES_SECRET "\r\n";

	if (!body)
		return arena_printf(arena, "GET %s HTTP/1.1\r\n%s\r\n", path, who);
	return arena_printf(arena,
			    "POST %s HTTP/1.1\r\n%sSec-Fetch-Site: same-origin\r\nContent-Type: "
			    "application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
			    path, who, strlen(body), body);
}

static const char *pages_person(const struct pages *pages, struct arena *arena, const char *id)
{
	char cover[CON_COVER_BYTES];

	con_cover_make(pages->who.keys.now, PAGES_WHO, id, cover);
	return arena_printf(arena, "/people/%s", cover);
}

/* Reads one answer whole; false: it is none, or none with 200. */
static bool pages_read(int fd, char *answer, size_t *ret_bytes)
{
	static const char length[] = "\r\nContent-Length: ";
	size_t have = 0, want = PAGES_ANSWER_MAX;

	while (have < want) {
		ssize_t got = recv(fd, answer + have, PAGES_ANSWER_MAX - have, 0);
		const char *end, *at;

		if (got <= 0)
			return false;
		have += (size_t)got;
		answer[have] = '\0';
		end = want == PAGES_ANSWER_MAX ? strstr(answer, "\r\n\r\n") : NULL;
		at = end ? strcasestr(answer, length) : NULL;
		if (end && !at)
			return false;
		if (at)
			want =
			    (size_t)(end + 4 - answer) + strtoul(at + sizeof(length) - 1, NULL, 10);
	}
	*ret_bytes += have;
	return strncmp(answer, "HTTP/1.1 200 ", 13) == 0;
}

static int pages_connect(unsigned short port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons(port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0) {
		perror("connect");
		exit(EXIT_ENVIRONMENT);
	}
	return fd;
}

static void *pages_ask(void *context)
{
	struct pages_client *client = context;
	char *answer = malloc(PAGES_ANSWER_MAX + 1);
	int fd = pages_connect(client->port);

	if (!answer)
		abort();
	for (unsigned i = 0; i < PAGES_EACH && !client->failure; i++) {
		const char *request = client->requests[i];
		int64_t begin_ns = pages_clock_ns();

		if (send(fd, request, strlen(request), MSG_NOSIGNAL) != (ssize_t)strlen(request) ||
		    !pages_read(fd, answer, &client->bytes))
			client->failure = request;
		client->took_ns[i] = pages_clock_ns() - begin_ns;
	}
	close(fd);
	free(answer);
	return NULL;
}

static int pages_compare(const void *first, const void *second)
{
	const int64_t *a = first, *b = second;

	return (*a > *b) - (*a < *b);
}

static void pages_tell(const char *what, struct pages_client *clients, double processor_ms)
{
	enum { COUNT = PAGES_CONNECTIONS * PAGES_EACH };
	static int64_t took_ns[COUNT];
	size_t bytes = 0;

	for (unsigned i = 0; i < PAGES_CONNECTIONS; i++) {
		if (clients[i].failure) {
			fprintf(stdout, "error: not answered with 200:\n%s\n", clients[i].failure);
			exit(EXIT_ENVIRONMENT);
		}
		memcpy(took_ns + (size_t)i * PAGES_EACH, clients[i].took_ns,
		       sizeof(clients[i].took_ns));
		bytes += clients[i].bytes;
	}
	qsort(took_ns, COUNT, sizeof(*took_ns), pages_compare);
	printf("%-34s %8.2f %8.2f %8.2f %8.1f\n", what, (double)took_ns[COUNT / 2] / 1e6,
	       (double)took_ns[COUNT * 99 / 100] / 1e6, processor_ms / COUNT,
	       (double)bytes / COUNT / 1024);
}

/* Each of requests, of which there are PAGES_CONNECTIONS * PAGES_EACH, once. */
static void pages_measure(const struct pages *pages, const char *what, const char *const *requests)
{
	static struct pages_client clients[PAGES_CONNECTIONS];
	pthread_t threads[PAGES_CONNECTIONS];
	double begin_ms = pages_processor_ms();

	for (unsigned i = 0; i < PAGES_CONNECTIONS; i++) {
		clients[i] = (struct pages_client){.port = con_pages_port(pages->server),
						   .requests = requests + (size_t)i * PAGES_EACH};
		if (pthread_create(&threads[i], NULL, pages_ask, &clients[i]) != 0)
			abort();
	}
	for (unsigned i = 0; i < PAGES_CONNECTIONS; i++)
		pthread_join(threads[i], NULL);
	pages_tell(what, clients, pages_processor_ms() - begin_ms);
}

#endif
