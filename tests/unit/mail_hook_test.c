/* What providers' webhooks say: each provider's words, whose it was, and SNS's questions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/mail/bounce_record.h"
#include "common/mail/hook.h"
#include "common/message/event.h"

#define KEY "0123456789abcdef"
#define SEND "5d41402abc4b2a76b9719d911017c592"

static const struct token_keys keys = {.now = {(const uint8_t *)KEY, 16}};
static char token[RETURN_TOKEN_BYTES], path[RETURN_LOCAL_BYTES + 20];

static int make_tokens(void **state)
{
	char local[RETURN_LOCAL_BYTES];
	struct err err;

	(void)state;
	assert_int_equal(
	    return_token_make(slice_text(KEY), slice_text(SEND), slice_text("ann"), token, &err),
	    0);
	assert_int_equal(
	    return_local_make(slice_text(KEY), slice_text(SEND), slice_text("ann"), local, &err),
	    0);
	snprintf(path, sizeof(path), "%s@b.shop.example", local);
	return 0;
}

#define SNS_BOUNCE(type, subtype, diagnostic)                                                      \
	"{'notificationType':'Bounce','bounce':{'bounceType':'" type "','bounceSubType':'" subtype \
	"','bouncedRecipients':[{'emailAddress':'ann@customers.example','action':'failed',"        \
	"'status':'5.1.1','diagnosticCode':'" diagnostic "'}]},'mail':{'source':'$P'}}"
#define MAILGUN(event, severity, reason, code, text)                                               \
	"{'signature':{},'event-data':{'event':'" event "','severity':'" severity                  \
	"','reason':'" reason                                                                      \
	"','recipient':'ann@customers.example','delivery-status':{'code':" code                    \
	",'message':'" text "'},'user-variables':{'nurture':'$T'}}}"
#define POSTMARK(type, details)                                                                    \
	"{'RecordType':'Bounce','Type':'" type                                                     \
	"','Email':'ann@customers.example','Details':'" details "','Metadata':{'nurture':'$T'}}"
#define SENDGRID(event, type, status, reason)                                                      \
	"{'event':'" event "','type':'" type "','status':'" status "','reason':'" reason           \
	"','email':'ann@customers.example','nurture':'$T'}"
#define SPARKPOST(type, class, reason)                                                             \
	"{'msys':{'message_event':{'type':'" type                                                  \
	"','bounce_class':'" class "','raw_reason':'" reason "','rcpt_to':'ann@customers.example'" \
				   ",'rcpt_meta':{'nurture':'$T'}}}}"
/* ' stands for ", $T for a token and $P for a return path of ann's. */
static const struct {
	enum hook_provider provider;
	const char *body;
	enum bounce_kind kind;
} cases[] = {
    {HOOK_SES, SNS_BOUNCE("Permanent", "General", "smtp; 550 5.1.1 user unknown"), BOUNCE_HARD},
    {HOOK_SES, SNS_BOUNCE("Permanent", "NoEmail", ""), BOUNCE_HARD},
    {HOOK_SES, SNS_BOUNCE("Permanent", "OnAccountSuppressionList", ""), BOUNCE_HARD},
    {HOOK_SES, SNS_BOUNCE("Permanent", "General", "smtp; 550 5.7.1 blocked using zen.spamhaus.org"),
     BOUNCE_POLICY},
    {HOOK_SES, SNS_BOUNCE("Transient", "MailboxFull", "smtp; 552 5.2.2 full"), BOUNCE_SOFT},
    {HOOK_SES, SNS_BOUNCE("Transient", "General", "smtp; 550 5.1.1 user unknown"), BOUNCE_SOFT},
    {HOOK_SES, SNS_BOUNCE("Transient", "ContentRejected", ""), BOUNCE_POLICY},
    {HOOK_SES, SNS_BOUNCE("Undetermined", "Undetermined", ""), BOUNCE_SOFT},
    {HOOK_SES,
     "{'eventType':'Complaint','complaint':{'complaintFeedbackType':'abuse',"
     "'complainedRecipients':[{'emailAddress':'ann@customers.example'}]},'mail':{"
     "'headers':[{'name':'X-Nurture-Return','value':'$T'}]}}",
     BOUNCE_COMPLAINT},
    {HOOK_SES, "{'notificationType':'Complaint','complaint':{'complaintFeedbackType':'not-spam'}}",
     BOUNCE_NONE},
    {HOOK_SES, "{'notificationType':'Delivery','mail':{'source':'$P'}}", BOUNCE_NONE},
    {HOOK_MAILGUN, MAILGUN("failed", "permanent", "bounce", "550", "5.1.1 no such user"),
     BOUNCE_HARD},
    {HOOK_MAILGUN, MAILGUN("failed", "permanent", "suppress-bounce", "605", "Not delivering"),
     BOUNCE_HARD},
    {HOOK_MAILGUN, MAILGUN("failed", "permanent", "suppress-unsubscribe", "606", ""), BOUNCE_NONE},
    {HOOK_MAILGUN, MAILGUN("failed", "permanent", "bounce", "552", "5.2.2 mailbox full"),
     BOUNCE_SOFT},
    {HOOK_MAILGUN, MAILGUN("failed", "permanent", "generic", "550", "5.7.1 rejected as spam"),
     BOUNCE_POLICY},
    {HOOK_MAILGUN, MAILGUN("failed", "temporary", "generic", "451", "4.7.1 greylisted"),
     BOUNCE_NONE},
    {HOOK_MAILGUN, MAILGUN("complained", "", "", "0", ""), BOUNCE_COMPLAINT},
    {HOOK_MAILGUN, MAILGUN("delivered", "", "", "250", "OK"), BOUNCE_NONE},
    {HOOK_POSTMARK, POSTMARK("HardBounce", "smtp;550 5.1.1 The email account does not exist"),
     BOUNCE_HARD},
    {HOOK_POSTMARK, POSTMARK("HardBounce", ""), BOUNCE_HARD},
    {HOOK_POSTMARK, POSTMARK("SoftBounce", "552 5.2.2 over quota"), BOUNCE_SOFT},
    {HOOK_POSTMARK, POSTMARK("SpamNotification", "554 spam"), BOUNCE_POLICY},
    {HOOK_POSTMARK, POSTMARK("AutoResponder", "out of office"), BOUNCE_NONE},
    {HOOK_POSTMARK, POSTMARK("Transient", "451 later"), BOUNCE_NONE},
    {HOOK_POSTMARK,
     "{'RecordType':'SpamComplaint','Email':'ann@customers.example','Metadata':"
     "{'nurture':'$T'}}",
     BOUNCE_COMPLAINT},
    {HOOK_POSTMARK, "{'RecordType':'Open','Metadata':{'nurture':'$T'}}", BOUNCE_NONE},
    {HOOK_SENDGRID, "[" SENDGRID("bounce", "bounce", "5.1.1", "550 5.1.1 user unknown") "]",
     BOUNCE_HARD},
    {HOOK_SENDGRID, "[" SENDGRID("bounce", "blocked", "5.7.1", "554 blocked: spam") "]",
     BOUNCE_POLICY},
    {HOOK_SENDGRID, "[" SENDGRID("bounce", "blocked", "5.1.1", "550 5.1.1 user unknown") "]",
     BOUNCE_SOFT},
    {HOOK_SENDGRID, "[" SENDGRID("dropped", "", "", "Bounced Address") "]", BOUNCE_HARD},
    {HOOK_SENDGRID, "[" SENDGRID("dropped", "", "", "Unsubscribed Address") "]", BOUNCE_NONE},
    {HOOK_SENDGRID, "[" SENDGRID("deferred", "", "4.2.1", "busy") "]", BOUNCE_NONE},
    {HOOK_SENDGRID, "[" SENDGRID("spamreport", "", "", "") "]", BOUNCE_COMPLAINT},
    {HOOK_SPARKPOST, "[" SPARKPOST("bounce", "10", "550 5.1.1 no such user") "]", BOUNCE_HARD},
    {HOOK_SPARKPOST, "[" SPARKPOST("out_of_band", "22", "552 5.2.2 mailbox full") "]", BOUNCE_SOFT},
    {HOOK_SPARKPOST, "[" SPARKPOST("bounce", "51", "550 spam") "]", BOUNCE_POLICY},
    {HOOK_SPARKPOST, "[" SPARKPOST("bounce", "60", "out of office") "]", BOUNCE_NONE},
    {HOOK_SPARKPOST, "[" SPARKPOST("bounce", "1", "550 5.1.1 user unknown") "]", BOUNCE_HARD},
    {HOOK_SPARKPOST, "[" SPARKPOST("spam_complaint", "", "") "]", BOUNCE_COMPLAINT},
    {HOOK_SPARKPOST, "[" SPARKPOST("delay", "20", "451 later") "]", BOUNCE_NONE},
};

