/* cmd_dkim_record.c - what a shop's DNS has to say about the keys that sign its mails. */
#include <stdio.h>

#include "commands.h"
#include "services/email-sender/compose/dkim_files.h"

enum { RECORD_MAX_BYTES = 8192 };

static int print_records(const struct dkim_keys *keys, struct err *err)
{
	struct buf out = BUF_MAX(RECORD_MAX_BYTES);
	int r = 0;

	for (unsigned i = 0; i < keys->count && r == 0; i++) {
		r = dkim_key_record(keys, &keys->items[i], &out, err);
		buf_char(&out, '\n');
	}
	if (r == 0)
		fputs(out.bytes, stdout);
	buf_free(&out);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	struct dkim_keys keys = {0};
	int r;

	if (dkim_keys_set_domain(&keys, call->arguments[0], err) < 0 ||
	    dkim_keys_open(call->arguments[1], &keys, err) < 0)
		return -1;
	r = print_records(&keys, err);
	dkim_keys_free(&keys);
	return r;
}

const struct command cmd_dkim_record = {
    .name = "dkim-record",
    .line = "the DNS records for the keys that sign mails",
    .arguments = "DOMAIN SELECTOR:FILE[,SELECTOR:FILE]",
    .argument_min = 2,
    .argument_max = 2,
    .text = "The arguments are NURTURE_DKIM_DOMAIN and NURTURE_DKIM_KEYS of the email-sender. "
	    "Prints a\n"
	    "line of a zone file for each key. Make a key with:\n"
	    "    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out s1.pem\n"
	    "    openssl genpkey -algorithm ED25519 -out e1.pem",
    .run = run,
};
