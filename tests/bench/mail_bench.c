/*
 * NAME      mail_bench - how long the email-sender's own part of a mail takes
 * USAGE     mail_bench compose COUNT              render and encode, one thread
 *           mail_bench sign    COUNT KEYS         and sign: selector:file[,selector:file]
 *           mail_bench signature COUNT KEYS       the signature of the first key alone, of 32 bytes
 *           mail_bench say     COUNT URL          the SMTP dialogue alone, the same mail every time
 *           mail_bench send    COUNT URL CONNECTIONS [KEYS]   all of it, through the pool's threads
 * WRITES    one line of JSON: mails, bytes of one, seconds, user_s, system_s
 * FAILURE   a mail that is not taken: exit 1
 *
 * The templates are deploy/templates, from the current directory.  mail_bench.py compares.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "common/io/process/clock.h"
#include "services/email-sender/compose/dkim_context.h"
#include "services/email-sender/compose/dkim_files.h"
#include "services/email-sender/delivery/pool.h"
#include "services/email-sender/wire.h"

enum { IN_FLIGHT_MAX = 1000 };

static struct message_class classes[] = {{.name = "care", .needs_consent = true}};
static struct policy policy = {.shop = {.name = "Harbour & Sons Outdoor",
					.sender_name = "Harbour",
					.sender_address = "care@harbour.example",
					.postal_address = "1 Quay, Bristol BS1 4RW",
					.website = "",
					.public_url = "https://mail.harbour.example"},
			       .classes = classes,
			       .class_count = 1};
static struct composer composer = {.policy = &policy,
				   .token_key = {(const uint8_t *)"0123456789abcdef", 16},
				   .bounce_domain = "b.harbour.example"};
static struct compose_room room = COMPOSE_ROOM;
static struct dkim_keys keys;

struct letter {
	Nurture__V1__DeliveryEffect effect;
	Nurture__V1__Dispatch dispatch;
	Nurture__V1__Request request;
	Nurture__V1__Datum datum, *data[1];
	char id[40];
};

static void write_letter(struct letter *letter, long number)
{
	nurture__v1__delivery_effect__init(&letter->effect);
	nurture__v1__dispatch__init(&letter->dispatch);
	nurture__v1__request__init(&letter->request);
	nurture__v1__datum__init(&letter->datum);
	snprintf(letter->id, sizeof(letter->id), "%032lx", number);
	letter->datum.name = (char *)"order.id";
	letter->datum.value = (char *)"1017-A";
	letter->data[0] = &letter->datum;
	letter->request.id = letter->id;
	letter->request.programme = (char *)"tips";
	letter->request.message_class = (char *)"care";
	letter->request.channel = (char *)"email";
	letter->request.action = (char *)"tips";
	letter->request.expires_ms = 1;
	letter->request.data = letter->data;
	letter->request.n_data = 1;
	letter->dispatch.id = letter->id;
	letter->dispatch.request = &letter->request;
	letter->dispatch.email = (char *)"ann@customers.example";
	letter->dispatch.name = (char *)"Ann Archer";
	letter->effect.id = letter->id;
	letter->effect.attempt = 1;
	letter->effect.dispatch = &letter->dispatch;
	letter->effect.intended_ms = INT64_C(1772366400000);
}

static int compose(long number, struct mail *ret, struct err *err)
{
	struct letter letter;

	write_letter(&letter, number);
	return send_compose(&composer, slice_text("c00017"), &letter.effect, &room, ret, err);
}

static int compose_all(long count, size_t *ret_bytes, struct err *err)
{
	struct mail mail;

	for (long i = 0; i < count; i++)
		if (compose(i, &mail, err) < 0)
			return -1;
	*ret_bytes = mail.bytes.len;
	return 0;
}

static int say_all(long count, const char *url, size_t *ret_bytes, struct err *err)
{
	const struct smtp_options options = {.url = url};
	struct smtp_answer answer;
	struct smtp *smtp;
	struct mail mail;
	int r = 0;

	if (compose(0, &mail, err) < 0 || smtp_open(&smtp, &options, err) < 0)
		return -1;
	for (long i = 0; i < count && r == 0; i++) {
		const struct smtp_mail envelope = {
		    .from = mail.from, .to = mail.to, .bytes = mail.bytes};

		if (smtp_send(smtp, &envelope, &answer) < 0 || answer.code / 100 != 2)
			r = err_set(err, "%d %s", answer.code, answer.text);
	}
	*ret_bytes = mail.bytes.len;
	smtp_close(&smtp);
	return r;
}

/* All that are done; -1 when one of them was not taken. */
static int take(struct send_pool *pool, struct arena *arena, long *done, struct err *err)
{
	struct send_pool_result result;
	Nurture__V1__DeliveryResult *decoded;

	while (send_pool_take(pool, &result)) {
		arena_reset(arena);
		if (send_result_decode(result.value, arena, &decoded, err) < 0)
			return -1;
		if (decoded->verdict != NURTURE__V1__DELIVERY_RESULT__VERDICT__SENT)
			return err_set(err, "%u %s", decoded->code, decoded->text);
		++*done;
	}
	return 0;
}

