/* desk_tell_test.c - notices on their way to webhooks: told, tried again, handed to the next owner. */
#include "desk_world.h"
#include "services/desk/plain.h"
#include "services/desk/tell/hooks.h"
#include "services/desk/tell/pending.h"

static void check_told(struct desk_world *world, const char *expected)
{
	buf_add(&world->told, "", 1);
	assert_string_equal((const char *)world->told.bytes, expected);
	buf_reset(&world->told);
}

static void posted(struct desk_world *world, const char *hook, Nurture__V1__DeskPosted result)
{
	struct arena arena = {0};
	struct err err;

	result.hook = (char *)hook;
	result.id = world->posted_id;
	assert_true(desk_world_step(world, STEP_RESULT, 0, message_pack(&result, &arena), &err));
	arena_free(&arena);
}

static void taken(struct desk_world *world, const char *hook)
{
	Nurture__V1__DeskPosted result = NURTURE__V1__DESK_POSTED__INIT;

	result.is_taken = result.is_tried = true;
	posted(world, hook, result);
}

static void failed(struct desk_world *world, const char *hook, int64_t wait_ms)
{
	Nurture__V1__DeskPosted result = NURTURE__V1__DESK_POSTED__INIT;

	result.is_tried = true;
	result.wait_ms = wait_ms;
	posted(world, hook, result);
}

/* Thursday, 11:00: the reminder of a basket that is due at 15:00; eve is of its team. */
static void open_world(struct desk_world *world)
{
	desk_world_open(world);
	world->service.is_wall = true;
	desk_world_run(world, desk_time("2026-01-08T09:00:00Z"));
	desk_world_open_task(world, "t", "basket", 5 * DAY_MS);
	desk_world_run(world, desk_time("2026-01-08T13:00:00Z"));
}

static void a_notice_is_posted_once_it_is_taken(void **state)
{
	struct desk_world world;

	(void)state;
	open_world(&world);
	check_told(&world, "2026-01-08T13:00 post crm\n"
			   "2026-01-08T13:00 t reminder to=house\n");
	assert_non_null(strstr(world.posted.bytes, "\"type\":\"task.reminder\""));
	assert_non_null(strstr(world.posted.bytes,
			       "\"text\":\"Reminder: basket for customer ann, a task of house, due "
			       "2026-01-08 17:00 (t)\""));
	taken(&world, "crm");
	/* The team's own and each of its people, but each webhook once. */
	desk_world_run(&world, desk_time("2026-01-09T10:00:00Z"));
	check_told(&world, "2026-01-08T16:00 post crm\n"
			   "2026-01-08T16:00 t reminder to=house\n"
			   "2026-01-09T10:00 post chat\n"
			   "2026-01-09T10:00 post crm\n"
			   "2026-01-09T10:00 t escalation to=boss step=1\n");
	desk_world_close(&world);
}

static void one_that_fails_is_tried_again_and_given_up_in_the_end(void **state)
{
	struct desk_world world;
	unsigned posts = 1;

	(void)state;
	open_world(&world);
	desk_world_say(&world, "e1", "task.done", "t", "");
	buf_reset(&world.told);
	failed(&world, "crm", 0);
	desk_world_run(&world, desk_time("2026-01-08T13:00:29Z"));
	check_told(&world, "");
	desk_world_run(&world, desk_time("2026-01-08T13:00:30Z"));
	check_told(&world, "2026-01-08T13:00 post crm\n");
	/* It may ask for more time, but not for ever. */
	failed(&world, "crm", 100 * DAY_MS);
	desk_world_run(&world, desk_time("2026-01-08T17:00:30Z") - 1);
	check_told(&world, "");
	while (!world.told.len || !strstr(world.told.bytes, "given up crm")) {
		buf_reset(&world.told);
		desk_world_run(&world, world.due_ms);
		posts++;
		failed(&world, "crm", 0);
	}
	assert_int_equal(posts, DSK_TELL_ATTEMPTS_MAX - 1);
	assert_true(world.now_ms < desk_time("2026-01-10T00:00:00Z"));
	desk_world_close(&world);
}

/* One whose address rests has not been tried: it loses no attempt. */
static void the_next_owner_posts_what_was_under_way(void **state)
{
	struct desk_world world;
	char id[64];

	(void)state;
	open_world(&world);
	desk_world_say(&world, "e1", "task.done", "t", "");
	buf_reset(&world.told);
	snprintf(id, sizeof(id), "%s", world.posted_id);
	/* As long as its owner has it, it is left alone. */
	desk_world_run(&world, desk_time("2026-01-08T13:05:00Z"));
	check_told(&world, "");
	world.owner = 2;
	desk_world_run(&world, desk_time("2026-01-08T13:06:00Z"));
	check_told(&world, "2026-01-08T13:06 post crm\n");
	assert_string_equal(world.posted_id, id);
	taken(&world, "crm");
	taken(&world, "crm");
	desk_world_run(&world, desk_time("2026-01-09T13:06:00Z"));
	check_told(&world, "");
	desk_world_close(&world);
}

static void a_replay_posts_nothing(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	desk_world_run(&world, desk_time("2026-01-08T09:00:00Z"));
	desk_world_open_task(&world, "t", "basket", 5 * DAY_MS);
	desk_world_run(&world, desk_time("2026-01-08T13:00:00Z"));
	check_told(&world, "2026-01-08T13:00 t reminder to=house\n");
	desk_world_close(&world);
}

