/*
 * NAME      mail_random - mails of random names, addresses and words, through the real composer
 * USAGE     mail_random URL COUNT SEED [DOMAIN SELECTOR:FILE[,...]]
 * WRITES    each mail over SMTP to URL, one connection; before it one line on stdout with
 *           what the mail is meant to say, as key=hex pairs
 * FAILURE   a mail that cannot be composed or is refused: exit 1
 *
 * For readers that are not ours: tests/e2e/mail_reading.py, mail_signatures.py.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/io/smtp/smtp.h"
#include "services/email-sender/compose/compose.h"
#include "services/email-sender/compose/dkim_files.h"

enum { TEXT_BYTES = 320 };

static struct message_class classes[] = {{.name = "care", .needs_consent = true},
					 {.name = "transactional"}};
static struct policy policy = {.shop = {.name = "Harbour & S\xc3\xb6hne",
					.sender_name = "Harbour, \"the shop\"",
					.sender_address = "care@harbour.example",
					.postal_address = "1 Quay",
					.website = "",
					.public_url = "https://mail.harbour.example"},
			       .classes = classes,
			       .class_count = 2};
static struct composer composer = {.policy = &policy,
				   .token_key = {(const uint8_t *)"0123456789abcdef", 16}};
static struct compose_room room = COMPOSE_ROOM;
static unsigned long long state;

static unsigned pick(unsigned below)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(state >> 33) % below;
}

/* Things that have broken mails before. */
static const char *const odd[] = {
    "\"",
    "\\",
    "<b>",
    ">",
    "@",
    ",",
    ";",
    ":",
    "(",
    ")",
    "[",
    "]",
    "=",
    "=?",
    "?=",
    "_",
    "%",
    "=?utf-8?Q?x?=",
    ".",
    "..",
    "From ",
    "&",
    "'",
    "  ",
    " ",
    " ",
    " ",
    "=20",
    "{{",
    "}}",
    "\xc3\xa9",
    "\xc3\x9f",
    "\xe6\x9d\x8e",
    "\xe5\xb0\x8f\xe9\xbe\x8d",
    "\xf0\x9f\x8e\x81",
    "e\xcc\x81",
    "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
    "\xe2\x80\x8d",
    "\xc2\xa0",
    "\xe2\x82\xac",
};
/* And these make it unreadable: the mail then does without. */
static const char *const bad[] = {
    "\r\nBcc: x@y.example", "\n.\r\n", "\r", "\t", "\xff", "\xc3", "\x7f", "\x01"};

static void random_text(char ret[TEXT_BYTES], unsigned max_pieces, const char *without)
{
	size_t len = 0;
	unsigned pieces = pick(max_pieces + 1);

	for (unsigned i = 0; i < pieces; i++) {
		char letters[12] = "";
		const char *piece = letters;
		unsigned kind = pick(400);

		if (kind == 0)
			piece = bad[pick(sizeof(bad) / sizeof(*bad))];
		else if (kind < 200)
			piece = odd[pick(sizeof(odd) / sizeof(*odd))];
		else
			for (unsigned k = 1 + pick(10), at = 0; k; k--, at++)
				letters[at] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					      "0123456789- "[pick(64)];
		if (strpbrk(piece, without) || len + strlen(piece) >= TEXT_BYTES)
			continue;
		memcpy(ret + len, piece, strlen(piece));
		len += strlen(piece);
	}
	ret[len] = '\0';
}

static void random_address(char ret[TEXT_BYTES])
{
	static const char *const hosts[] = {"customers.example",
					    "b\xc3\xbc"
					    "cher.example",
					    "\xe4\xbe\x8b\xe3\x81\x88.example",
					    "stra\xc3\x9f"
					    "e.example",
					    "x.y.z.mail-1.example"};
	static const char atext[] = "abcxyz0189!#$%&'*+-/=?^_`{|}~";
	size_t len = 1 + pick(40);

	for (size_t i = 0; i < len; i++)
		ret[i] = atext[pick(sizeof(atext) - 1)];
	ret[len] = '\0';
	if (pick(50) == 0)
		strcpy(ret, "m\xc3\xbcller");
	strcat(ret, "@");
	strcat(ret, hosts[pick(sizeof(hosts) / sizeof(*hosts))]);
}

struct letter {
	char id[65], name[TEXT_BYTES], email[TEXT_BYTES], order[TEXT_BYTES], programme[TEXT_BYTES];
	char sender[2 * TEXT_BYTES], reply_to[2 * TEXT_BYTES];
	bool is_notice;
};

static void random_mailbox(char ret[2 * TEXT_BYTES])
{
	char name[TEXT_BYTES], address[TEXT_BYTES];

	random_text(name, 12, "<");
	do
		random_address(address);
	while (strchr(address, '\xc3') && strchr(address, '\xc3') < strchr(address, '@'));
	snprintf(ret, sizeof(char[2 * TEXT_BYTES]), "%.300s <%.300s>", name, address);
}

static void random_letter(struct letter *letter)
{
	for (int i = 0; i < 32; i++)
		letter->id[i] = "0123456789abcdef"[pick(16)];
	letter->id[32] = '\0';
	random_text(letter->name, 24, "");
	random_address(letter->email);
	random_text(letter->order, 40, "");
	random_text(letter->programme, 6, "");
	letter->sender[0] = letter->reply_to[0] = '\0';
	if (pick(3) == 0)
		random_mailbox(letter->sender);
	if (pick(3) == 0)
		random_mailbox(letter->reply_to);
	letter->is_notice = pick(4) == 0;
	composer.bounce_domain = pick(2) ? "b.harbour.example" : NULL;
}

