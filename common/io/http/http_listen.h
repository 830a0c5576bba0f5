/* http_listen.h - a listening socket from "address:port".  Private to http*.c. */
#ifndef NURTURE_IO_HTTP_HTTP_LISTEN_H
#define NURTURE_IO_HTTP_HTTP_LISTEN_H

#include "common/base/err.h"

/*
 * "127.0.0.1:8080", "[::1]:8080", "name:8080", ":8080" (every address, IPv6
 * and IPv4).  *ret_fd is the caller's; *ret_port is the port that port 0 got.
 */
int http_listen(const char *listen, int *ret_fd, unsigned short *ret_port, struct err *err);
/* Is it written as one of these?  Opens nothing. */
int http_listen_check(const char *listen, struct err *err);

#endif