static const char *fill_in(const char *body, struct arena *arena)
{
	struct buf out = BUF_MAX(8192);
	const char *ret;

	for (; *body; body++) {
		if (body[0] == '$' && (body[1] == 'T' || body[1] == 'P'))
			buf_text(&out, *++body == 'T' ? token : path);
		else
			buf_char(&out, *body == '\'' ? '"' : *body);
	}
	ret = arena_copy(arena, out.bytes, out.len);
	buf_free(&out);
	return ret;
}

static void words(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *body = fill_in(cases[i].body, &arena);
		struct hook_batch batch;
		struct err err;

		if (hook_read(cases[i].provider, slice_text(body), &keys, &arena, &batch, &err) < 0)
			fail_msg("%s: %s", body, err.text);
		assert_int_equal(batch.count, 1);
		if (batch.events[0].bounce.kind != cases[i].kind)
			fail_msg("%s: found %s", body,
				 bounce_kind_text(batch.events[0].bounce.kind));
		assert_int_equal(batch.events[0].has_owner, cases[i].kind != BOUNCE_NONE);
		if (cases[i].kind == BOUNCE_NONE)
			continue;
		assert_string_equal(batch.events[0].owner.customer, "ann");
		assert_string_equal(batch.events[0].bounce.recipient, "ann@customers.example");
	}
	arena_free(&arena);
}

