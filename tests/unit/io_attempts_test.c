/*
 * The journal of attempts in a real Redis: many notes are one command, an owner's successor reads
 * what was written and nothing else, and an owner of before writes nothing.  Skipped without
 * redis-server, but for a Redis that goes away, which is a fake.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <hiredis/hiredis.h>

#include "common/io/redis/attempt_notes.h"
#include "common/io/redis/attempts.h"
#include "redis_fake.h"
#include "redis_server.h"

enum { FIRST = 7, SECOND = 8 }; /* owners */

static struct arena arena;

static int stop_server(void **state)
{
	arena_free(&arena);
	return redis_server_stop(state);
}

static struct attempt_notes *open_notes(const char *urls, const char *prefix)
{
	struct attempt_notes *notes;
	struct err err;

	if (attempt_notes_open(&notes, urls, prefix, "email-sender", &err) < 0)
		fail_msg("%s", err.text);
	return notes;
}

/* The partition's next owner: what it reads of the one before. */
static struct attempts_left take_over_of(const char *prefix, int32_t partition, uint64_t owner)
{
	struct attempts_left left[ATTEMPTS_OWNERS_MAX] = {{0}};
	struct attempts *attempts;
	struct err err;

	if (attempts_open(&attempts, redis_server.url, prefix, "email-sender", &err) < 0 ||
	    attempts_take_over(attempts, partition, owner, &arena, left, &err) < 0)
		fail_msg("%s", err.text);
	attempts_close(&attempts);
	return left[0];
}

static struct attempts_left take_over(const char *prefix, uint64_t owner)
{
	return take_over_of(prefix, 0, owner);
}

/* What is in the journal of an attempt: its result, "" when it was begun, NULL when it was not. */
static const char *found(const struct attempts_left *left, const char *id)
{
	for (size_t i = 0; i < left->count; i++)
		if (slice_equal(left->attempts[i].id, slice_text(id)))
			return arena_printf(&arena, "%.*s", SLICE_ARGS(left->attempts[i].result));
	return NULL;
}

static int begin(struct attempt_notes *notes, uint64_t owner, const char *id)
{
	struct attempt_begin on_its_way;
	struct err err;

	attempt_notes_begin(notes, &on_its_way, 0, owner, id);
	return attempt_notes_wait(notes, &on_its_way, &err);
}

static void finish(struct attempt_notes *notes, uint64_t owner, const char *id)
{
	attempt_notes_finish(notes, 0, owner, id, slice_text("over"));
}

static void a_successor_reads_what_was_written(void **state)
{
	struct attempt_notes *notes = open_notes(redis_server.url, "written.");
	struct attempts_left left;

	(void)state;
	take_over("written.", FIRST);
	assert_int_equal(begin(notes, FIRST, "over:1"), 1);
	assert_int_equal(begin(notes, FIRST, "committed:1"), 1);
	finish(notes, FIRST, "committed:1");
	finish(notes, FIRST, "over:1");
	attempt_notes_forget(notes, 0, FIRST, "committed:1");
	assert_int_equal(begin(notes, FIRST, "begun:1"), 1); /* and with it all before it */
	left = take_over("written.", SECOND);
	assert_int_equal(left.owner, FIRST);
	assert_string_equal(found(&left, "over:1"), "over");
	assert_string_equal(found(&left, "begun:1"), "");
	assert_null(found(&left, "committed:1"));
	assert_int_equal(left.count, 2);
	attempt_notes_close(&notes);
}

/* Killed between the write that many share and their mails: each of them is begun, no other is. */
static void killed_between_the_write_and_the_mails(void **state)
{
	struct attempt_notes *notes = open_notes(redis_server.url, "killed.");
	struct attempt_begin begins[4];
	struct attempts_left left;
	struct err err;

	(void)state;
	take_over("killed.", FIRST);
	for (int i = 0; i < 3; i++)
		attempt_notes_begin(notes, &begins[i], 0, FIRST,
				    arena_printf(&arena, "begun:%d", i));
	assert_int_equal(attempt_notes_wait(notes, &begins[1], &err), 1);
	attempt_notes_begin(notes, &begins[3], 0, FIRST, "late:1");
	left = take_over("killed.", SECOND);
	assert_int_equal(left.count, 3);
	for (int i = 0; i < 3; i++)
		assert_string_equal(found(&left, arena_printf(&arena, "begun:%d", i)), "");
	/* Were it not killed after all, it may not begin now. */
	assert_int_equal(attempt_notes_wait(notes, &begins[3], &err), 0);
	assert_int_equal(attempt_notes_wait(notes, &begins[0], &err), 1);
	attempt_notes_close(&notes);
}

