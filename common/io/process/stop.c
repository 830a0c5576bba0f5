/* stop.c - see stop.h. */
#include "stop.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

static volatile sig_atomic_t stopping;
static int event_fd = -1;

static void on_stop(int signal_number)
{
	const uint64_t one = 1;
	int saved = errno;

	(void)signal_number;
	stopping = 1;
	/* Nobody reads it, so it stays readable; it fails only when it is readable already. */
	if (write(event_fd, &one, sizeof(one)) < 0)
		errno = saved;
	errno = saved;
}

void stop_on_signals(void)
{
	struct sigaction stop = {.sa_handler = on_stop, .sa_flags = SA_RESTART};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	if (event_fd < 0)
		event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (event_fd < 0)
		abort(); /* not one descriptor left at start */
	sigemptyset(&stop.sa_mask);
	sigemptyset(&ignore.sa_mask);
	sigaction(SIGTERM, &stop, NULL); /* PID 1 in a container has no default action */
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

void stop_request(void)
{
	on_stop(SIGTERM);
}

bool stop_requested(void)
{
	return stopping;
}

int stop_fd(void)
{
	return event_fd;
}