/* SNS's own mails: in a text, raw, and the question whether it may send. */
static void sns(void **state)
{
	static const struct {
		const char *body;
		size_t events;
		bool asks;
		const char *url;
	} letters[] = {
	    {"{'Type':'Notification','Message':'{\\'notificationType\\':\\'Delivery\\'}'}", 1,
	     false, ""},
	    {"{'Type':'Notification','Message':'Successfully validated SNS topic'}", 0, false, ""},
	    {"{'Type':'SubscriptionConfirmation','SubscribeURL':"
	     "'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1'}",
	     0, true, "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1"},
	    {"{'Type':'SubscriptionConfirmation','SubscribeURL':'https://evil.example/"
	     ".amazonaws.com'}",
	     0, true, ""},
	    {"{'Type':'SubscriptionConfirmation','SubscribeURL':'https://xamazonaws.com/'}", 0,
	     true, ""},
	    {"{'Type':'SubscriptionConfirmation','SubscribeURL':'https://a@sns.amazonaws.com/'}", 0,
	     true, ""},
	    {"{'Type':'SubscriptionConfirmation','SubscribeURL':'http://sns.amazonaws.com/'}", 0,
	     true, ""},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(letters) / sizeof(*letters); i++) {
		const char *body = fill_in(letters[i].body, &arena);
		struct hook_batch batch;
		struct err err;

		assert_int_equal(hook_read(HOOK_SES, slice_text(body), &keys, &arena, &batch, &err),
				 0);
		assert_int_equal(batch.count, letters[i].events);
		assert_int_equal(batch.asks_confirmation, letters[i].asks);
		assert_string_equal(batch.confirm_url, letters[i].url);
	}
	arena_free(&arena);
}

static void refused(void **state)
{
	static const char *const bodies[] = {
	    "", "x", "3", "'text'", "{", "{'Type':'Notification','Message':'{'}", "{'a':1,'a':2}"};
	struct arena arena = {0};
	struct hook_batch batch;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++)
		assert_int_equal(hook_read(HOOK_SES, slice_text(fill_in(bodies[i], &arena)), &keys,
					   &arena, &batch, &err),
				 -1);
	/* Nobody's: a token of another key, an address that only looks so. */
	assert_int_equal(hook_read(HOOK_POSTMARK,
				   slice_text(fill_in(POSTMARK("HardBounce", ""), &arena)),
				   &(struct token_keys){.now = slice_text("another key 1234")},
				   &arena, &batch, &err),
			 0);
	assert_false(batch.events[0].has_owner);
	arena_free(&arena);
}

