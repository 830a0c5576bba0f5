/* options.h - what http_load is told. */
#ifndef HTTP_LOAD_OPTIONS_H
#define HTTP_LOAD_OPTIONS_H

#include <getopt.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/text.h"

enum { CONNECTIONS_MAX = 1000, BATCH_MAX = 1000 };

struct options {
	int64_t port, connections, batch, rate, events, seconds, first;
	const char *token, *log;
};

static int parse(int argc, char **argv, struct options *ret, struct err *err)
{
	static const struct {
		size_t offset;
		int64_t min, max;
	} numbers[] = {{offsetof(struct options, port), 1, 65535},
		       {offsetof(struct options, connections), 1, CONNECTIONS_MAX},
		       {offsetof(struct options, batch), 1, BATCH_MAX},
		       {offsetof(struct options, rate), 1, 10000000},
		       {offsetof(struct options, events), 1, INT64_C(1) << 40},
		       {offsetof(struct options, seconds), 1, 86400},
		       {offsetof(struct options, first), 0, INT64_C(1) << 40}};
	static const struct option names[] = {{"port", 1, NULL, 0},   {"connections", 1, NULL, 1},
					      {"batch", 1, NULL, 2},  {"rate", 1, NULL, 3},
					      {"events", 1, NULL, 4}, {"seconds", 1, NULL, 5},
					      {"first", 1, NULL, 6},  {"token", 1, NULL, 't'},
					      {"log", 1, NULL, 'l'},  {0}};
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == '?')
			return err_config(err, "see the head of http_load.c for its options");
		if (option == 't')
			ret->token = optarg;
		else if (option == 'l')
			ret->log = optarg;
		else if (text_int64(slice_text(optarg), numbers[option].min, numbers[option].max,
				    (int64_t *)((char *)ret + numbers[option].offset), err) < 0)
			return err_prefix(err, "--%s", names[option].name);
	}
	if (!ret->port || !(ret->events || ret->seconds) || optind < argc)
		return err_config(err, "expected --port P and --events N or --seconds S");
	return 0;
}

#endif