static void an_owner_of_before_writes_nothing(void **state)
{
	struct attempt_notes *notes = open_notes(redis_server.url, "before.");
	struct attempts_left left;

	(void)state;
	take_over("before.", FIRST);
	assert_int_equal(begin(notes, FIRST, "x:1"), 1);
	take_over("before.", SECOND);
	assert_int_equal(begin(notes, SECOND, "y:1"), 1);
	finish(notes, FIRST, "x:1");
	attempt_notes_forget(notes, 0, FIRST, "y:1");
	assert_int_equal(begin(notes, FIRST, "z:1"), 0);
	left = take_over("before.", SECOND + 1);
	assert_int_equal(left.owner, SECOND);
	assert_int_equal(left.count, 1);
	assert_string_equal(found(&left, "y:1"), "");
	attempt_notes_close(&notes);
}

static int confirm(struct attempts *attempts, uint64_t owner, uint64_t *other)
{
	struct err err;
	int r = attempts_confirm(attempts, 0, owner, other, &err);

	if (r < 0)
		fail_msg("%s", err.text);
	return r;
}

/* format: a command about the journal of the prefix. */
static void change(const char *format, const char *prefix)
{
	redisContext *context = redisConnect("127.0.0.1", atoi(strrchr(redis_server.url, ':') + 1));

	freeReplyObject(redisCommand(context, format, prefix));
	redisFree(context);
}

static void come_from_another_run(const char *prefix)
{
	change("HSET %s{email-sender:0}:attempts run before", prefix);
}

/*
 * Redis was put back to a file with the journal of an owner before, or of one who came after: only
 * he who knows which of the two it is begins it anew.  The same when an owner before was slow to
 * hear that he is no longer the owner, and took it.
 */
static void found_in_the_name_of_another_owner(void **state)
{
	struct attempt_notes *notes = open_notes(redis_server.url, "back.");
	struct attempts *attempts;
	uint64_t other = 0;
	struct err err;

	(void)state;
	assert_int_equal(attempts_open(&attempts, redis_server.url, "back.", "email-sender", &err),
			 0);
	for (int i = 0; i < 2; i++) {
		take_over("back.", FIRST);
		if (i == 0)
			come_from_another_run("back.");
		other = 0;
		assert_int_equal(confirm(attempts, SECOND, &other), 0);
		assert_int_equal(other, FIRST);
		assert_int_equal(begin(notes, SECOND, "m:1"), 0);
		other = SECOND + 1; /* another than who is found */
		assert_int_equal(confirm(attempts, SECOND, &other), 0);
		assert_int_equal(other, FIRST);
		assert_int_equal(confirm(attempts, SECOND, &other), 1);
		assert_int_equal(other, 0);
		assert_int_equal(begin(notes, SECOND, "m:1"), 1);
		assert_int_equal(begin(notes, FIRST, "m:2"), 0);
	}
	/* Our own of another run begins anew at once. */
	come_from_another_run("back.");
	assert_int_equal(confirm(attempts, SECOND, &other), 1);
	attempts_close(&attempts);
	attempt_notes_close(&notes);
}