static void fill(struct letter *letter, Nurture__V1__DeliveryEffect *effect,
		 Nurture__V1__Dispatch *dispatch, Nurture__V1__Request *request,
		 Nurture__V1__Datum *datum)
{
	static Nurture__V1__Datum *list[1];

	nurture__v1__delivery_effect__init(effect);
	nurture__v1__dispatch__init(dispatch);
	nurture__v1__request__init(request);
	nurture__v1__datum__init(datum);
	list[0] = datum;
	datum->name = (char *)"order.id";
	datum->value = letter->order;
	request->action = (char *)"letter";
	request->programme = letter->programme;
	request->message_class = letter->is_notice ? "transactional" : "care";
	request->data = list;
	request->n_data = 1;
	dispatch->request = request;
	dispatch->email = letter->email;
	dispatch->name = letter->name;
	dispatch->sender = letter->sender;
	dispatch->reply_to = letter->reply_to;
	effect->id = letter->id;
	effect->dispatch = dispatch;
	effect->intended_ms = INT64_C(1772366400000) + (int64_t)pick(1000000000);
}

static void say(const char *key, struct slice value)
{
	printf("%s=", key);
	for (size_t i = 0; i < value.len; i++)
		printf("%02x", value.bytes[i]);
	putchar(' ');
}

static int say_parts(const Nurture__V1__DeliveryEffect *effect, struct err *err)
{
	static const struct {
		const char *key;
		enum template_part part;
	} parts[] = {
	    {"subject", TEMPLATE_SUBJECT}, {"text", TEMPLATE_TXT}, {"html", TEMPLATE_HTML}};

	for (int i = 0; i < 3; i++) {
		struct slice part;

		if (send_render(&composer, slice_text("c00017"), effect, parts[i].part, &room,
				&part, err) < 0)
			return -1;
		say(parts[i].key, part);
	}
	return 0;
}

static int one(struct smtp *smtp, struct err *err)
{
	Nurture__V1__DeliveryEffect effect;
	Nurture__V1__Dispatch dispatch;
	Nurture__V1__Request request;
	Nurture__V1__Datum datum;
	struct smtp_answer answer;
	struct letter letter;
	struct mail mail;

	random_letter(&letter);
	fill(&letter, &effect, &dispatch, &request, &datum);
	say("id", slice_text(letter.id));
	say("name", slice_text(letter.name));
	say("email", slice_text(letter.email));
	say("sender", slice_text(letter.sender));
	say("reply_to", slice_text(letter.reply_to));
	say("notice", slice_text(letter.is_notice ? "1" : "0"));
	say("verp", slice_text(composer.bounce_domain ? "1" : "0"));
	if (say_parts(&effect, err) < 0 ||
	    send_compose(&composer, slice_text("c00017"), &effect, &room, &mail, err) < 0)
		return -1;
	putchar('\n');
	fflush(stdout);
	if (smtp_send(smtp,
		      &(struct smtp_mail){.from = mail.from,
					  .to = mail.to,
					  .needs_utf8 = mail.needs_utf8,
					  .bytes = mail.bytes},
		      &answer) < 0 ||
	    answer.code != 250)
		return err_set(err, "%s: %d %s", letter.id, answer.code, answer.text);
	return 0;
}

/* Lines that a mail server, an old mailbox or quoted-printable would stumble over. */
static struct template_set *make_templates(struct err *err)
{
	static const char *const files[][2] = {
	    {"letter.subject.mustache", "About {{order.id}} for {{customer.name}}\n"},
	    {"letter.txt.mustache",
	     ".\n..\nFrom {{shop.name}} \ntrailing \t\n{{order.id}}\n--=_x--\n\n "
	     "{{customer.name}}={{customer.first_name}}{{unsubscribe}} "
	     "{{shop.postal_address}}\n\n"},
	    {"letter.html.mustache",
	     "<p>.{{order.id}}</p>\n\n\t<b>{{customer.name}}</b>  {{unsubscribe}} "
	     "{{shop.postal_address}}"},
	};
	struct template_set *set = template_set_new();

	for (int i = 0; i < 3; i++)
		if (template_set_add(set, files[i][0], slice_text(files[i][1]), err) < 0)
			return NULL;
	return template_set_check(set, err) < 0 ? NULL : set;
}

static int run(int argc, char **argv, struct err *err)
{
	const struct smtp_options options = {.url = argv[1]};
	struct template_set *templates = make_templates(err);
	struct dkim_keys keys = {0};
	struct smtp *smtp;
	int r = 0;

	if (!templates || smtp_open(&smtp, &options, err) < 0)
		return -1;
	composer.templates = templates;
	state = strtoull(argv[3], NULL, 10);
	if (argc == 6)
		r = dkim_keys_set_domain(&keys, argv[4], err) < 0 ||
			    dkim_keys_open(argv[5], &keys, err) < 0 ||
			    dkim_signer_open(&room.signer, &keys, err) < 0
			? -1
			: 0;
	for (long left = strtol(argv[2], NULL, 10); left > 0 && r == 0; left--)
		r = one(smtp, err);
	smtp_close(&smtp);
	compose_room_free(&room);
	dkim_keys_free(&keys);
	template_set_free(templates);
	return r;
}

int main(int argc, char **argv)
{
	struct err err;

	if (argc != 4 && argc != 6) {
		fprintf(stderr, "usage: mail_random URL COUNT SEED [DOMAIN SELECTOR:FILE[,...]]\n");
		return EXIT_CONFIG;
	}
	if (run(argc, argv, &err) < 0) {
		fprintf(stderr, "mail_random: %s\n", err.text);
		return EXIT_NO;
	}
	return 0;
}
