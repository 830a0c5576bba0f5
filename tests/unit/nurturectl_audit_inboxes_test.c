/* The auditor beyond one id: inboxes, what was said of them, and merges; each with what is right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "common/message/event.h"
#include "nurturectl_outcomes.h"
#include "services/nurturectl/audit/audit.h"

enum { FINDINGS_BYTES = 1 << 20, EVENTS_MAX = 6, LINES_MAX = 5 };

/* An event of a customer, so long after BEGIN. */
struct heard {
	int64_t after_ms;
	const char *customer, *type,
	    *more; /* more: members of the customer and the event, as JSON */
};

struct row {
	const char *what;
	struct heard events[EVENTS_MAX];
	struct line lines[LINES_MAX];
	size_t broken, against_word, to_dead;
	const char *said; /* in the findings */
};

#define LIVES(who, address) {-DAY_MS, who, "customer.updated", ",\"email\":\"" address "\"}"}
#define MOVES(after, who, address) {after, who, "customer.updated", ",\"email\":\"" address "\"}"}
#define SAYS(after, who, given)                                                                    \
	{after, who, "consent.changed", ",\"consent\":{\"promotion\":" given "}}"}
#define SHOWS(after, who, given)                                                                   \
	{after, who, "consent.changed",                                                            \
	 ",\"consent\":{\"promotion\":" given "}},\"proof\":{\"source\":\"form\",\"at\":\"%s\"}"}
#define TELLS(after, who, type) {after, who, type, "}"}
#define BOUNCES(after, who, address)                                                               \
	{after, who, "message.bounced",                                                            \
	 "},\"message\":{\"kind\":\"hard\",\"email\":\"" address "\"}"}
#define MERGES(after, who, into)                                                                   \
	{after, who, "customer.merged", "},\"merge\":{\"into\":\"" into "\"}"}
#define TIPS(who, n, after) LINE(who, "r" n, "o" n, "tips", "care", "sent", after)
#define SALE(who, n, after) LINE(who, "r" n, "o" n, "sale", "promotion", "sent", after)

static void hear(struct audit_people *people, const struct heard *heard, size_t number)
{
	struct arena arena = {0};
	char at[RFC3339_BYTES], *more, *json;
	Nurture__V1__Event *event;
	struct err err;

	rfc3339_text(BEGIN + heard->after_ms, at);
	more = arena_printf(&arena, "%s", heard->more);
	if (strstr(more, "%s"))
		more =
		    arena_printf(&arena, "%.*s%s\"}", (int)(strstr(more, "%s") - more), more, at);
	json = arena_printf(&arena,
			    "{\"id\":\"e%zu\",\"type\":\"%s\",\"time\":\"%s\","
			    "\"customer\":{\"id\":\"%s\"%s}",
			    number, heard->type, at, heard->customer, more);
	if (event_decode(slice_text(json), &arena, &event, &err) < 0)
		fail_msg("%s: %s", json, err.text);
	audit_people_hear(people, list_policy(), event, BEGIN + heard->after_ms);
	arena_free(&arena);
}

static struct audit audit(const struct row *row, bool with_events, int64_t late_ms,
			  struct buf *findings)
{
	struct audit_people people = {0};
	struct outcomes list;
	struct audit result;
	size_t count = 0;

	for (size_t i = 0; i < EVENTS_MAX && row->events[i].customer; i++)
		hear(&people, &row->events[i], i);
	audit_people_sort(&people);
	while (count < LINES_MAX && row->lines[count].customer)
		count++;
	list = list_of(row->lines, count);
	audit_run(list_policy(), &list, with_events ? &people : NULL, late_ms, &result, findings);
	result.who_7d = result.who_30d = NULL;
	outcomes_free(&list);
	audit_people_free(&people);
	return result;
}

static void check(const struct row *row)
{
	struct buf findings = BUF_MAX(FINDINGS_BYTES);
	struct audit result = audit(row, true, 0, &findings);

	if (result.broken != row->broken || result.against_word != row->against_word ||
	    result.to_dead != row->to_dead)
		fail_msg("%s: %zu broken, %zu against a word, %zu to the dead\n%s", row->what,
			 result.broken, result.against_word, result.to_dead,
			 findings.len ? findings.bytes : "");
	if (row->said && (!findings.len || !strstr(findings.bytes, row->said)))
		fail_msg("%s: %s", row->what, findings.len ? findings.bytes : "nothing");
	assert_int_equal(audit_is_clean(&result), !findings.len);
	buf_free(&findings);
	/* Without events each is honest for itself. */
	result = audit(row, false, 0, &findings);
	assert_true(audit_is_clean(&result));
	buf_free(&findings);
}

#define CHECK(rows)                                                                                \
	for (size_t i_ = 0; i_ < COUNT_OF(rows); i_++)                                             \
	check(&(rows)[i_])