/* Redis was emptied: whoever comes first need not be the owner, so it is as above. */
static void lost_it_is_nobodys(void **state)
{
	struct attempt_notes *notes = open_notes(redis_server.url, "lost.");
	struct attempts *attempts;
	uint64_t other = 0;
	struct err err;

	(void)state;
	assert_int_equal(attempts_open(&attempts, redis_server.url, "lost.", "email-sender", &err),
			 0);
	take_over("lost.", FIRST);
	take_over("lost.", SECOND);
	change("DEL %s{email-sender:0}:attempts", "lost.");
	assert_int_equal(begin(notes, FIRST, "m:1"), 0); /* the second may have sent it */
	assert_int_equal(begin(notes, SECOND, "m:1"), 0);
	assert_int_equal(confirm(attempts, SECOND, &other), 0);
	assert_true(other == ATTEMPTS_NOBODY);
	assert_int_equal(begin(notes, SECOND, "m:1"), 0);
	assert_int_equal(confirm(attempts, SECOND, &other), 1);
	assert_int_equal(begin(notes, SECOND, "m:1"), 1);
	/* Who had found nobody finds who it is now. */
	other = ATTEMPTS_NOBODY;
	assert_int_equal(confirm(attempts, FIRST, &other), 0);
	assert_int_equal(other, SECOND);
	attempts_close(&attempts);
	attempt_notes_close(&notes);
}

static void what_is_forgotten_before_it_is_written_leaves_nothing(void **state)
{
	struct attempt_notes *notes = open_notes(redis_server.url, "void.");
	struct attempts_left left;

	(void)state;
	take_over("void.", FIRST);
	assert_int_equal(begin(notes, FIRST, "x:1"), 1);
	finish(notes, FIRST, "x:1");
	attempt_notes_forget(notes, 0, FIRST, "x:1");
	attempt_notes_forget(notes, 0, FIRST, "again:1");
	assert_int_equal(begin(notes, FIRST, "again:1"), 1); /* the same name, anew */
	left = take_over("void.", SECOND);
	assert_int_equal(left.count, 1);
	assert_string_equal(found(&left, "again:1"), "");
	attempt_notes_close(&notes);
}

/* Several partitions in one command: each has its own owner. */
static void partitions_are_told_apart(void **state)
{
	struct attempt_notes *notes = open_notes(redis_server.url, "apart.");
	struct attempt_begin begins[3];
	struct attempts_left left;
	struct err err;

	(void)state;
	take_over("apart.", SECOND);
	take_over_of("apart.", 1, FIRST);
	attempt_notes_forget(notes, 1, FIRST, "none:1");
	attempt_notes_begin(notes, &begins[1], 1, FIRST, "x:1");
	attempt_notes_begin(notes, &begins[0], 0, FIRST, "y:1");
	attempt_notes_begin(notes, &begins[2], 0, SECOND, "z:1");
	assert_int_equal(attempt_notes_wait(notes, &begins[0], &err), 0);
	assert_int_equal(attempt_notes_wait(notes, &begins[1], &err), 1);
	assert_int_equal(attempt_notes_wait(notes, &begins[2], &err), 1);
	left = take_over("apart.", SECOND + 1);
	assert_int_equal(left.count, 1);
	assert_string_equal(found(&left, "z:1"), "");
	attempt_notes_close(&notes);
}

static void a_result_is_written_by_who_waits(void **state)
{
	struct attempt_notes *notes = open_notes(redis_server.url, "flush.");
	struct attempts_left left;

	(void)state;
	take_over("flush.", FIRST);
	assert_int_equal(begin(notes, FIRST, "x:1"), 1);
	finish(notes, FIRST, "x:1");
	attempt_notes_flush(notes);
	left = take_over("flush.", SECOND);
	assert_string_equal(found(&left, "x:1"), "over");
	attempt_notes_close(&notes);
}

static void many_notes_are_one_command(void **state)
{
	struct attempt_begin begins[50];
	struct attempt_notes *notes;
	struct redis_fake fake;
	struct err err;

	(void)state;
	fake_start(&fake, 1000);
	notes = open_notes(fake.url, "");
	attempt_notes_flush(notes);
	assert_int_equal(fake.connections, 0); /* nothing to write */
	for (int i = 0; i < 50; i++)
		attempt_notes_begin(notes, &begins[i], i % 7, FIRST,
				    arena_printf(&arena, "%d:1", i));
	for (int i = 0; i < 50; i++)
		assert_int_equal(attempt_notes_wait(notes, &begins[i], &err), 1);
	assert_int_equal(fake.scripts, 1);
	for (int i = 0; i < 50; i++)
		attempt_notes_forget(notes, 0, FIRST, arena_printf(&arena, "%d:1", i));
	attempt_notes_flush(notes);
	assert_int_equal(fake.scripts, 1); /* there is time for that */
	attempt_notes_close(&notes);
	assert_int_equal(fake.scripts, 2);
	fake_stop(&fake);
}