/* A customer's name, and where the console shows the task. */
static void people_read_who_it_is_and_where(void **state)
{
	struct desk_world world;

	(void)state;
	desk_world_open(&world);
	world.service.is_wall = true;
	world.service.console_url = "https://care.s.example";
	desk_world_run(&world, desk_time("2026-01-08T09:00:00Z"));
	world.name = "Ann <!channel> <http://evil.example|Other>";
	desk_world_open_task(&world, "t", "basket", 5 * DAY_MS);
	desk_world_run(&world, desk_time("2026-01-08T13:00:00Z"));
	assert_non_null(strstr(world.posted.bytes,
			       "\"text\":\"Reminder: basket for Ann !channel http evil. example "
			       "Other, customer ann, a task of house, due 2026-01-08 17:00 (t) "
			       "https://care.s.example/tasks/t\""));
	/* The state's name goes with the erasure; a webhook hears it no more. */
	failed(&world, "crm", 0);
	desk_world_say(&world, "e1", "customer.erased", "t", "");
	assert_false(memmem(world.state.bytes, world.state.len, "evil", 4) != NULL);
	desk_world_close(&world);
}

static void nothing_of_a_name_is_taken_for_markup(void **state)
{
	static const struct {
		const char *name, *plain, *word;
	} of[] = {
	    {"Zo\u00eb Bront\u00eb", "Zo\u00eb Bront\u00eb", "Zo\u00eb Bront\u00eb"},
	    {"J.R. O'Neil-Smith, jr.", "J. R. O'Neil-Smith, jr.", "J.R. O'Neil-Smith, jr."},
	    {"<!channel>", "!channel", "!channel"},
	    {"<@U1> @here #all", "U1 here all", "U1 here all"},
	    {"[click](https://evil.example)", "click https evil. example",
	     "click https:/evil.example"},
	    {"*b* ~s~ `c` |p| &lt;", "b s c p lt;", "b s c p lt;"},
	    {"a@b.example", "ab. example", "a@b.example"},
	    {"one\n\ttwo\xc2\x85"
	     "three\u202efour\u2028five\u200bsix",
	     "one two three four five six", "one two three four five six"},
	    {"\xf0\x9f\x8e\x81 gift", "\xf0\x9f\x8e\x81 gift", "\xf0\x9f\x8e\x81 gift"},
	    {"  ", "", ""},
	};
	struct arena arena = {0};
	char name[DSK_PLAIN_MAX_BYTES + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		assert_string_equal(dsk_plain_name(of[i].name, &arena), of[i].plain);
		assert_string_equal(dsk_plain(of[i].name, &arena), of[i].word);
	}
	/* Cut between two letters. */
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	memcpy(name + DSK_NAME_MAX_BYTES - 2, "\u00fc\u00fc", 4);
	assert_int_equal(strlen(dsk_plain_name(name, &arena)), DSK_NAME_MAX_BYTES - 2);
	assert_string_equal(dsk_task_url("https://care.s.example", "a/../b", &arena), "");
	arena_free(&arena);
}

static void hooks_are_a_line_each(void **state)
{
	struct arena arena = {0};
	struct dsk_hooks hooks;
	struct err err;

	(void)state;
	assert_int_equal(
	    dsk_hooks_read(
		slice_text("# ours\n\n chat=https://chat.example/s3cret\r\n"
			   "crm=http://crm:80/in whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"),
		&arena, &hooks, &err),
	    0);
	assert_int_equal(hooks.count, 2);
	assert_string_equal(dsk_hooks_find(&hooks, "chat")->url, "https://chat.example/s3cret");
	assert_int_equal(dsk_hooks_find(&hooks, "crm")->key_count, 1);
	assert_null(dsk_hooks_find(&hooks, "c"));
	arena_free(&arena);
}

static void hooks_that_are_wrong_are_named_by_their_line(void **state)
{
	static const struct {
		const char *text, *why;
	} wrong[] = {
	    {"chat", "line 1: expected NAME=https://..."},
	    {"=https://a.example", "line 1: expected NAME=https://..."},
	    {"chat=ftp://a.example", "line 1: expected NAME=https://..."},
	    {"\nchat=https://a.example secret",
	     "line 2: a secret: expected whsec_ and 24 to 64 bytes in base64"},
	    {"a=https://a.example\na=https://b.example", "line 2: a is there twice"},
	};
	struct arena arena = {0};
	struct dsk_hooks hooks;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(dsk_hooks_read(slice_text(wrong[i].text), &arena, &hooks, &err),
				 -1);
		assert_string_equal(err.text, wrong[i].why);
	}
	arena_free(&arena);
}

static void a_webhook_of_the_policy_needs_an_address(void **state)
{
	struct desk_world world;
	struct arena arena = {0};
	struct dsk_hooks hooks;
	struct err err;

	(void)state;
	desk_world_open(&world);
	assert_int_equal(dsk_hooks_read(slice_text("chat=https://a.example"), &arena, &hooks, &err),
			 0);
	assert_int_equal(dsk_hooks_check(&hooks, world.policy->desk, &err), -1);
	assert_string_equal(err.text,
			    "expected the address of crm, the webhook of people.eve; found none");
	arena_free(&arena);
	desk_world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_notice_is_posted_once_it_is_taken),
	    cmocka_unit_test(one_that_fails_is_tried_again_and_given_up_in_the_end),
	    cmocka_unit_test(the_next_owner_posts_what_was_under_way),
	    cmocka_unit_test(a_replay_posts_nothing),
	    cmocka_unit_test(people_read_who_it_is_and_where),
	    cmocka_unit_test(nothing_of_a_name_is_taken_for_markup),
	    cmocka_unit_test(hooks_are_a_line_each),
	    cmocka_unit_test(hooks_that_are_wrong_are_named_by_their_line),
	    cmocka_unit_test(a_webhook_of_the_policy_needs_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