static void windows(void **state)
{
	static const struct row rows[] = {
	    {"two inboxes",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "b@x.example")},
	     {TIPS("ann", "1", 0), TIPS("ann", "2", DAY_MS), TIPS("bob", "3", 2 * DAY_MS)},
	     0,
	     0,
	     0,
	     NULL},
	    {"one of them, one mail too many a week",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "A@X.example")},
	     {TIPS("ann", "1", 0), TIPS("ann", "2", DAY_MS), TIPS("bob", "3", 2 * DAY_MS)},
	     1,
	     0,
	     0,
	     "BROKEN  the inbox of bob, cap week"},
	    {"and none too many",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "a@x.example")},
	     {TIPS("ann", "1", 0), TIPS("ann", "2", DAY_MS), TIPS("bob", "3", 7 * DAY_MS)},
	     0,
	     0,
	     0,
	     NULL},
	    {"a gap",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "a@x.example")},
	     {TIPS("ann", "1", 0), TIPS("bob", "2", HOUR_MS)},
	     1,
	     0,
	     0,
	     "cap gap"},
	    {"other tools' mail and tasks are their own customer's",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "a@x.example")},
	     {LINE("ann", "r1", "o1", "tips", "care", "permitted", 0), TIPS("bob", "2", HOUR_MS)},
	     0,
	     0,
	     0,
	     NULL},
	    {"who has moved away takes the count along, and leaves the mails",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "a@x.example"),
	      MOVES(DAY_MS, "ann", "c@x.example")},
	     {TIPS("ann", "1", 0), TIPS("bob", "2", 21 * HOUR_MS), TIPS("ann", "3", 2 * DAY_MS),
	      TIPS("bob", "4", 2 * DAY_MS)},
	     1,
	     0,
	     0,
	     "the inbox of bob, cap week"},
	};

	(void)state;
	CHECK(rows);
}

static void words(void **state)
{
	static const struct row rows[] = {
	    {"a no under the other id",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "a@x.example"), SAYS(0, "ann", "false")},
	     {SALE("bob", "1", 1)},
	     0,
	     1,
	     0,
	     "WITHDRAWN  customer bob: sale (promotion) of request r1"},
	    {"before it",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "a@x.example"), SAYS(1, "ann", "false")},
	     {SALE("bob", "1", 0)},
	     0,
	     0,
	     0,
	     NULL},
	    {"of another class",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "a@x.example"), SAYS(0, "ann", "false")},
	     {TIPS("bob", "1", 1)},
	     0,
	     0,
	     0,
	     NULL},
	    {"an echo opens nothing",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "a@x.example"), SAYS(0, "ann", "false"),
	      SAYS(1, "bob", "true")},
	     {SALE("bob", "1", 2)},
	     0,
	     1,
	     0,
	     NULL},
	    {"a word that can be shown does",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "a@x.example"), SAYS(0, "ann", "false"),
	      SHOWS(1000, "bob", "true")},
	     {SALE("bob", "1", 2000)},
	     0,
	     0,
	     0,
	     NULL},
	    {"a complaint ends all that needs consent",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "a@x.example"),
	      TELLS(0, "ann", "message.complained")},
	     {TIPS("bob", "1", 1), LINE("bob", "r2", "o2", "bill", "receipt", "sent", 2)},
	     0,
	     1,
	     0,
	     NULL},
	    {"the words go along to another inbox",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "b@x.example"), SAYS(0, "ann", "false"),
	      MOVES(DAY_MS, "ann", "b@x.example")},
	     {SALE("bob", "1", HOUR_MS), SALE("bob", "2", 40 * DAY_MS)},
	     0,
	     1,
	     0,
	     "of request r2"},
	    {"and an erasure takes them away",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "a@x.example"), SAYS(0, "ann", "false"),
	      TELLS(1, "ann", "customer.erased")},
	     {SALE("bob", "1", 2)},
	     0,
	     0,
	     0,
	     NULL},
	};

	(void)state;
	CHECK(rows);
}

static void bounces(void **state)
{
	static const struct row rows[] = {
	    {"dead under another id",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "a@x.example"),
	      BOUNCES(0, "ann", "a@x.example")},
	     {LINE("bob", "r1", "o1", "bill", "receipt", "sent", 1)},
	     0,
	     0,
	     1,
	     "DEAD  customer bob"},
	    {"before it",
	     {LIVES("ann", "a@x.example"), BOUNCES(1, "ann", "a@x.example")},
	     {TIPS("ann", "1", 0)},
	     0,
	     0,
	     0,
	     NULL},
	    {"of the address before",
	     {LIVES("ann", "a@x.example"), MOVES(0, "ann", "b@x.example"),
	      BOUNCES(1, "ann", "A@x.example")},
	     {TIPS("ann", "1", 2)},
	     0,
	     0,
	     0,
	     NULL},
	    {"of where it was forwarded to",
	     {LIVES("ann", "a@x.example"), BOUNCES(0, "ann", "z@x.example")},
	     {TIPS("ann", "1", 1)},
	     0,
	     0,
	     1,
	     NULL},
	};

	(void)state;
	CHECK(rows);
}

