/* program.c - see program.h. */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

static bool find_one(const char *name, char *ret, size_t ret_bytes)
{
	const char *path = getenv("PATH");

	while (path && *path) {
		size_t len = strcspn(path, ":");
		int n = snprintf(ret, ret_bytes, "%.*s/%s", (int)len, path, name);

		if (len && n > 0 && (size_t)n < ret_bytes && access(ret, X_OK) == 0)
			return true;
		path += len + (path[len] == ':');
	}
	return false;
}

bool program_find(const char *const *names, char *ret, size_t ret_bytes)
{
	for (; *names; names++)
		if (find_one(*names, ret, ret_bytes))
			return true;
	return false;
}

/* A process group of its own, so that what it starts can be ended with it. */
static int start(const char *const *argv, int output, pid_t *ret, struct err *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int r;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
	r = posix_spawn(ret, argv[0], &actions, &attributes, (char *const *)(uintptr_t)argv,
			environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return r ? err_environment(err, "%s: %s", argv[0], strerror(r)) : 0;
}

/* Reads until the program closes its output. */
static int read_all(int input, int64_t until_ms, const char *name, struct buf *out, struct err *err)
{
	char bytes[16384];
	ssize_t n = 1;

	while (n != 0) {
		struct pollfd watched = {.fd = input, .events = POLLIN};
		int64_t left_ms = until_ms - clock_monotonic_ms();

		if (left_ms <= 0 || poll(&watched, 1, (int)left_ms) == 0)
			return err_environment(err, "%s: not done in time", name);
		n = read(input, bytes, sizeof(bytes));
		if (n < 0 && errno != EINTR)
			return err_environment(err, "%s: %s", name, strerror(errno));
		if (n > 0 && out)
			buf_add(out, bytes, (size_t)n);
	}
	return out && buf_failed(out) ? err_environment(err, "%s: it says too much", name) : 0;
}

/* Waits for the end of the program, as long as it may take. */
static int finish(pid_t pid, int64_t until_ms, const char *name, struct err *err)
{
	int status = 0;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_monotonic_ms() >= until_ms) {
			kill(-pid, SIGKILL);
			waitpid(pid, &status, 0);
			return err_environment(err, "%s: not done in time", name);
		}
		poll(NULL, 0, 5);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return WIFEXITED(status)
		   ? err_environment(err, "%s: it failed with %d", name, WEXITSTATUS(status))
		   : err_environment(err, "%s: it died of signal %d", name, WTERMSIG(status));
}

int program_run(const char *const *argv, int64_t limit_ms, struct buf *out, struct err *err)
{
	int64_t until_ms = clock_monotonic_ms() + limit_ms;
	int ends[2], r;
	struct err ignored;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_environment(err, "pipe: %s", strerror(errno));
	r = start(argv, ends[1], &pid, err);
	close(ends[1]);
	if (r == 0) {
		r = read_all(ends[0], until_ms, argv[0], out, err);
		if (r < 0)
			kill(-pid, SIGKILL);
		if (finish(pid, until_ms, argv[0], r < 0 ? &ignored : err) < 0)
			r = -1;
	}
	close(ends[0]);
	return r;
}
