/* mx.c - see mx.h. */
#include "mx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "dns.h"

enum { SMTP_PORT = 25, HOSTS_MAX = 5 };

struct mx {
	struct dns *dns;
	unsigned port;
	bool allows_private;
};

int mx_open(struct mx **ret, const struct mx_options *options, struct err *err)
{
	struct mx *mx = calloc(1, sizeof(*mx));
	const char *slash = options->test ? strchr(options->test, '/') : NULL;
	char server[64] = "";
	int64_t port = SMTP_PORT;
	int r = 0;

	if (!mx)
		abort();
	if (options->test) {
		mx->allows_private = true;
		if (!slash || (size_t)(slash - options->test) >= sizeof(server) ||
		    text_int64(slice_text(slash + 1), 1, 65535, &port, err) < 0)
			r = err_config(err,
				       "expected RESOLVER:PORT/SMTP-PORT, such as "
				       "127.0.0.1:5353/2525, found \"%.80s\"",
				       options->test);
		else
			snprintf(server, sizeof(server), "%.*s", (int)(slash - options->test),
				 options->test);
	}
	mx->port = (unsigned)port;
	if (r < 0 || dns_open(&mx->dns, options->test ? server : NULL, err) < 0) {
		free(mx);
		return -1;
	}
	*ret = mx;
	return 0;
}

void mx_close(struct mx **mx)
{
	if (!*mx)
		return;
	dns_close(&(*mx)->dns);
	free(*mx);
	*mx = NULL;
}

static int fail(struct smtp_answer *ret, enum smtp_stage stage, int code, const char *enhanced,
		const char *text)
{
	*ret = (struct smtp_answer){.stage = stage, .code = code};
	snprintf(ret->enhanced, sizeof(ret->enhanced), "%s", enhanced);
	snprintf(ret->text, sizeof(ret->text), "%s", text);
	return -1;
}

/* Writes those that may be called, as "192.0.2.1,[2001:db8::1]"; "" when there are none. */
static void write_addresses(const struct mx *mx, const struct dns_address_list *list, char *ret,
			    size_t size)
{
	size_t used = 0;

	ret[0] = '\0';
	for (unsigned i = 0; i < list->count; i++) {
		const char *text = list->address[i].text;
		bool is_v6 = strchr(text, ':') != NULL;

		if (mx->allows_private || list->address[i].is_public)
			used +=
			    (size_t)snprintf(ret + used, size - used, "%s%s%s%s", used ? "," : "",
					     is_v6 ? "[" : "", text, is_v6 ? "]" : "");
	}
}

/* Finds the domain's MX hosts, in the order to try; without any, the domain itself. */
static int find_hosts(struct mx *mx, const char *domain, uint64_t salt, struct dns_mx_list *list,
		      struct smtp_answer *ret)
{
	switch (dns_ask_mx(mx->dns, domain, list)) {
	case DNS_FOUND:
		break;
	case DNS_NOTHING:
		list->count = 1;
		list->is_null = false;
		snprintf(list->mx[0].host, sizeof(list->mx[0].host), "%s", domain);
		break;
	case DNS_NO_NAME:
		return fail(ret, SMTP_CONNECT, 0, "5.1.2", "the domain does not exist");
	case DNS_FAILED:
		return fail(ret, SMTP_CONNECT, 0, "", "the DNS does not answer for the domain");
	}
	if (list->is_null)
		return fail(ret, SMTP_RCPT, 556, "5.1.10", "the domain takes no mail (null MX)");
	dns_mx_sort(list, salt);
	return 0;
}

int mx_connect(struct mx *mx, struct smtp *smtp, const char *domain, uint64_t salt,
	       struct smtp_answer *ret)
{
	char addresses[DNS_ADDRESSES_MAX * (DNS_ADDRESS_BYTES + 3)];
	struct dns_address_list found;
	struct smtp_answer answer;
	struct dns_mx_list list;

	if (find_hosts(mx, domain, salt, &list, ret) < 0)
		return -1;
	fail(ret, SMTP_CONNECT, 0, "5.1.2", "the domain has no mail server with an address");
	for (unsigned i = 0; i < list.count && i < HOSTS_MAX; i++) {
		enum dns_word word = dns_ask_addresses(mx->dns, list.mx[i].host, &found);

		if (word == DNS_FAILED && !ret->code)
			fail(ret, SMTP_CONNECT, 0, "",
			     "the DNS does not answer for the mail server");
		write_addresses(mx, &found, addresses, sizeof(addresses));
		if (word != DNS_FOUND || !addresses[0])
			continue;
		smtp_set_host(smtp, &(struct smtp_host){.name = list.mx[i].host,
							.port = mx->port,
							.addresses = addresses});
		if (smtp_connect(smtp, &answer) == 0)
			return 0;
		/* What one server answered says more than the silence of the next one. */
		if (answer.code || !ret->code)
			*ret = answer;
		if (answer.was_stopped)
			return -1;
	}
	return -1;
}