/* The example of Mailgun's documentation has no key; this was made with `openssl dgst`. */
static void mailgun_signs(void **state)
{
	static const char body[] = "{\"signature\":{\"timestamp\":\"1529006854\",\"token\":"
				   "\"a8ce0edb2dd8301dee6c2405235584e45"
				   "aa91d1e9f979f3de0\",\"signature\":\"%s\"}}";
	static const char good[] =
	    "71d6ece3fd27958f55cf2016352aa4ebb40876dff70476b9e8c4a47cb02a037e";
	int64_t at_ms = 1529006854000;
	char text[400];

	(void)state;
	snprintf(text, sizeof(text), body, good);
	assert_true(
	    hook_mailgun_is_signed(slice_text(text), slice_text("key-of-the-domain"), at_ms));
	assert_false(hook_mailgun_is_signed(slice_text(text), slice_text("another key"), at_ms));
	assert_false(hook_mailgun_is_signed(slice_text(text), slice_text("key-of-the-domain"),
					    at_ms + 16 * 60 * 1000));
	text[strlen(text) - 4] ^= 1;
	assert_false(
	    hook_mailgun_is_signed(slice_text(text), slice_text("key-of-the-domain"), at_ms));
	assert_false(
	    hook_mailgun_is_signed(slice_text("{}"), slice_text("key-of-the-domain"), at_ms));
}

/* What goes to Kafka is an event that its readers take; what is nobody's is a dead letter. */
static void records(void **state)
{
	struct bounce bounce = {.kind = BOUNCE_HARD,
				.status = "5.1.1",
				.recipient = "ann@mail.example",
				.text = "550 \"nobody\""};
	struct return_token owner = {.send = SEND, .customer = "ann"}, cut = owner,
			    nameless = owner;
	struct bounce_record record = BOUNCE_RECORD;
	struct arena arena = {0};
	Nurture__V1__Event *event;
	char id[ID_TEXT_BYTES];
	struct err err;

	(void)state;
	assert_true(bounce_record(&bounce, &owner, "lmtp", 1772400000000, &record));
	assert_false(record.is_dead);
	assert_string_equal(record.key, "ann");
	assert_int_equal(event_decode(buf_slice(&record.value), &arena, &event, &err), 0);
	assert_string_equal(event->type, "message.bounced");
	assert_string_equal(event->customer->id, "ann");
	assert_string_equal(event->message->id, SEND);
	assert_string_equal(event->message->kind, "hard");
	assert_string_equal(event->message->detail, "5.1.1 550 \"nobody\"");
	assert_string_equal(event->message->email, "ann@mail.example");
	memcpy(id, record.id, sizeof(id));

	/* Half of the send's id: the same bounce. */
	cut.send[16] = '\0';
	assert_true(bounce_record(&bounce, &cut, "ses", 1772400009999, &record));
	assert_string_equal(record.id, id);
	bounce_owner_complete(&cut, &owner);
	assert_string_equal(cut.send, SEND);

	bounce.kind = BOUNCE_SOFT;
	snprintf(bounce.recipient, sizeof(bounce.recipient), "a mailbox");
	assert_true(bounce_record(&bounce, &owner, "lmtp", 1772400000000, &record));
	assert_string_not_equal(record.id, id);
	assert_int_equal(event_decode(buf_slice(&record.value), &arena, &event, &err), 0);
	assert_string_equal(event->message->email, ""); /* no address */
	bounce.kind = BOUNCE_COMPLAINT;
	assert_true(bounce_record(&bounce, &owner, "lmtp", 1772400000000, &record));
	assert_int_equal(event_decode(buf_slice(&record.value), &arena, &event, &err), 0);
	assert_string_equal(event->type, "message.complained");

	nameless.customer[0] = '\0';
	assert_true(bounce_record(&bounce, &nameless, "lmtp", 1772400000000, &record));
	assert_true(record.is_dead);
	assert_string_equal(record.key, SEND);
	assert_true(bounce_record(&bounce, NULL, "lmtp", 1772400000000, &record));
	assert_true(record.is_dead);
	bounce.kind = BOUNCE_NONE;
	assert_false(bounce_record(&bounce, &owner, "lmtp", 1772400000000, &record));
	buf_free(&record.value);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words),         cmocka_unit_test(sns),     cmocka_unit_test(refused),
	    cmocka_unit_test(mailgun_signs), cmocka_unit_test(records),
	};

	return cmocka_run_group_tests(tests, make_tokens, NULL);
}