/* Who has an answer may begin, who has none may not; and the next ones find Redis again. */
static void lost_with_half_of_it_answered(void **state)
{
	struct attempt_begin begins[4];
	struct attempt_notes *notes;
	struct redis_fake stays, goes;
	struct err err;

	(void)state;
	fake_start(&stays, 1000);
	fake_start(&goes, 0);
	notes = open_notes(arena_printf(&arena, "%s,%s", stays.url, goes.url), "");
	for (int i = 0; i < 4; i++) /* partitions take turns on the servers */
		attempt_notes_begin(notes, &begins[i], i, FIRST, arena_printf(&arena, "%d:1", i));
	assert_int_equal(attempt_notes_wait(notes, &begins[3], &err), -1);
	assert_int_equal(err.kind, ERR_ENVIRONMENT);
	assert_int_equal(attempt_notes_wait(notes, &begins[0], &err), 1);
	assert_int_equal(attempt_notes_wait(notes, &begins[1], &err), -1);
	assert_int_equal(attempt_notes_wait(notes, &begins[2], &err), 1);
	assert_int_equal(stays.scripts, 1);
	attempt_notes_begin(notes, &begins[1], 1, FIRST, "again:1");
	assert_int_equal(attempt_notes_wait(notes, &begins[1], &err), -1);
	goes.lives = 1;
	attempt_notes_begin(notes, &begins[1], 1, FIRST, "again:2");
	assert_int_equal(attempt_notes_wait(notes, &begins[1], &err), 1);
	attempt_notes_close(&notes);
	fake_stop(&stays);
	fake_stop(&goes);
}

struct writer {
	pthread_t thread;
	struct attempt_notes *notes;
	int number, begun;
};

static void *write_many(void *context)
{
	struct writer *writer = context;
	char id[ATTEMPT_ID_BYTES];

	for (int i = 0; i < 300; i++) {
		snprintf(id, sizeof(id), "%d-%d:1", writer->number, i);
		writer->begun += begin(writer->notes, FIRST, id);
		finish(writer->notes, FIRST, id);
		if (i % 3 == 0)
			attempt_notes_flush(writer->notes);
	}
	return NULL;
}

static void threads_share_it(void **state)
{
	struct attempt_notes *notes = open_notes(redis_server.url, "threads.");
	struct writer writers[8];
	struct attempts_left left;

	(void)state;
	take_over("threads.", FIRST);
	for (int i = 0; i < 8; i++) {
		writers[i] = (struct writer){.notes = notes, .number = i};
		pthread_create(&writers[i].thread, NULL, write_many, &writers[i]);
	}
	for (int i = 0; i < 8; i++) {
		pthread_join(writers[i].thread, NULL);
		assert_int_equal(writers[i].begun, 300);
	}
	attempt_notes_close(&notes);
	left = take_over("threads.", SECOND);
	assert_int_equal(left.count, 2400);
	for (size_t i = 0; i < left.count; i++)
		assert_true(slice_equal(left.attempts[i].result, slice_text("over")));
}

int main(void)
{
	const struct CMUnitTest fakes[] = {cmocka_unit_test(many_notes_are_one_command),
					   cmocka_unit_test(lost_with_half_of_it_answered)};
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_successor_reads_what_was_written),
	    cmocka_unit_test(killed_between_the_write_and_the_mails),
	    cmocka_unit_test(an_owner_of_before_writes_nothing),
	    cmocka_unit_test(found_in_the_name_of_another_owner),
	    cmocka_unit_test(lost_it_is_nobodys),
	    cmocka_unit_test(what_is_forgotten_before_it_is_written_leaves_nothing),
	    cmocka_unit_test(partitions_are_told_apart),
	    cmocka_unit_test(a_result_is_written_by_who_waits),
	    cmocka_unit_test(threads_share_it),
	};
	int r = cmocka_run_group_tests(fakes, NULL, NULL);

	if (r != 0)
		return r;
	if (redis_server_is_missing()) {
		arena_free(&arena);
		return 77;
	}
	return cmocka_run_group_tests(tests, redis_server_start, stop_server);
}
