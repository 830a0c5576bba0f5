/* nurturectl_why_test.c - what `why` says, word for word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "nurturectl_outcomes.h"
#include "services/nurturectl/explain/why.h"
#include "services/nurturectl/explain/why_now.h"

enum { WORDS_BYTES = 1 << 20 };

static const char *const lines[] = {
    "{\"at\":\"2026-03-02T08:00:00Z\",\"channel\":\"email\",\"class\":\"care\",\"considered\":[{"
    "\"held_"
    "by\":\"month\",\"priority\":30,\"programme\":\"sale\",\"request\":\"s\",\"value\":\"12.5\"},{"
    "\"priority\":20,\"programme\":\"thanks\",\"request\":\"r\"}],\"customer\":\"ann\",\"id\":"
    "\"1\","
    "\"policy\":\"b1946ac92492d234\",\"probability\":\"0.45\",\"programme\":\"tips\",\"reason\":{"
    "\"count\":2,\"eligible_at\":\"2026-03-06T09:30:00Z\",\"limit\":2,\"rule\":\"week\",\"window_"
    "s\":"
    "604800,\"won_by\":\"old\"},\"request\":\"m\",\"rules\":[{\"count\":0,\"limit\":1,\"rule\":"
    "\"gap\","
    "\"window_s\":72000},{\"count\":2,\"limit\":2,\"rule\":\"week\",\"window_s\":604800}],"
    "\"status\":"
    "\"deferred\",\"triggered_at\":\"2026-03-01T23:00:00Z\",\"variant\":\"warm\"}",
    "{\"at\":\"2026-03-06T09:30:00Z\",\"channel\":\"email\",\"class\":\"care\",\"customer\":"
    "\"ann\",\"id\":"
    "\"2\",\"policy\":\"c2946ac92492d234\",\"probability\":\"0.45\",\"programme\":\"tips\","
    "\"request\":"
    "\"m\",\"status\":\"sent\",\"triggered_at\":\"2026-03-01T23:00:00Z\",\"variant\":\"warm\"}",
    "{\"at\":\"2026-03-06T09:30:00Z\",\"channel\":\"email\",\"class\":\"care\",\"customer\":"
    "\"ann\",\"id\":"
    "\"3\",\"merged_into\":\"m\",\"policy\":\"c2946ac92492d234\",\"programme\":\"thanks\","
    "\"order\":\"o-17\",\"send\":\"m-1\",\"coupon\":\"SPRING\",\"rung\":\"rating\",\"reminder\":2,"
    "\"template\":\"thanks\",\"locale\":\"de-AT\",\"owner\":\"crm\","
    "\"request\":"
    "\"r\",\"status\":\"sent\"}",
    "{\"at\":\"2026-03-07T09:30:00Z\",\"channel\":\"external\",\"class\":\"care\",\"customer\":"
    "\"ann\","
    "\"id\":\"4\",\"policy\":\"c2946ac92492d234\",\"programme\":\"newsletter\",\"request\":\"p\","
    "\"status\":\"permitted\"}",
    "{\"at\":\"2026-03-07T09:45:00Z\",\"channel\":\"external\",\"class\":\"care\",\"customer\":"
    "\"ann\","
    "\"id\":\"5\",\"policy\":\"c2946ac92492d234\",\"programme\":\"newsletter\",\"reason\":{"
    "\"detail\":"
    "\"lapsed\",\"rule\":\"permit\"},\"request\":\"p\",\"status\":\"released\"}",
};

static const char story[] =
    "ann: 3 requests; 3 sent or permitted, 0 given to people, 0 waiting, 0 not sent\n"
    "\ntips (care, email), set off 2026-03-01T23:00:00Z\n"
    "    2026-03-02T08:00:00Z  held back: cap week: 2 of 2 in 7 days; possible from "
    "2026-03-06T09:30:00Z; went first: request old\n"
    "        asked: gap 0 of 1 in 20 hours\n"
    "        beside it: sale (priority 30, value 12.5, held by month), thanks (priority 20)\n"
    "    2026-03-06T09:30:00Z  sent\n"
    "    variant warm, a chance of 0.45\n"
    "    by policy b1946ac92492d234, then c2946ac92492d234\n"
    "\nthanks (care, email)\n"
    "    2026-03-06T09:30:00Z  sent, in the mail of tips\n"
    "    order o-17, send m-1, coupon SPRING, rung rating (reminder 2), template thanks, "
    "locale de-AT, owner crm\n"
    "\nnewsletter (care, external)\n"
    "    2026-03-07T09:30:00Z  permitted to another tool\n"
    "    2026-03-07T09:45:00Z  given back by the other tool: not used: a permit (lapsed)\n";

static void what_was_decided(void **state)
{
	struct why_options options = {.at_ms = NEVER_MS};
	struct buf out = BUF_MAX(WORDS_BYTES);
	struct outcomes list = {0};
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++)
		if (outcomes_add(&list, slice_text(lines[i]), &err) < 0)
			fail_msg("%s", err.text);
	outcomes_sort(&list);
	assert_int_equal(why_tell(&list, &options, &out), 3);
	assert_string_equal(out.bytes, story);
	outcomes_free(&list);
	buf_free(&out);
}

/* Held back and sent by the same count beside the same others: each is said once. */
static void what_is_the_same_is_said_once(void **state)
{
#define SEEN                                                                                       \
	"\"considered\":[{\"priority\":20,\"programme\":\"thanks\",\"request\":\"r\"}],"           \
	"\"customer\":"                                                                            \
	"\"ann\",\"id\":\"%d\",\"policy\":\"b1946ac92492d234\",\"programme\":\"tips\",%"           \
	"s\"request\":"                                                                            \
	"\"m\",\"rules\":[{\"count\":0,\"limit\":1,\"rule\":\"gap\",\"window_s\":72000}],"         \
	"\"status\":"                                                                              \
	"\"%s\"}"
	struct why_options options = {.at_ms = NEVER_MS};
	struct buf out = BUF_MAX(WORDS_BYTES);
	struct outcomes list = {0};
	struct err err;
	char line[1000];

	(void)state;
	for (int i = 0; i < 2; i++) {
		snprintf(line, sizeof(line),
			 "{\"at\":\"2026-03-0%dT08:00:00Z\",\"channel\":\"email\",\"class\":"
			 "\"care\"," SEEN,
			 i + 2, i, i ? "" : "\"reason\":{\"rule\":\"quiet_hours\"},",
			 i ? "sent" : "deferred");
		if (outcomes_add(&list, slice_text(line), &err) < 0)
			fail_msg("%s", err.text);
	}
	outcomes_sort(&list);
	assert_int_equal(why_tell(&list, &options, &out), 1);
	assert_string_equal(
	    out.bytes,
	    "ann: 1 request; 1 sent or permitted, 0 given to people, 0 waiting, 0 not sent\n"
	    "\ntips (care, email)\n"
	    "    2026-03-02T08:00:00Z  held back: quiet hours: it was night where the customer "
	    "lives\n"
	    "        asked: gap 0 of 1 in 20 hours\n"
	    "        beside it: thanks (priority 20)\n"
	    "    2026-03-03T08:00:00Z  sent\n"
	    "    by policy b1946ac92492d234\n");
	outcomes_free(&list);
	buf_free(&out);
}

