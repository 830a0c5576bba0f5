/* desk_morning_test.c - the list of tasks that people get when their work begins. */
#include "desk_world.h"
#include "common/policy/desk.h"
#include "services/desk/book.h"
#include "common/token/feed_token.h"
#include "services/desk/morning/calendar.h"
#include "services/desk/morning/digest.h"
#include "services/desk/morning/mail.h"
#include "services/desk/morning/morning.h"

static void check_text(struct buf *text, const char *expected)
{
	buf_add(text, "", 1);
	assert_string_equal(text->bytes, expected);
	buf_free(text);
}

/* eve, who works from Monday to Friday; the clock is on a Thursday. */
static void open_world(struct desk_world *world)
{
	desk_world_open(world);
	world->service.is_wall = true;
	world->customer = "\1eve";
	world->now_ms = desk_time("2026-01-08T10:00:00Z");
}

static bool result(struct desk_world *world, const char *person, bool is_taken)
{
	Nurture__V1__DeskPosted posted = NURTURE__V1__DESK_POSTED__INIT;
	struct arena arena = {0};
	struct err err;
	bool ok;

	posted.id = (char *)person;
	posted.is_taken = is_taken;
	ok = desk_world_step(world, STEP_RESULT, 0, message_pack(&posted, &arena), &err);
	arena_free(&arena);
	return ok;
}

static void timer(struct desk_world *world, const char *expected)
{
	struct err err;

	assert_true(world->due_ms < NEVER_MS);
	world->now_ms = world->due_ms;
	assert_true(desk_world_step(world, STEP_TIMER, 0, slice_of(NULL, 0), &err));
	buf_add(&world->told, "", 1);
	assert_string_equal(world->told.bytes, expected);
	buf_reset(&world->told);
}

static void it_is_sent_once_when_work_begins(void **state)
{
	struct desk_world world;

	(void)state;
	open_world(&world);
	/* Whoever takes the partition over asks, also when there is a state. */
	assert_true(result(&world, "", false));
	assert_int_equal(world.due_ms, desk_time("2026-01-09T09:00:00Z"));
	assert_true(result(&world, "", false));
	timer(&world, "2026-01-09T09:00 list for eve\n");
	assert_true(result(&world, "eve", true));
	/* After the weekend. */
	assert_int_equal(world.due_ms, desk_time("2026-01-12T09:00:00Z"));
	desk_world_close(&world);
}

static void one_that_could_not_be_sent_is_tried_again(void **state)
{
	struct desk_world world;
	unsigned sent = 1;

	(void)state;
	open_world(&world);
	assert_true(result(&world, "", false));
	timer(&world, "2026-01-09T09:00 list for eve\n");
	assert_true(result(&world, "eve", false));
	assert_int_equal(world.due_ms, desk_time("2026-01-09T09:01:00Z"));
	for (; world.due_ms < desk_time("2026-01-10T00:00:00Z"); sent++) {
		world.now_ms = world.due_ms;
		desk_world_run(&world, world.due_ms);
		assert_true(result(&world, "eve", false));
	}
	assert_int_equal(sent, DSK_MORNING_ATTEMPTS_MAX);
	assert_int_equal(world.due_ms, desk_time("2026-01-12T09:00:00Z"));
	desk_world_close(&world);
}

static void the_next_owner_sends_what_was_under_way(void **state)
{
	struct desk_world world;

	(void)state;
	open_world(&world);
	assert_true(result(&world, "", false));
	timer(&world, "2026-01-09T09:00 list for eve\n");
	timer(&world, ""); /* its owner has it still */
	world.owner = 2;
	assert_true(result(&world, "", false));
	timer(&world, "2026-01-09T09:10 list for eve\n");
	desk_world_close(&world);
}

/* No state stays of somebody whom the policy does not know, or who has no address. */
static void whoever_has_left_gets_none(void **state)
{
	struct desk_world world;
	struct err err;

	(void)state;
	open_world(&world);
	assert_true(result(&world, "", false));
	world.customer = "\1garden";
	assert_true(desk_world_step(&world, STEP_REEVALUATE, 0, slice_of(NULL, 0), &err));
	assert_int_equal(world.state.len, 0);
	desk_world_close(&world);
}