static void merges(void **state)
{
	static const struct row rows[] = {
	    {"two inboxes of one person",
	     {LIVES("ann", "a@x.example"), LIVES("old", "b@x.example"),
	      MERGES(2 * DAY_MS, "old", "ann")},
	     {TIPS("old", "1", 0), TIPS("old", "2", DAY_MS), TIPS("ann", "3", 3 * DAY_MS)},
	     1,
	     0,
	     0,
	     "BROKEN  who became ann, cap week"},
	    {"before the merge",
	     {LIVES("ann", "a@x.example"), LIVES("old", "b@x.example"),
	      MERGES(4 * DAY_MS, "old", "ann")},
	     {TIPS("old", "1", 0), TIPS("old", "2", DAY_MS), TIPS("ann", "3", 3 * DAY_MS)},
	     0,
	     0,
	     0,
	     NULL},
	    {"a chain, a circle, and each told twice",
	     {MERGES(0, "a", "b"), MERGES(1, "b", "c"), MERGES(2, "c", "a"), MERGES(3, "a", "b")},
	     {TIPS("a", "1", 0), TIPS("b", "2", DAY_MS), TIPS("c", "3", 2 * DAY_MS)},
	     1,
	     0,
	     0,
	     "who became c"},
	};

	(void)state;
	CHECK(rows);
}

/* What was said a moment before may have missed the mail, and an address that just changed is none. */
static void a_moment_is_no_finding(void **state)
{
	static const struct row rows[] = {
	    {"a word",
	     {LIVES("ann", "a@x.example"), SAYS(0, "ann", "false")},
	     {SALE("ann", "1", MINUTE_MS)},
	     0,
	     1,
	     0,
	     NULL},
	    {"a merge",
	     {MERGES(2 * DAY_MS, "old", "ann")},
	     {TIPS("old", "1", 0), TIPS("old", "2", DAY_MS), TIPS("ann", "3", 2 * DAY_MS + 1)},
	     1,
	     0,
	     0,
	     NULL},
	    {"a bounce",
	     {LIVES("ann", "a@x.example"), BOUNCES(0, "ann", "a@x.example")},
	     {TIPS("ann", "1", MINUTE_MS)},
	     0,
	     0,
	     1,
	     NULL},
	    {"an address",
	     {LIVES("ann", "a@x.example"), LIVES("bob", "b@x.example"),
	      MOVES(0, "ann", "b@x.example")},
	     {TIPS("ann", "1", 1), TIPS("bob", "2", 2)},
	     1,
	     0,
	     0,
	     NULL},
	};

	(void)state;
	CHECK(rows);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf findings = BUF_MAX(FINDINGS_BYTES);
		struct audit result = audit(&rows[i], true, 10 * MINUTE_MS, &findings);

		if (!audit_is_clean(&result))
			fail_msg("%s: %s", rows[i].what, findings.bytes);
		buf_free(&findings);
	}
}

/* Caps across two inboxes are asked at the grant, and each mail goes a little later. */
static void across_inboxes_a_mail_may_be_late(void **state)
{
	static const struct row moved = {
	    "moved between the two",
	    {LIVES("ann", "a@x.example"), MOVES(10 * HOUR_MS, "ann", "b@x.example")},
	    {TIPS("ann", "1", 0), TIPS("ann", "2", 20 * HOUR_MS - 5 * MINUTE_MS)},
	    1,
	    0,
	    0,
	    NULL};
	static const struct row stayed = {
	    "the same inbox",
	    {LIVES("ann", "a@x.example")},
	    {TIPS("ann", "1", 0), TIPS("ann", "2", 20 * HOUR_MS - 5 * MINUTE_MS)},
	    1,
	    0,
	    0,
	    NULL};
	struct buf findings = BUF_MAX(FINDINGS_BYTES);

	(void)state;
	assert_int_equal(audit(&moved, true, 10 * MINUTE_MS, &findings).broken, 0);
	assert_int_equal(audit(&moved, true, MINUTE_MS, &findings).broken, 1);
	assert_int_equal(audit(&moved, false, 10 * MINUTE_MS, &findings).broken, 1);
	assert_int_equal(audit(&stayed, true, 10 * MINUTE_MS, &findings).broken, 1);
	buf_free(&findings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(windows),
	    cmocka_unit_test(words),
	    cmocka_unit_test(bounces),
	    cmocka_unit_test(merges),
	    cmocka_unit_test(a_moment_is_no_finding),
	    cmocka_unit_test(across_inboxes_a_mail_may_be_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
