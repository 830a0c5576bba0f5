/* dns.c - see dns.h. */
#include "dns.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

enum { ANSWER_BYTES = 16 * 1024, PATIENCE_S = 3, TRIES = 2 };

struct dns {
	struct __res_state state;
	uint8_t answer[ANSWER_BYTES];
};

/* Reads the address of a server, "192.0.2.53:53". */
static int read_server(const char *text, struct sockaddr_in *ret, struct err *err)
{
	const char *colon = strrchr(text, ':');
	char host[64];
	int64_t port;

	if (colon && (size_t)(colon - text) < sizeof(host)) {
		memcpy(host, text, (size_t)(colon - text));
		host[colon - text] = '\0';
		*ret = (struct sockaddr_in){.sin_family = AF_INET};
		if (inet_pton(AF_INET, host, &ret->sin_addr) == 1 &&
		    text_int64(slice_text(colon + 1), 1, 65535, &port, err) == 0) {
			ret->sin_port = htons((uint16_t)port);
			return 0;
		}
	}
	return err_config(err,
			  "expected a resolver as ADDRESS:PORT, such as 192.0.2.53:53, found "
			  "\"%.60s\"",
			  text);
}

int dns_open(struct dns **ret, const char *server, struct err *err)
{
	struct sockaddr_in address;
	struct dns *dns;

	if (server && read_server(server, &address, err) < 0)
		return -1;
	dns = calloc(1, sizeof(*dns));
	if (!dns)
		abort();
	if (res_ninit(&dns->state) < 0) {
		free(dns);
		return err_environment(err, "the resolver's settings (resolv.conf) cannot be read");
	}
	dns->state.retrans = PATIENCE_S;
	dns->state.retry = TRIES;
	if (server) {
		dns->state.nsaddr_list[0] = address;
		dns->state.nscount = 1;
	}
	*ret = dns;
	return 0;
}

void dns_close(struct dns **dns)
{
	if (!*dns)
		return;
	res_nclose(&(*dns)->state);
	free(*dns);
	*dns = NULL;
}

/* Asks for the records of a type; the answer's length is in *ret_len when there are some. */
static enum dns_word ask(struct dns *dns, const char *name, int type, size_t *ret_len)
{
	int len = res_nquery(&dns->state, name, ns_c_in, type, dns->answer, sizeof(dns->answer));

	if (len > (int)sizeof(dns->answer))
		return DNS_FAILED;
	if (len >= 0) {
		*ret_len = (size_t)len;
		return DNS_FOUND;
	}
	switch (dns->state.res_h_errno) {
	case HOST_NOT_FOUND:
		return DNS_NO_NAME;
	case NO_DATA:
		return DNS_NOTHING;
	default:
		return DNS_FAILED;
	}
}

enum dns_word dns_ask_mx(struct dns *dns, const char *domain, struct dns_mx_list *ret)
{
	size_t len;
	enum dns_word word = ask(dns, domain, ns_t_mx, &len);

	if (word != DNS_FOUND)
		return word;
	if (dns_answer_mx(dns->answer, len, ret) < 0)
		return DNS_FAILED;
	return ret->count || ret->is_null ? DNS_FOUND : DNS_NOTHING;
}

enum dns_word dns_ask_addresses(struct dns *dns, const char *host, struct dns_address_list *ret)
{
	static const int types[] = {ns_t_a, ns_t_aaaa};
	enum dns_word words[2];
	size_t len;

	*ret = (struct dns_address_list){0};
	for (int i = 0; i < 2; i++) {
		words[i] = ask(dns, host, types[i], &len);
		if (words[i] == DNS_FOUND && dns_answer_addresses(dns->answer, len, ret) < 0)
			words[i] = DNS_FAILED;
	}
	if (ret->count)
		return DNS_FOUND;
	if (words[0] == DNS_FAILED || words[1] == DNS_FAILED)
		return DNS_FAILED;
	return words[0] == DNS_NO_NAME && words[1] == DNS_NO_NAME ? DNS_NO_NAME : DNS_NOTHING;
}
