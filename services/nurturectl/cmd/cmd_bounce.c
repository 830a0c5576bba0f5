/* cmd_bounce.c - a bounce on standard input: what it says, and to Kafka with it. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "common/io/process/clock.h"
#include "common/mail/bounce_record.h"
#include "common/mail/eml.h"
#include "publish.h"

struct bounce_values {
	bool dry_run;
};

static const struct command_option options[] = {
    {"dry-run", OPTION_FLAG, offsetof(struct bounce_values, dry_run), NULL, NULL, false, 0, 0,
     "only say what it is; needs no Kafka"},
    {0}};

/* All input is read, so that its writer is never cut off; what is too long is not looked at. */
static int read_mail(char **ret, size_t *ret_len, struct err *err)
{
	char *bytes = malloc(EML_MAX_BYTES), rest[4096];

	if (!bytes)
		abort();
	*ret = bytes;
	*ret_len = fread(bytes, 1, EML_MAX_BYTES, stdin);
	while (fread(rest, 1, sizeof(rest), stdin) > 0)
		;
	if (ferror(stdin))
		return err_environment(err, "standard input cannot be read");
	return *ret_len ? 0 : err_set(err, "expected a mail on standard input, found nothing");
}

/* Prints what decided on the kind. */
static void print_reason(const struct bounce *bounce)
{
	if (bounce->kind == BOUNCE_NONE || bounce->kind == BOUNCE_COMPLAINT)
		printf("because:   %s\n", bounce_form_text(bounce->form));
	else if (bounce->phrase)
		printf("because:   the words \"%s\"\n", bounce->phrase);
	else if (bounce->status[0])
		printf("because:   the code %s\n", bounce->status);
	else
		printf("because:   no words and no code that are known\n");
}

static void print(const struct bounce *bounce, const struct return_token *owner)
{
	printf("kind:      %s (%s)\n", bounce_kind_text(bounce->kind),
	       bounce_form_text(bounce->form));
	print_reason(bounce);
	printf("status:    %s\n", bounce->status[0] ? bounce->status : "-");
	printf("recipient: %s\n", bounce->recipient[0] ? bounce->recipient : "-");
	printf("customer:  %s\n", owner && owner->customer[0] ? owner->customer : "-");
	printf("send:      %s\n", owner ? owner->send : "-");
	printf("text:      %s\n", bounce->text[0] ? bounce->text : "-");
}

static int check_keys(const struct settings *settings, struct token_keys *ret, struct err *err)
{
	if (token_keys_read(settings->token_key, settings->token_key_before, ret, err) < 0)
		return -1;
	if (!ret->now.len)
		return err_config(err, "NURTURE_TOKEN_KEY: the email-sender's key is needed");
	return 0;
}

static int handle(const struct invocation *call, struct slice mail, struct err *err)
{
	const struct bounce_values *values = call->values;
	struct bounce_record record = BOUNCE_RECORD;
	struct arena arena = {0};
	struct return_token owner;
	struct token_keys keys;
	struct bounce bounce;
	bool has_owner;
	int r = 0;

	if (check_keys(call->settings, &keys, err) < 0)
		return -1;
	bounce_read(mail, &arena, &bounce);
	has_owner = bounce_owner(mail, &keys, &arena, &owner);
	arena_free(&arena);
	print(&bounce, has_owner ? &owner : NULL);
	if (bounce_record(&bounce, has_owner ? &owner : NULL, "pipe", clock_wall_ms(), &record) &&
	    !values->dry_run) {
		r = publish_record(call->settings, record.is_dead ? "deadletter" : "events",
				   slice_text(record.key), buf_slice(&record.value),
				   record.is_dead ? RECORD_UNNAMED : RECORD_EVENT, err);
		if (r == 0)
			printf("published: %s\n", record.is_dead ? "a dead letter" : record.id);
	}
	buf_free(&record.value);
	return r;
}

static int run(const struct invocation *call, struct err *err)
{
	char *bytes = NULL;
	size_t len;
	int r = read_mail(&bytes, &len, err);

	if (r == 0)
		r = handle(call, slice_of(bytes, len), err);
	free(bytes);
	return r;
}

const struct command cmd_bounce = {
    .name = "bounce",
    .line = "a bounce on standard input: what it says, published",
    .arguments = "",
    .options = options,
    .values_bytes = sizeof(struct bounce_values),
    .text =
	"Reads one mail, says what it is, and publishes message.bounced or message.complained\n"
	"of the customer whose mail it was; without a return token signed by NURTURE_TOKEN_KEY\n"
	"a dead letter. Exit 0 also for what is no bounce, so that it can stand in an alias:\n"
	"  bounce: \"|nurturectl bounce >/dev/null || exit 75\"",
    .run = run,
};