/* The word of the end is the rule already. */
static void an_end_and_its_rule_are_said_once(void **state)
{
	static const struct {
		const char *status, *rule, *detail, *said;
	} ends[] = {
	    {"expired", "expires", "", "not sent: its time ran out"},
	    {"erased", "erased", "", "not sent: the customer asked to be forgotten"},
	    {"no_consent", "consent", "care", "not sent: no consent (care)"},
	    {"undeliverable", "coupons", "",
	     "not sent: no address that takes mail: no code was left"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct why_options options = {.at_ms = NEVER_MS};
		struct buf out = BUF_MAX(WORDS_BYTES);
		struct outcomes list = {0};
		char line[1000], said[200];
		struct err err;

		snprintf(
		    line, sizeof(line),
		    "{\"at\":\"2026-03-02T08:00:00Z\",\"channel\":\"email\",\"class\":\"care\","
		    "\"customer\":\"ann\",\"id\":\"1\",\"programme\":\"tips\",\"reason\":{"
		    "\"detail\":\"%s\",\"rule\":\"%s\"},\"request\":\"m\",\"status\":\"%s\"}",
		    ends[i].detail, ends[i].rule, ends[i].status);
		snprintf(said, sizeof(said), "    2026-03-02T08:00:00Z  %s\n", ends[i].said);
		assert_int_equal(outcomes_add(&list, slice_text(line), &err), 0);
		assert_int_equal(why_tell(&list, &options, &out), 1);
		if (!strstr(out.bytes, said))
			fail_msg("expected %s, found %s", said, out.bytes);
		outcomes_free(&list);
		buf_free(&out);
	}
}

/* A state as the scheduler writes it: the contact and requests packed. */
static struct slice pack(const void *message, struct arena *arena)
{
	uint8_t *bytes = arena_alloc(arena, protobuf_c_message_get_packed_size(message));

	return slice_of(bytes, protobuf_c_message_pack(message, bytes));
}

static struct slice pack_state(Nurture__V1__Contact *contact, struct arena *arena)
{
	Nurture__V1__Ledger ledger = NURTURE__V1__LEDGER__INIT;
	Nurture__V1__Waiting waiting[2] = {NURTURE__V1__WAITING__INIT, NURTURE__V1__WAITING__INIT};
	Nurture__V1__Waiting *list[] = {&waiting[0], &waiting[1]};
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	struct slice bytes;

	bytes = pack(contact, arena);
	ledger.contact = (ProtobufCBinaryData){bytes.len, (uint8_t *)(uintptr_t)bytes.bytes};
	request.id = (char *)"w";
	request.programme = (char *)"sale";
	request.message_class = (char *)"promotion";
	request.channel = (char *)"email";
	request.expires_ms = BEGIN + 30 * DAY_MS;
	bytes = pack(&request, arena);
	for (int i = 0; i < 2; i++)
		waiting[i].request =
		    (ProtobufCBinaryData){bytes.len, (uint8_t *)(uintptr_t)bytes.bytes};
	waiting[0].due_ms = BEGIN;
	waiting[0].rule = (char *)"paused";
	waiting[0].eligible_ms = BEGIN + 2 * DAY_MS;
	ledger.waiting = list;
	ledger.n_waiting = 2;
	return pack(&ledger, arena);
}

static void how_it_stands(void **state)
{
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	Nurture__V1__ConsentState all = NURTURE__V1__CONSENT_STATE__INIT, one = all;
	Nurture__V1__ConsentState *consent[] = {&one, &all};
	Nurture__V1__Allowance allowance = NURTURE__V1__ALLOWANCE__INIT, *own[] = {&allowance};
	char *cases[] = {(char *)"late:17"}, *ended[] = {(char *)"complaint:9"},
	     *segments[] = {(char *)"returning", (char *)"vip"};
	struct why_options options = {.at_ms = NEVER_MS};
	struct buf out = BUF_MAX(WORDS_BYTES);
	struct scheduler_view view = {0};
	struct arena arena = {0};
	struct err err;

	(void)state;
	contact.email = (char *)"ann@customers.example";
	all.message_class = (char *)"all";
	all.given = true;
	one.message_class = (char *)"promotion";
	contact.consent = consent;
	contact.n_consent = 2;
	contact.paused_until_ms = BEGIN + 2 * DAY_MS;
	allowance.limit = 1;
	allowance.window_ms = 7 * DAY_MS;
	contact.allowances = own;
	contact.n_allowances = 1;
	contact.open_cases = cases;
	contact.n_open_cases = 1;
	contact.ended_cases = ended;
	contact.n_ended_cases = 1;
	contact.segments = segments;
	contact.n_segments = 2;
	assert_int_equal(scheduler_view_decode(pack_state(&contact, &arena), &view, &err), 0);
	why_tell_now(&view, &options, &out);
	assert_string_equal(
	    out.bytes,
	    "\nas the scheduler has it now\n"
	    "    address: ann@customers.example\n"
	    "    consent: yes to all; no to promotion\n"
	    "    asked for quiet until 2024-10-06T00:00:00Z\n"
	    "    asked for at most 1 in 7 days\n"
	    "    open cases: late:17\n"
	    "    cases that nobody closed, too old to hold anything: complaint:9\n"
	    "    segments: returning, vip\n"
	    "    waits: sale (promotion, email), due 2024-10-04T00:00:00Z, until "
	    "2024-11-03T00:00:00Z; held back: the customer asked for quiet; possible from "
	    "2024-10-06T00:00:00Z\n"
	    "    waits: sale (promotion, email), follows another one that has not gone out, until "
	    "2024-11-03T00:00:00Z\n");
	buf_reset(&out);
	options.programme = "tips";
	contact.n_consent = contact.n_allowances = contact.n_open_cases = contact.n_ended_cases =
	    contact.n_segments = 0;
	contact.paused_until_ms = 0;
	contact.undeliverable = (char *)"bounced";
	assert_int_equal(scheduler_view_decode(pack_state(&contact, &arena), &view, &err), 0);
	why_tell_now(&view, &options, &out);
	assert_string_equal(out.bytes, "\nas the scheduler has it now\n"
				       "    the address takes no mail: bounced\n"
				       "    consent: none was ever given\n"
				       "    nothing of tips waits\n");
	buf_reset(&out);
	contact.merged = true;
	contact.merged_into = (char *)"bob";
	assert_int_equal(scheduler_view_decode(pack_state(&contact, &arena), &view, &err), 0);
	why_tell_now(&view, &options, &out);
	assert_string_equal(out.bytes, "\nas the scheduler has it now\n"
				       "    goes on as bob: what was granted and waits is there\n"
				       "    nothing of tips waits\n");
	scheduler_view_free(&view);
	arena_free(&arena);
	buf_free(&out);
}

static void nothing_is_known(void **state)
{
	static const uint8_t junk[] = {0xff, 0xff};
	struct why_options options = {.at_ms = NEVER_MS};
	struct buf out = BUF_MAX(WORDS_BYTES);
	struct scheduler_view view = {0};
	struct err err;

	(void)state;
	why_tell_now(&view, &options, &out);
	assert_string_equal(out.bytes, "\nas the scheduler has it now\n"
				       "    nothing: no event of this customer has come so far, or "
				       "all is over and forgotten\n");
	buf_reset(&out);
	assert_int_equal(scheduler_view_decode(slice_of(junk, 2), &view, &err), -1);
	assert_string_equal(err.text, "the scheduler's state is not readable (2 bytes)");
	err_set(&view.why_not, "redis localhost:6379: refused");
	why_tell_now(&view, &options, &out);
	assert_string_equal(out.bytes, "\nas the scheduler has it now\n"
				       "    not known: redis localhost:6379: refused\n");
	scheduler_view_free(&view);
	buf_free(&out);
}

/* What would set a programme off, and whether chance leaves this customer alone. */
static void not_set_off(void **state)
{
	static struct segment segments[] = {{.name = "slipping"}};
	static struct programme programmes[] = {
	    {.name = "tips", .trigger = {.kind = TRIGGER_EVENT, .event = "order.delivered"}},
	    {.name = "sale",
	     .message_class = LIST_PROMOTION,
	     .trigger = {.kind = TRIGGER_ENTER},
	     .holdout_permille = 1000},
	    {.name = "party",
	     .trigger =
		 {.kind = TRIGGER_DATE, .date = DATE_ONCE, .year = 2026, .month = 11, .day = 20},
	     .has_condition = true}};
	struct policy policy = *list_policy();
	struct why_options options = {.policy = &policy, .at_ms = NEVER_MS};
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	struct scheduler_view view = {.contact = &contact};
	struct buf out = BUF_MAX(WORDS_BYTES);
	static const struct line heard[] = {LINE("ann", "r1", "1", "tips", "care", "sent", 0)};
	struct outcomes list = list_of(heard, 1);

	(void)state;
	policy.segments = segments;
	policy.programmes = programmes;
	policy.programme_count = 3;
	why_tell_unheard(&view, &list, &options, "ann", &out);
	assert_string_equal(
	    out.bytes,
	    "\nnot set off so far\n"
	    "    sale: set off on entering the segment slipping (is not in it); and then "
	    "this customer would be left alone, to compare (holdout)\n"
	    "    party: set off on 2026-11-20, on a condition\n");
	buf_reset(&out);
	options.programme = "tips";
	why_tell_unheard(&view, &list, &options, "ann", &out);
	assert_int_equal(out.len, 0);
	outcomes_free(&list);
	buf_free(&out);
}

/* What went out under another id is said, and not under which. */
static void what_others_behind_the_address_did(void **state)
{
	static const struct line held[] = {
	    HELD("bob", "r1", "1", "tips", "care", 0, "inbox:week", 2, 2, 604800),
	    {.customer = "bob",
	     .request = "r1",
	     .id = "2",
	     .programme = "tips",
	     .message_class = "care",
	     .status = "no_consent",
	     .after_ms = HOUR_MS,
	     .rule = "inbox:consent"},
	    {.customer = "bob",
	     .request = "r2",
	     .id = "3",
	     .programme = "bill",
	     .message_class = "receipt",
	     .status = "undeliverable",
	     .after_ms = HOUR_MS,
	     .rule = "inbox:address"},
	    {.customer = "bob",
	     .request = "r3",
	     .id = "4",
	     .programme = "tips",
	     .message_class = "care",
	     .status = "displaced",
	     .after_ms = HOUR_MS,
	     .rule = "inbox:waiting_limit"},
	};
	static const char *const words[] = {
	    "held back: cap week: 2 of 2 in 7 days, counted over all accounts with this address",
	    "no was said to mail to this address, under another account",
	    "the address takes no mail, as another account with it has shown",
	    "too much was waiting for the customer, counted over all accounts with this address",
	};
	const struct why_options options = {.at_ms = NEVER_MS, .policy = list_policy()};
	struct outcomes list = list_of(held, COUNT_OF(held));
	struct buf out = BUF_MAX(WORDS_BYTES);

	(void)state;
	assert_int_equal(why_tell(&list, &options, &out), 3);
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (!strstr(out.bytes, words[i]))
			fail_msg("%s is not in\n%s", words[i], out.bytes);
	assert_null(strstr(out.bytes, "inbox:"));
	outcomes_free(&list);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_others_behind_the_address_did),
	    cmocka_unit_test(what_was_decided),
	    cmocka_unit_test(what_is_the_same_is_said_once),
	    cmocka_unit_test(an_end_and_its_rule_are_said_once),
	    cmocka_unit_test(how_it_stands),
	    cmocka_unit_test(nothing_is_known),
	    cmocka_unit_test(not_set_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
