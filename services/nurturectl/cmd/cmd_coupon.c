/* cmd_coupon.c - was this code drawn for that request? */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "common/token/coupon_code.h"

struct coupon_values {
	const char *policy, *request;
};

static const struct command_option options[] = {
    {"policy", OPTION_TEXT, offsetof(struct coupon_values, policy), "FILE", NULL, false, 0, 0,
     "that has the source; default NURTURE_POLICY"},
    {"request", OPTION_TEXT, offsetof(struct coupon_values, request), "ID", NULL, true, 0, 0,
     "the request whose mail carried the code"},
    {0}};

static int check_key(const char *key, struct err *err)
{
	if (strlen(key) >= COUPON_KEY_MIN_BYTES)
		return 0;
	return err_config(err,
			  "NURTURE_COUPON_KEY: the scheduler's key is needed, at least %d bytes",
			  COUPON_KEY_MIN_BYTES);
}

static int run(const struct invocation *call, struct err *err)
{
	const struct coupon_values *values = call->values;
	struct slice code = slice_text(call->arguments[0]), key;
	enum coupon_verdict best = COUPON_MISREAD;

	if (check_key(call->settings->coupon_key, err) < 0 ||
	    settings_policy(call->settings, values->policy, NULL, err) < 0)
		return -1;
	key = slice_text(call->settings->coupon_key);
	for (unsigned i = 0; i < call->settings->policy->coupon_count; i++) {
		const struct coupon *source = &call->settings->policy->coupons[i];
		enum coupon_verdict verdict;

		if (source->kind != COUPON_SIGNED)
			continue;
		verdict = coupon_code_check(key, source, slice_text(values->request), code);
		if (verdict == COUPON_GOOD) {
			printf("good: of coupons.%s, for this request\n", source->name);
			return 0;
		}
		if (verdict == COUPON_FORGED)
			best = verdict;
	}
	puts(best == COUPON_FORGED
		 ? "not drawn for this request: the code is well formed, but another one's"
		 : "misread: no signed source of the policy has codes like this");
	return EXIT_NO;
}

const struct command cmd_coupon = {
    .name = "coupon",
    .line = "was this code drawn for that request?",
    .arguments = "CODE",
    .argument_min = 1,
    .argument_max = 1,
    .options = options,
    .values_bytes = sizeof(struct coupon_values),
    .text = "Checks a signed code against NURTURE_COUPON_KEY, without a list: exit 0 when it was "
	    "drawn\n"
	    "for the request, else 1 and whether it was misread or is somebody else's.",
    .run = run,
};
