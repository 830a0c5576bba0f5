/* process_metrics.c - see process_metrics.h. */
#include "process_metrics.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

enum { STAT_BYTES = 1024 };

static void print(struct buf *out, const char *name, const char *type, const char *help,
		  double value)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.15g\n", name, help, name, type, name,
		   value);
}

/* The number behind "btime " of /proc/stat: when the machine was started. */
static double boot_time(void)
{
	FILE *file = fopen("/proc/stat", "re");
	char line[STAT_BYTES];
	double at_s = -1;

	while (file && at_s < 0 && fgets(line, sizeof(line), file))
		(void)sscanf(line, "btime %lf", &at_s);
	if (file)
		fclose(file);
	return at_s;
}

struct stat_line {
	unsigned long user, system, resident;
	unsigned long long start; /* in ticks after boot */
};

/* proc(5): fields 14, 15, 22 and 24.  The name in field 2 may have blanks and brackets. */
static bool read_stat(struct stat_line *ret)
{
	FILE *file = fopen("/proc/self/stat", "re");
	char line[STAT_BYTES];
	const char *behind_name;
	bool is_read = file && fgets(line, sizeof(line), file);

	if (file)
		fclose(file);
	behind_name = is_read ? strrchr(line, ')') : NULL;
	return behind_name &&
	       sscanf(
		   behind_name + 1,
		   " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %*d %*d "
		   "%llu %*u %lu",
		   &ret->user, &ret->system, &ret->start, &ret->resident) == 4;
}

static void print_stat(struct buf *out)
{
	const double ticks = (double)sysconf(_SC_CLK_TCK);
	double boot_s = boot_time();
	struct stat_line stat;

	if (!read_stat(&stat))
		return;
	print(out, "process_cpu_seconds_total", "counter",
	      "Total user and system CPU time spent in seconds.",
	      (double)(stat.user + stat.system) / ticks);
	print(out, "process_resident_memory_bytes", "gauge", "Resident memory size in bytes.",
	      (double)stat.resident * (double)sysconf(_SC_PAGESIZE));
	if (boot_s > 0)
		print(out, "process_start_time_seconds", "gauge",
		      "Start time of the process since unix epoch in seconds.",
		      boot_s + (double)stat.start / ticks);
}

static void print_files(struct buf *out)
{
	DIR *directory = opendir("/proc/self/fd");
	struct rlimit limit;
	double count = -1; /* the directory that is being read is open, too */

	if (!directory)
		return;
	for (const struct dirent *entry; (entry = readdir(directory));)
		count += entry->d_name[0] != '.';
	closedir(directory);
	print(out, "process_open_fds", "gauge", "Number of open file descriptors.", count);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
		print(out, "process_max_fds", "gauge", "Maximum number of open file descriptors.",
		      (double)limit.rlim_cur);
}

void process_metrics_text(struct buf *out)
{
	print_stat(out);
	print_files(out);
}