static int send_all(long count, const char *url, unsigned connections, struct err *err)
{
	const struct send_pool_options options = {.smtp = {.url = url},
						  .composer = composer,
						  .dkim = keys.count ? &keys : NULL,
						  .connections = connections};
	struct arena arena = {0};
	struct send_pool *pool;
	struct letter letter;
	long put = 0, done = 0;
	int r = send_pool_open(&pool, &options, err);

	if (r < 0)
		return -1;
	while (r == 0 && done < count) {
		for (; put < count && put - done < IN_FLIGHT_MAX && r == 0; put++) {
			write_letter(&letter, put);
			arena_reset(&arena);
			r = send_pool_put(pool, 0, slice_text("c00017"),
					  send_effect_encode(&letter.effect, &arena), err);
		}
		send_pool_wait(pool, 1, 1000);
		clock_sleep_ms(1); /* the service's loop is at its batch in between, too */
		if (r == 0)
			r = take(pool, &arena, &done, err);
	}
	send_pool_close(&pool);
	arena_free(&arena);
	return r;
}

static int read_keys(const char *list, struct err *err)
{
	if (dkim_keys_set_domain(&keys, "harbour.example", err) < 0 ||
	    dkim_keys_open(list, &keys, err) < 0)
		return -1;
	return dkim_signer_open(&room.signer, &keys, err);
}

/* A signature signs the next digest, so that no two are the same. */
static int sign_alone(long count, size_t *ret_bytes, struct err *err)
{
	uint8_t signature[DKIM_SIGNATURE_MAX_BYTES] = {0};
	struct dkim_context context;

	if (dkim_context_open(&context, &keys.items[0], err) < 0)
		return -1;
	for (long i = 0; i < count; i++)
		*ret_bytes = dkim_context_sign(&context, signature, signature);
	dkim_context_close(&context);
	return 0;
}

/* The keys, which are not part of what is measured. */
static int prepare(int argc, char **argv, struct err *err)
{
	const char *piece = argv[1];

	if ((strcmp(piece, "sign") == 0 || strcmp(piece, "signature") == 0) && argc == 4)
		return read_keys(argv[3], err);
	if (strcmp(piece, "send") == 0 && argc == 6)
		return read_keys(argv[5], err);
	return 0;
}

static int run(int argc, char **argv, size_t *ret_bytes, struct err *err)
{
	const char *piece = argv[1];
	long count = atol(argv[2]);

	if ((strcmp(piece, "compose") == 0 && argc == 3) ||
	    (strcmp(piece, "sign") == 0 && argc == 4))
		return compose_all(count, ret_bytes, err);
	if (strcmp(piece, "signature") == 0 && argc == 4)
		return sign_alone(count, ret_bytes, err);
	if (strcmp(piece, "say") == 0 && argc == 4)
		return say_all(count, argv[3], ret_bytes, err);
	if (strcmp(piece, "send") != 0 || argc < 5 || argc > 6)
		return err_config(err,
				  "usage: mail_bench compose|sign|signature|say|send COUNT ...");
	if (compose_all(1, ret_bytes, err) < 0)
		return -1;
	return send_all(count, argv[3], (unsigned)atoi(argv[4]), err);
}

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void report(const char *count, size_t bytes, int64_t took_ms, const struct rusage *before)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	printf("{\"mails\": %s, \"bytes\": %zu, \"seconds\": %.3f, \"user_s\": %.3f, "
	       "\"system_s\": %.3f}\n",
	       count, bytes, (double)took_ms / 1000,
	       seconds(used.ru_utime) - seconds(before->ru_utime),
	       seconds(used.ru_stime) - seconds(before->ru_stime));
}

int main(int argc, char **argv)
{
	struct template_set *templates = NULL;
	struct rusage before;
	int64_t began_ms;
	size_t bytes = 0;
	struct err err;
	int r = -1;

	if (argc < 3) {
		fprintf(stderr, "usage: mail_bench compose|sign|signature|say|send COUNT ...\n");
		return EXIT_CONFIG;
	}
	if (template_set_open("deploy/templates", &templates, &err) == 0) {
		composer.templates = templates;
		r = prepare(argc, argv, &err);
		getrusage(RUSAGE_SELF, &before);
		began_ms = clock_monotonic_ms();
		if (r == 0)
			r = run(argc, argv, &bytes, &err);
		if (r == 0)
			report(argv[2], bytes, clock_monotonic_ms() - began_ms, &before);
	}
	if (r < 0)
		fprintf(stderr, "mail_bench: %s\n", err.text);
	compose_room_free(&room);
	dkim_keys_free(&keys);
	template_set_free(templates);
	return r < 0 ? EXIT_NO : 0;
}