/* Of another team, taken by whoever gets the list: it is theirs, by whichever of their names. */
static void what_somebody_has_taken_is_theirs(void **state)
{
	static const struct {
		const char *by;
		unsigned lines;
	} takers[] = {{"eve", 1}, {"eve@s.example", 1}, {"Eve@S.example", 1},
		      {"", 0},    {"adam", 0},          {"adam@s.example", 0}};
	struct buf text = BUF_MAX(64 * 1024);
	struct desk_world world;

	(void)state;
	open_world(&world);
	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++) {
		struct dsk_listed task = {.id = "t1",
					  .owner = "garden",
					  .action = "flowers",
					  .by = takers[i].by,
					  .customer = slice_text("ann"),
					  .name = "",
					  .due_ms = NEVER_MS};
		struct dsk_digest digest =
		    dsk_digest_write(&world.policy->desk->people[0], &task, 1, 0,
				     desk_time("2026-01-09T09:00:00Z"), "", &text);

		assert_int_equal(digest.open, takers[i].lines);
	}
	buf_free(&text);
	desk_world_close(&world);
}

static void the_list_in_its_parts(void **state)
{
	struct dsk_listed list[] = {
	    {"t1", "house", "basket", "", slice_text("ann"), "Ann Other",
	     desk_time("2026-01-08T08:00:00Z"), false},
	    {"t2", "house", "call", "eve", slice_text("bob"), "", desk_time("2026-01-09T16:00:00Z"),
	     false},
	    {"t3", "boss", "letter", "", slice_text("cid"), "", NEVER_MS, false},
	    {"t4", "garden", "flowers", "eve", slice_text("dan"), "",
	     desk_time("2026-01-12T16:00:00Z"), false},
	    {"t5", "garden", "flowers", "", slice_text("not hers"), "", 0, false},
	    {"t6", "house", "basket", "", slice_of("", 0), "", desk_time("2026-01-08T23:00:00Z"),
	     true},
	    {"t7", "house", "basket", "", slice_of("", 0), "", desk_time("2026-01-08T08:59:00Z"),
	     true},
	};
	struct buf text = BUF_MAX(64 * 1024), subject = BUF_MAX(1024);
	int64_t now_ms = desk_time("2026-01-09T09:00:00Z");
	const struct desk_person *eve;
	struct dsk_digest digest;
	struct desk_world world;

	(void)state;
	open_world(&world);
	eve = &world.policy->desk->people[0];
	digest =
	    dsk_digest_write(eve, list, sizeof(list) / sizeof(list[0]),
			     dsk_morning_before_ms(&eve->hours, now_ms - 1), now_ms, "", &text);
	dsk_digest_subject(&digest, eve, now_ms, &subject);
	check_text(&subject, "Tasks on 2026-01-09: 1 overdue, 1 due today, 2 open, 1 expired");
	check_text(&text, "Overdue\n"
			  "  2026-01-08 08:00  basket  Ann Other, customer ann  (house)  t1\n"
			  "\nDue today\n"
			  "  2026-01-09 16:00  call  customer bob  (house, eve)  t2\n"
			  "\nOpen\n"
			  "  2026-01-12 16:00  flowers  customer dan  (garden, eve)  t4\n"
			  "                    letter  customer cid  (boss)  t3\n"
			  "\nToo late: expired since the last list\n"
			  "  2026-01-08 23:00  basket  (house)  t6\n");
	dsk_digest_write(eve, &list[1], 1, 0, now_ms, "https://care.s.example", &text);
	check_text(&text, "Overdue\n"
			  "  2026-01-08 08:00  basket  Ann Other, customer ann  (house)  t1\n"
			  "                    https://care.s.example/tasks/t1\n");
	digest = dsk_digest_write(eve, list, 0, 0, now_ms, "", &text);
	assert_int_equal(text.len, 0);
	assert_int_equal(digest.open, 0);
	desk_world_close(&world);
}

static void what_expired_is_known_in_the_morning(void **state)
{
	struct desk_world world;
	struct arena arena = {0};
	struct dsk_book book;
	struct err err;

	(void)state;
	desk_world_open(&world);
	world.now_ms = desk_time("2026-01-08T10:00:00Z");
	desk_world_open_task(&world, "t", "flowers", DAY_MS);
	desk_world_run(&world, desk_time("2026-01-10T00:00:00Z"));
	assert_int_equal(dsk_book_decode(buf_slice(&world.state), &arena, &book, &err), 0);
	assert_int_equal(book.ended_count, 1);
	assert_string_equal(book.ended[0].id, "t");
	assert_string_equal(book.ended[0].owner, "garden");
	assert_int_equal(book.ended[0].expired_ms, desk_time("2026-01-09T10:00:00Z"));
	arena_free(&arena);
	desk_world_close(&world);
}

