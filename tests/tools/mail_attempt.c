/*
 * NAME      mail_attempt - one mail from its dispatch to its end, through the real decisions and
 * the real SMTP USAGE     mail_attempt URL CLASS [key=value]... CLASS: promotion or transactional
 *           tls=auto|required|opportunistic|off  ca=FILE  mx=RESOLVER:PORT/SMTP-PORT
 *           user=NAME (password "secret")  to=ADDRESS  first=ADDRESS: a mail before it over the
 * same connection WRITES    one line: "deferred:retry sent", "bounced rejected", ... FAILURE wrong
 * arguments: exit 100
 *
 * Each attempt is a pool of its own with short time limits, as if another
 * instance made it; the clock jumps to when the next one is due.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "services/email-sender/delivery/pool.h"
#include "services/email-sender/step.h"

#define NOW_MS INT64_C(1772366400000)

enum { STATE_BYTES = 64 * 1024, ROUNDS_MAX = 20, PATIENCE_MS = 30000 };

static struct message_class classes[] = {{.name = "promotion", .needs_consent = true},
					 {.name = "transactional", .in_doubt_resend = true}};
static struct policy policy = {
    .hash = "0123456789abcdef",
    .shop = {.name = "Harbour",
	     .sender_name = "Harbour",
	     .sender_address = "care@harbour.example",
	     .postal_address = "1 Quay",
	     .website = "",
	     .public_url = "https://mail.harbour.example"},
    .classes = classes,
    .class_count = 2,
    .ceiling = {.limit = 20,
		.window_ms = DAY_MS,
		.classes = ALL_CLASSES,
		.channels = 5,
		.name = "ceiling",
		.programme = "",
		.category = ""},
    .quiet_hours = {.off = true},
    .retry = {.first_ms = SECOND_MS, .max_ms = SECOND_MS, .attempts = 3}};
static struct send_pool_options options = {
    .smtp = {.timeouts = {.connect_ms = 700,
			  .command_ms = 500,
			  .data_ms = 500,
			  .block_ms = 500,
			  .dot_ms = 500,
			  .quit_ms = 200}},
    .composer = {.policy = &policy, .token_key = {(const uint8_t *)"0123456789abcdef", 16}},
    .connections = 1};
static struct sender sender = {.policy = &policy, .format = OUTCOME_PROTOBUF};
static const char *to = "ann@customers.example", *first, *class_name;

struct life {
	struct arena arena;
	int64_t now_ms, due_ms;
	uint8_t state[STATE_BYTES];
	size_t state_len;
	struct slice effect; /* len 0: none */
	bool is_over;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "mail_attempt: %s\n", what);
	exit(EXIT_CONFIG);
}

static void tell(struct life *life, const struct step_output *output)
{
	Nurture__V1__Outcome *outcome;
	struct err err;

	if (output->topic == SEND_EVENTS) {
		printf("bounced ");
		return;
	}
	if (outcome_decode(output->value, &life->arena, &outcome, &err) < 0)
		die(err.text);
	fprintf(stderr, "%s %s %s\n", outcome->status, outcome->reason ? outcome->reason->rule : "",
		outcome->reason ? outcome->reason->detail : "");
	life->is_over = strcmp(outcome->status, "deferred") != 0;
	if (life->is_over)
		printf("%s\n", outcome->status);
	else
		printf("deferred:%s ", outcome->reason->rule);
}

static void decide(struct life *life, enum step_kind kind, struct slice value)
{
	struct step step = {.context = &sender,
			    .arena = &life->arena,
			    .now_ms = life->now_ms,
			    .kind = kind,
			    .owner = 1,
			    .customer = slice_text("ann"),
			    .value = value,
			    .state = slice_of(life->state, life->state_len)};
	struct err err;

	step_prepare(&step);
	if (send_step(&step, &err) < 0)
		die(err.text);
	life->effect = slice_of("", 0);
	for (const struct step_output *output = step.outputs; output; output = output->next) {
		if (output->topic == STEP_EFFECT)
			life->effect = output->value;
		else
			tell(life, output);
	}
	if (!step.state_changed)
		return;
	if (step.new_state.len > sizeof(life->state))
		die("the state is too large");
	memcpy(life->state, step.new_state.bytes, step.new_state.len);
	life->state_len = step.new_state.len;
	life->due_ms = step.due_ms;
}

