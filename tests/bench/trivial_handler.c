/*
 * trivial_handler.c - what ingest is measured against: libmicrohttpd with a
 * handler that reads the body, looks at nothing and says 202.
 *
 *	trivial_handler THREADS
 *
 * The first line on stdout is the port.  Ends with SIGTERM.
 */
#include <microhttpd.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/err.h"
#include "common/io/process/stop.h"

static struct MHD_Response *response;

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_bytes, void **request)
{
	(void)context, (void)url, (void)method, (void)version, (void)upload;
	if (!*request) {
		*request = connection; /* the headers: the body is still to come */
		return MHD_YES;
	}
	if (*upload_bytes) {
		*upload_bytes = 0;
		return MHD_YES;
	}
	return MHD_queue_response(connection, MHD_HTTP_ACCEPTED, response);
}

int main(int argc, char **argv)
{
	static char answer[] = "{\"id\":\"0123456789\",\"status\":\"accepted\"}";
	unsigned threads = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
	struct MHD_Daemon *daemon;
	struct pollfd stop;

	if (argc != 2 || threads < 1 || threads > 64) {
		fprintf(stderr, "usage: trivial_handler THREADS (1 to 64)\n");
		return EXIT_CONFIG;
	}
	stop_on_signals();
	response =
	    MHD_create_response_from_buffer(sizeof(answer) - 1, answer, MHD_RESPMEM_PERSISTENT);
	MHD_add_response_header(response, "Content-Type", "application/json");
	daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, NULL,
				  threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END,
				  threads, MHD_OPTION_END);
	if (!daemon) {
		fprintf(stderr, "trivial_handler: the server does not start\n");
		return EXIT_ENVIRONMENT;
	}
	printf("%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	stop = (struct pollfd){.fd = stop_fd(), .events = POLLIN};
	while (!stop_requested())
		poll(&stop, 1, -1);
	MHD_stop_daemon(daemon);
	MHD_destroy_response(response);
	return 0;
}