static void a_mail_as_it_leaves(void **state)
{
	const struct shop shop = {.sender_name = "H\xc3\xb6tel", .sender_address = "h@h.example"};
	struct buf out = BUF_MAX(4096);

	(void)state;
	dsk_mail_write(&(struct dsk_mail){"eve@s.example", slice_text("Tasks"),
					  slice_text("a\nb\n"), "tasks-1",
					  desk_time("2026-03-03T09:05:07Z")},
		       &shop, &out);
	check_text(&out, "Date: Tue, 3 Mar 2026 09:05:07 +0000\r\n"
			 "From: =?UTF-8?B?SMO2dGVs?= <h@h.example>\r\n"
			 "To: <eve@s.example>\r\n"
			 "Subject: Tasks\r\n"
			 "Message-ID: <tasks-1@h.example>\r\n"
			 "Auto-Submitted: auto-generated\r\n"
			 "MIME-Version: 1.0\r\n"
			 "Content-Type: text/plain; charset=utf-8\r\n"
			 "Content-Transfer-Encoding: base64\r\n\r\n"
			 "YQpiCg==\r\n");
}

#define LETTERS_11 "\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc"
#define LETTERS_33 LETTERS_11 LETTERS_11 LETTERS_11

static void a_calendar_of_a_team(void **state)
{
	struct dsk_listed list[] = {
	    {"t1", "house", "wine, red; dry", "", slice_text("ann"), "",
	     desk_time("2026-01-08T08:00:00Z"), false},
	    {"t2", "house", "call", "eve", slice_text("bob"), "", NEVER_MS, false},
	    {"t3", "garden", "flowers", "", slice_text("cid"), "",
	     desk_time("2026-01-09T08:00:00Z"), false},
	    {"t4", "house", "basket", "", slice_of("", 0), "", desk_time("2026-01-08T23:00:00Z"),
	     true},
	    {"t5", "house", LETTERS_33 "\u00fc", "eve", slice_text("dan"), "",
	     desk_time("2026-02-09T08:00:00Z"), false},
	};
	struct buf out = BUF_MAX(64 * 1024);
	struct desk_world world;

	(void)state;
	open_world(&world);
	dsk_calendar_write(world.policy->desk, "house", list, sizeof(list) / sizeof(list[0]),
			   desk_time("2026-01-09T07:00:00Z"), "", &out);
	check_text(&out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Nurture//Desk//EN\r\n"
			 "X-WR-CALNAME:Tasks of house\r\n"
			 "BEGIN:VEVENT\r\nUID:t1@nurture\r\nDTSTAMP:20260109T070000Z\r\n"
			 "DTSTART:20260108T080000Z\r\nDURATION:PT15M\r\n"
			 "SUMMARY:Overdue: wine\\, red\\; dry for customer ann\r\n"
			 "DESCRIPTION:Task t1\\nof house\r\nEND:VEVENT\r\n"
			 "BEGIN:VEVENT\r\nUID:t5@nurture\r\nDTSTAMP:20260109T070000Z\r\n"
			 "DTSTART:20260209T080000Z\r\nDURATION:PT15M\r\n"
			 /* 75 bytes, the break between two letters */
			 "SUMMARY:" LETTERS_33 "\r\n \u00fc for customer dan\r\n"
			 "DESCRIPTION:Task t5\\nof house\\ntaken by eve\r\nEND:VEVENT\r\n"
			 "END:VCALENDAR\r\n");
	dsk_calendar_write(world.policy->desk, "house", list, 1, desk_time("2026-01-09T07:00:00Z"),
			   "https://care.s.example", &out);
	assert_non_null(strstr(out.bytes, "\r\nURL:https://care.s.example/tasks/t1\r\n"));
	buf_free(&out);
	desk_world_close(&world);
}

static void an_address_is_good_for_its_owner_alone(void **state)
{
	struct token_keys keys;
	char token[FEED_TOKEN_BYTES];
	struct err err;

	(void)state;
	assert_int_equal(
	    token_keys_read("a-new-key-of-16-bytes", "an-old-key-of-16-bytes", &keys, &err), 0);
	feed_token_write(keys.before[0], "house", token);
	assert_true(feed_token_is_good(&keys, "house", slice_text(token)));
	assert_false(feed_token_is_good(&keys, "garden", slice_text(token)));
	token[3] ^= 1;
	assert_false(feed_token_is_good(&keys, "house", slice_text(token)));
	assert_false(feed_token_is_good(&keys, "house", slice_text("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_is_sent_once_when_work_begins),
	    cmocka_unit_test(one_that_could_not_be_sent_is_tried_again),
	    cmocka_unit_test(the_next_owner_sends_what_was_under_way),
	    cmocka_unit_test(whoever_has_left_gets_none),
	    cmocka_unit_test(what_somebody_has_taken_is_theirs),
	    cmocka_unit_test(the_list_in_its_parts),
	    cmocka_unit_test(what_expired_is_known_in_the_morning),
	    cmocka_unit_test(a_mail_as_it_leaves),
	    cmocka_unit_test(a_calendar_of_a_team),
	    cmocka_unit_test(an_address_is_good_for_its_owner_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
