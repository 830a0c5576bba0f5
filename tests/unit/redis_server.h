/*
 * redis_server.h - a real Redis for a test program, on a port of its own, with nothing on disk.
 *
 * Without redis-server the program is skipped: redis_server_is_missing() says so.
 */
#ifndef NURTURE_TESTS_REDIS_SERVER_H
#define NURTURE_TESTS_REDIS_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
	pid_t pid;
	char url[64];
} redis_server;

static inline bool redis_server_answers(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool ret = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

	close(fd);
	return ret;
}

static inline int redis_server_free_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&address, len) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) < 0)
		abort();
	close(fd);
	return ntohs(address.sin_port);
}

static inline int redis_server_start(void **state)
{
	char port[8];
	int number = redis_server_free_port();

	(void)state;
	snprintf(port, sizeof(port), "%d", number);
	snprintf(redis_server.url, sizeof(redis_server.url), "redis://127.0.0.1:%d", number);
	redis_server.pid = fork();
	if (redis_server.pid == 0) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(1);
		execlp("redis-server", "redis-server", "--port", port, "--save", "", "--appendonly",
		       "no", "--bind", "127.0.0.1", (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 100 && !redis_server_answers(number); i++)
		usleep(50000);
	return redis_server_answers(number) ? 0 : -1;
}

static inline int redis_server_stop(void **state)
{
	(void)state;
	if (redis_server.pid) {
		kill(redis_server.pid, SIGKILL);
		waitpid(redis_server.pid, NULL, 0);
	}
	redis_server.pid = 0;
	return 0;
}

static inline bool redis_server_is_missing(void)
{
	if (system("command -v redis-server >/dev/null") == 0)
		return false;
	puts("skipped: redis-server is not installed");
	return true;
}

#endif
