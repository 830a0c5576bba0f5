/* options.h - the command line, and the socket that it names. */
#ifndef MAIL_CATCHER_OPTIONS_H
#define MAIL_CATCHER_OPTIONS_H

#include <getopt.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "common/base/text.h"
#include "smtp.h"

struct options {
	const char *dir, *smtp, *http;
	struct smtp_rules rules;
};

static const char usage[] =
    "usage: mail_catcher --dir DIR [--smtp 127.0.0.1:1025] [--http 127.0.0.1:8025]\n"
    "                    [--fail-rcpt PATTERN=CODE[ TEXT]]... [--slow-ms N]\n"
    "  --fail-rcpt  answers CODE (400 to 599), with TEXT (\"5.2.2 mailbox full\"), to recipients\n"
    "               like '*@bounce.example'; the first match counts\n"
    "  --slow-ms    answers the end of each mail so much later\n"
    "Port 0 picks one. A line \"smtp=HOST:PORT http=PORT\" on standard output says that it "
    "listens.\n";

static int take_failure(struct smtp_rules *rules, char *option, struct err *err)
{
	char *text = strchr(option, ' '), *code;
	int64_t number;

	if (text)
		*text++ = '\0';
	code = strrchr(option, '=');
	if (!code || code == option || rules->failure_count == SMTP_FAILURES)
		return err_config(err, "--fail-rcpt %s: expected PATTERN=CODE, at most %d times",
				  option, SMTP_FAILURES);
	*code++ = '\0';
	if (text_int64(slice_text(code), 400, 599, &number, err) < 0)
		return err_config(err, "--fail-rcpt %s: expected a code of 400 to 599, found %s",
				  option, code);
	rules->failures[rules->failure_count].pattern = option;
	rules->failures[rules->failure_count].text = text;
	rules->failures[rules->failure_count++].code = (int)number;
	return 0;
}

/* Numeric host and port; the socket that listens there. */
static int listen_at(const char *where, struct err *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
				 .ai_flags = AI_NUMERICHOST | AI_PASSIVE};
	const char *colon = strrchr(where, ':');
	struct addrinfo *found = NULL;
	char host[64];
	int fd, on = 1;

	if (!colon || colon - where >= (int)sizeof(host))
		return err_config(err, "--smtp %s: expected ADDRESS:PORT", where);
	snprintf(host, sizeof(host), "%.*s", (int)(colon - where), where);
	if (getaddrinfo(*host ? host : NULL, colon + 1, &hints, &found) != 0)
		return err_config(err, "--smtp %s: expected a numeric ADDRESS:PORT", where);
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) < 0 || listen(fd, 1024) < 0) {
		err_environment(err, "--smtp %s: %s", where, strerror(errno));
		close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd;
}

/* The port that the system has picked. */
static unsigned port_of(int fd)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof(address);

	getsockname(fd, (struct sockaddr *)&address, &len);
	return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
						   : ((struct sockaddr_in *)&address)->sin_port);
}

/* 1: go on, 0: the usage was asked for and printed, -1: wrong. */
static int options_read(int argc, char **argv, struct options *ret, struct err *err)
{
	static const struct option known[] = {{"dir", required_argument, NULL, 'd'},
					      {"smtp", required_argument, NULL, 's'},
					      {"http", required_argument, NULL, 'h'},
					      {"slow-ms", required_argument, NULL, 'w'},
					      {"fail-rcpt", required_argument, NULL, 'f'},
					      {"help", no_argument, NULL, '?'},
					      {0}};
	int option;

	*ret = (struct options){.smtp = "127.0.0.1:1025", .http = "127.0.0.1:8025"};
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 'd')
			ret->dir = optarg;
		else if (option == 's')
			ret->smtp = optarg;
		else if (option == 'h')
			ret->http = optarg;
		else if (option == 'f' && take_failure(&ret->rules, optarg, err) < 0)
			return -1;
		else if (option == 'w' &&
			 text_int64(slice_text(optarg), 0, 3600000, &ret->rules.slow_ms, err) < 0)
			return err_config(err, "--slow-ms %s: expected 0 to 3600000", optarg);
		else if (option == '?' && optopt == 0 && strcmp(argv[optind - 1], "--help") == 0)
			return fputs(usage, stdout), 0;
		else if (option == '?')
			return err_config(err, "%s: unknown, or without its value",
					  argv[optind - 1]);
	}
	if (!ret->dir || optind != argc)
		return err_config(err, "%s",
				  ret->dir ? "expected options only" : "--dir is missing");
	return 1;
}

#endif
