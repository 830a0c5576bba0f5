/* http_listen.c - see http_listen.h. */
#include "http_listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/slice.h"
#include "common/base/text.h"

enum { BACKLOG = 1024, HOST_BYTES = 256 };

/* Splits at the last colon; "[::1]" loses its brackets. */
static int split(const char *text, char host[HOST_BYTES], char port[8], struct err *err)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;
	int64_t number;
	struct err why;

	if (!colon)
		return err_config(err, "listen address '%s': expected address:port", text);
	if (text_int64(slice_text(colon + 1), 0, 65535, &number, &why) < 0)
		return err_config(err, "listen address '%s': expected a port of 0 to 65535", text);
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	} else if (memchr(text, ':', len)) {
		return err_config(err, "listen address '%s': expected [address]:port", text);
	}
	if (len >= HOST_BYTES)
		return err_config(err, "listen address: expected fewer than %d bytes", HOST_BYTES);
	memcpy(host, text, len);
	host[len] = '\0';
	snprintf(port, 8, "%d", (int)number);
	return 0;
}

int http_listen_check(const char *listen, struct err *err)
{
	char host[HOST_BYTES], port[8];

	return split(listen, host, port, err);
}

static int open_one(const struct addrinfo *address)
{
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1, off = 0, saved;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (address->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static unsigned short port_of(int fd)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &len) < 0)
		return 0;
	if (address.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
	return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

/* The first address of this family (AF_UNSPEC: of any) that can be bound, or -1. */
static int bind_first(const struct addrinfo *found, int family)
{
	int fd = -1;

	for (const struct addrinfo *a = found; a && fd < 0; a = a->ai_next)
		if (family == AF_UNSPEC || family == a->ai_family)
			fd = open_one(a);
	return fd;
}

int http_listen(const char *listen_text, int *ret_fd, unsigned short *ret_port, struct err *err)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM}, *found;
	char host[HOST_BYTES], port[8];
	int fd, r;

	if (split(listen_text, host, port, err) < 0)
		return -1;
	r = getaddrinfo(host[0] ? host : NULL, port, &hints, &found);
	if (r != 0)
		return err_config(err, "listen address '%s': %s", listen_text, gai_strerror(r));
	/* Without a host the IPv6 socket comes first, since that one takes IPv4 too. */
	fd = bind_first(found, host[0] ? AF_UNSPEC : AF_INET6);
	if (fd < 0 && !host[0])
		fd = bind_first(found, AF_INET);
	freeaddrinfo(found);
	if (fd < 0)
		return err_environment(err, "cannot listen on '%s': %s", listen_text,
				       strerror(errno));
	*ret_fd = fd;
	*ret_port = port_of(fd);
	return 0;
}
