/* cmd_compare.c - are two files of outcomes the same? */
#include <stdio.h>

#include "commands.h"
#include "services/nurturectl/audit/compare.h"

enum { SHOWN = 10, TEXT_MAX_BYTES = 64 << 20 };

struct compare_values {
	bool in_doubt_is_sent;
};

static const struct command_option options[] = {
    {"in-doubt-is-sent", OPTION_FLAG, offsetof(struct compare_values, in_doubt_is_sent), NULL, NULL,
     false, 0, 0, "what was in doubt counts as sent, on both sides"},
    {0}};

static int print_result(const struct comparison *result, const struct compare_options *compared,
			const struct buf *differences)
{
	size_t total = result->only_a + result->only_b + result->differ;

	if (result->in_doubt_a + result->in_doubt_b > 0)
		printf("in doubt, taken as sent: %zu in %s, %zu in %s\n", result->in_doubt_a,
		       compared->name_a, result->in_doubt_b, compared->name_b);
	if (total == 0) {
		printf("the same: %zu outcomes\n", result->count_a);
		return 0;
	}
	printf("not the same: %zu outcomes in %s, %zu in %s\n"
	       "  %zu only in %s, %zu only in %s, %zu differ\n",
	       result->count_a, compared->name_a, result->count_b, compared->name_b, result->only_a,
	       compared->name_a, result->only_b, compared->name_b, result->differ);
	fputs(differences->bytes ? differences->bytes : "", stdout);
	if (total > SHOWN)
		printf("... and %zu more\n", total - SHOWN);
	return EXIT_NO;
}

static int run(const struct invocation *call, struct err *err)
{
	const struct compare_values *values = call->values;
	const struct compare_options compared = {.name_a = call->arguments[0],
						 .name_b = call->arguments[1],
						 .in_doubt_is_sent = values->in_doubt_is_sent,
						 .shown_max = SHOWN};
	struct buf differences = BUF_MAX(TEXT_MAX_BYTES);
	struct outcomes a = {0}, b = {0};
	struct comparison result;
	int r;

	r = outcomes_read_file(compared.name_a, &a, err);
	if (r == 0)
		r = outcomes_read_file(compared.name_b, &b, err);
	if (r == 0) {
		compare_outcomes(&a, &b, &compared, &result, &differences);
		r = print_result(&result, &compared, &differences);
	}
	outcomes_free(&a);
	outcomes_free(&b);
	buf_free(&differences);
	return r;
}

const struct command cmd_compare = {
    .name = "compare",
    .line = "are two files of outcomes the same?",
    .arguments = "A.jsonl B.jsonl",
    .argument_min = 2,
    .argument_max = 2,
    .options = options,
    .values_bytes = sizeof(struct compare_values),
    .text =
	"Exit 1 and the first 10 differences when they are not. Outcomes are matched by customer\n"
	"and id; the order of the lines does not matter.",
    .run = run,
};
