/*
 * clock_shift.c - a machine whose clock is wrong, for one program: a library to preload.
 *
 * What the program itself asks of the wall clock is shifted by as many seconds
 * as the file CLOCK_SHIFT_FILE says at the moment.  The libraries that it uses
 * see the right time: a kernel whose clock jumps takes their waits along with
 * it, and nothing in user space can do that for them.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <time.h>
#include <unistd.h>

static long shift_s(void)
{
	const char *path = getenv("CLOCK_SHIFT_FILE");
	char text[32] = "0";
	int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (file < 0)
		return 0;
	if (read(file, text, sizeof(text) - 1) < 0)
		text[0] = '0';
	close(file);
	return strtol(text, NULL, 10);
}

static int is_program(const void *caller)
{
	Dl_info of_caller, of_program;

	return dladdr(caller, &of_caller) &&
	       dladdr((const void *)getauxval(AT_ENTRY), &of_program) &&
	       of_caller.dli_fbase == of_program.dli_fbase;
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	static int (*real)(clockid_t, struct timespec *);
	int r;

	if (!real)
		real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
	r = real(clock, ret);
	if (r == 0 && clock == CLOCK_REALTIME && is_program(__builtin_return_address(0)))
		ret->tv_sec += shift_s();
	return r;
}