static struct slice dispatch(struct life *life, const char *email)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__Dispatch sent = NURTURE__V1__DISPATCH__INIT;
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	uint8_t *bytes;

	request.id = (char *)"request";
	request.message_class = (char *)(uintptr_t)class_name;
	request.programme = (char *)"win-back";
	request.channel = (char *)"email";
	request.action = (char *)"tips";
	request.expires_ms = NOW_MS + DAY_MS;
	sent.id = (char *)"send-of-the-test";
	sent.request = &request;
	sent.email = (char *)(uintptr_t)email;
	record.time_ms = NOW_MS;
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH;
	record.dispatch = &sent;
	bytes = arena_alloc(&life->arena, nurture__v1__dispatch_record__get_packed_size(&record));
	return slice_of(bytes, nurture__v1__dispatch_record__pack(&record, bytes));
}

/* Through the pool and back; the result's bytes are the arena's. */
static struct slice carry(struct send_pool *pool, struct life *life)
{
	struct send_pool_result result;
	struct err err;

	if (send_pool_put(pool, 0, slice_text("ann"), life->effect, &err) < 0)
		die(err.text);
	if (!send_pool_wait(pool, 1, PATIENCE_MS) || !send_pool_take(pool, &result))
		die("no result in time");
	return slice_of(arena_copy(&life->arena, result.value.bytes, result.value.len),
			result.value.len);
}

static struct send_pool *open_pool(void)
{
	struct send_pool *pool;
	struct err err;

	if (send_pool_open(&pool, &options, &err) < 0)
		die(err.text);
	return pool;
}

/* Another mail before it, for what a connection may have left over; nobody asks how it ended. */
static void go_first(struct send_pool *pool)
{
	static struct life other;

	fflush(stdout);
	other.now_ms = NOW_MS;
	decide(&other, STEP_RECORD, dispatch(&other, first));
	carry(pool, &other);
}

static void live(struct life *life)
{
	struct send_pool *pool = open_pool();

	if (first)
		go_first(pool);
	life->now_ms = NOW_MS;
	decide(life, STEP_RECORD, dispatch(life, to));
	for (int round = 0; round < ROUNDS_MAX && !life->is_over; round++) {
		if (life->effect.len) {
			struct slice result = carry(pool, life);

			send_pool_close(&pool);
			pool = open_pool();
			decide(life, STEP_RESULT, result);
		} else {
			life->now_ms = life->due_ms;
			decide(life, STEP_TIMER, slice_of("", 0));
		}
	}
	send_pool_close(&pool);
	if (!life->is_over)
		die("the mail has no end");
}

static void read_option(const char *word)
{
	static const char *const tls[] = {"auto", "required", "opportunistic", "off"};
	const char *value = strchr(word, '=');

	if (!value++)
		die("expected key=value");
	if (strncmp(word, "ca=", 3) == 0)
		options.smtp.ca_file = value;
	else if (strncmp(word, "mx=", 3) == 0)
		options.mx.test = value;
	else if (strncmp(word, "user=", 5) == 0)
		options.smtp.user = value, options.smtp.password = "secret";
	else if (strncmp(word, "to=", 3) == 0)
		to = value;
	else if (strncmp(word, "first=", 6) == 0)
		first = value;
	else if (strncmp(word, "tls=", 4) != 0)
		die("expected tls, ca, mx, user, to or first");
	for (unsigned i = 0; i < 4; i++)
		if (strncmp(word, "tls=", 4) == 0 && strcmp(value, tls[i]) == 0)
			options.smtp.tls = (enum smtp_tls)i;
}

int main(int argc, char **argv)
{
	static struct life life;
	struct template_set *templates;
	struct err err;

	if (argc < 3 || template_set_open("deploy/templates", &templates, &err) < 0)
		die(argc < 3 ? "expected URL CLASS [key=value]..." : err.text);
	options.smtp.url = argv[1];
	class_name = argv[2];
	options.composer.templates = templates;
	for (int i = 3; i < argc; i++)
		read_option(argv[i]);
	live(&life);
	arena_free(&life.arena);
	template_set_free(templates);
	return 0;
}
