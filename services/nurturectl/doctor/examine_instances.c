/* examine_instances.c - /readyz and /metrics of each instance; see examine.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/http/http_get.h"
#include "examine.h"
#include "judge.h"

enum { ADDRESS_BYTES = 300, BODY_BYTES = 4 << 20, WAIT_MS = 5000 };

static int get(const char *address, const char *path, long *ret_status, struct buf *out,
	       struct err *err)
{
	char url[ADDRESS_BYTES + 16];

	snprintf(url, sizeof(url), "%s%s", address, path);
	return http_get(url, WAIT_MS, ret_status, out, err);
}

struct expected {
	char hash[17], of[ADDRESS_BYTES]; /* hash "": nobody has said one yet */
};

/* Where no policy was given here, all have to have that of the first. */
static void learn(struct expected *expected, const char *address, const char *metrics)
{
	struct slice hash = instance_policy(metrics);

	if (expected->hash[0] || hash.len != sizeof(expected->hash) - 1)
		return;
	memcpy(expected->hash, hash.bytes, hash.len);
	snprintf(expected->of, sizeof(expected->of), "%s", address);
}

static void examine_instance(const char *address, struct expected *expected, struct key_uses *uses,
			     struct findings *findings)
{
	struct buf ready = BUF_MAX(BODY_BYTES), metrics = BUF_MAX(BODY_BYTES);
	struct instance_facts facts = {.address = address};
	long metrics_status = 0;
	struct err err;

	if (get(address, "/readyz", &facts.ready_status, &ready, &err) < 0 ||
	    get(address, "/metrics", &metrics_status, &metrics, &err) < 0) {
		finding_add(findings, FINDING_WRONG, address,
			    "is it started, and is this its NURTURE_ADMIN_LISTEN or "
			    "NURTURE_LISTEN?",
			    "%s", err.text);
	} else if (metrics_status != 200) {
		finding_add(findings, FINDING_WRONG, address,
			    "with NURTURE_ADMIN_LISTEN they are at that address only",
			    "/metrics answers %ld", metrics_status);
	} else {
		facts.ready = ready.bytes ? ready.bytes : "";
		facts.metrics = metrics.bytes ? metrics.bytes : "";
		learn(expected, address, facts.metrics);
		key_uses_add(uses, address, facts.metrics);
		facts.policy_hash = expected->hash[0] ? expected->hash : NULL;
		facts.policy_of = expected->of;
		judge_instance(&facts, findings);
	}
	buf_free(&ready);
	buf_free(&metrics);
}

/* "scheduler:8082" and "http://scheduler:8082/" are both taken. */
static int read_address(struct slice said, char ret[ADDRESS_BYTES], struct err *err)
{
	bool has_scheme = (said.len > 7 && memcmp(said.bytes, "http://", 7) == 0) ||
			  (said.len > 8 && memcmp(said.bytes, "https://", 8) == 0);

	if (said.len && said.bytes[said.len - 1] == '/')
		said.len--;
	if (said.len == 0 || said.len > ADDRESS_BYTES - 8)
		return err_config(err, "--at: expected HOST:PORT, or several with commas");
	for (size_t i = 0; i < said.len; i++)
		if (said.bytes[i] <= ' ' || said.bytes[i] > '~')
			return err_config(err, "--at: expected HOST:PORT, found \"%.*s\"",
					  SLICE_ARGS(said));
	snprintf(ret, ADDRESS_BYTES, "%s%.*s", has_scheme ? "" : "http://", SLICE_ARGS(said));
	return 0;
}

static int examine_all(const char *addresses, struct expected *expected, struct key_uses *uses,
		       struct findings *findings, struct err *err)
{
	for (const char *at = addresses; *at || at == addresses;) {
		size_t len = strcspn(at, ",");
		char address[ADDRESS_BYTES];

		if (read_address(slice_of(at, len), address, err) < 0)
			return -1;
		examine_instance(arena_text(&findings->texts, address), expected, uses, findings);
		at += len + (at[len] == ',');
	}
	return 0;
}

int examine_instances(const char *addresses, const struct policy *policy, struct findings *findings,
		      struct err *err)
{
	struct expected expected = {.of = "NURTURE_POLICY here"};
	struct key_uses uses = {0};
	int r;

	if (policy)
		snprintf(expected.hash, sizeof(expected.hash), "%s", policy->hash);
	r = examine_all(addresses, &expected, &uses, findings, err);
	if (r == 0)
		judge_keys(&uses, findings);
	free(uses.items);
	return r;
}
