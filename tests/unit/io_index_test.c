/*
 * io_index_test.c - the index in a real Redis against a list in memory: states, who is due in which
 * order, the earliest of them, and what is left when it is emptied.  Skipped without redis-server.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "common/io/redis/index.h"
#include "redis_server.h"
#include <hiredis/hiredis.h>

enum { CUSTOMERS = 3000, ROUNDS = 60, CHANGES = 700, ID_BYTES = 16 };

static struct index *open_index(const char *prefix)
{
	struct index *index;
	struct err err;

	if (index_open(&index, redis_server.url, prefix, "scheduler", &err) < 0)
		fail_msg("%s", err.text);
	return index;
}

/* What the index should say. */
static struct model {
	uint8_t names[CUSTOMERS][ID_BYTES];
	size_t name_len[CUSTOMERS];
	int64_t due_ms[CUSTOMERS];
	bool is_there[CUSTOMERS];
	char checkpoint[INDEX_CHECKPOINT_BYTES];
	unsigned number;
} model;

static void model_start(void)
{
	memset(&model, 0, sizeof(model));
	for (unsigned i = 0; i < CUSTOMERS; i++)
		model.name_len[i] =
		    (size_t)snprintf((char *)model.names[i], ID_BYTES, "c%u", i * 7919 % 100003);
}

/* Ids of all bytes, also of those that mean something in a key, a text or a bound. */
static void model_start_binary(void)
{
	static const uint8_t odd[] = {0, ':', '}', 0xff, '[', '(', '+', '-', '%', '\n', 'a'};

	memset(&model, 0, sizeof(model));
	for (unsigned i = 0; i < CUSTOMERS; i++) {
		unsigned number = i * 7919 % 100003;
		uint8_t *name = model.names[i];

		name[0] = odd[number % sizeof(odd)];
		name[1] = odd[number / sizeof(odd) % sizeof(odd)];
		for (int n = 0; n < 3; n++)
			name[2 + n] = (uint8_t)(number >> (16 - 8 * n));
		model.name_len[i] = 5 + i % 3; /* some end with NUL */
	}
}

/* Crowds of one instant, times all over, before 1970 too, never, and apart from all times. */
static int64_t some_due(void)
{
	switch (rand() % 8) {
	case 0:
		return NEVER_MS;
	case 1:
		return INDEX_DUE_APART;
	case 2:
		return -(int64_t)(rand() % 100000);
	case 3:
	case 4:
		return INT64_C(1767571200000);
	default:
		return INT64_C(1767571200000) + rand() % 1000000;
	}
}

static struct slice name_of(unsigned i)
{
	return slice_of(model.names[i], model.name_len[i]);
}

static int write_changes(struct index *index, const struct index_change *changes, size_t count,
			 int64_t *ret_next_ms)
{
	char next[INDEX_CHECKPOINT_BYTES];
	struct err err;
	int r;

	snprintf(next, sizeof(next), "%u 7 9", ++model.number);
	index_ask_write(index, 0, model.checkpoint, next, changes, count, false);
	r = index_take_write(index, 0, ret_next_ms, &err);
	if (r < 0)
		fail_msg("%s", err.text);
	memcpy(model.checkpoint, next, sizeof(next));
	return r;
}

static int64_t model_next(void)
{
	int64_t next_ms = NEVER_MS;

	for (unsigned i = 0; i < CUSTOMERS; i++)
		if (model.is_there[i] && model.due_ms[i] != INDEX_DUE_APART &&
		    model.due_ms[i] < next_ms)
			next_ms = model.due_ms[i];
	return next_ms;
}

/* Some of `among` are set, moved or removed. */
static void change_some(struct index *index, size_t count, unsigned among)
{
	struct index_change *changes = calloc(count, sizeof(*changes));
	int64_t next_ms;

	for (size_t n = 0; n < count; n++) {
		unsigned i = (unsigned)rand() % among;
		int64_t was_ms = model.is_there[i] ? model.due_ms[i] : NEVER_MS;

		changes[n].customer = name_of(i);
		for (size_t m = 0; m < n; m++) /* each once */
			if (slice_equal(changes[m].customer, changes[n].customer))
				changes[n].customer.len = 0;
		if (changes[n].customer.len == 0) {
			n--;
			count--;
			continue;
		}
		model.is_there[i] = rand() % 5 != 0;
		if (model.is_there[i] && (was_ms == NEVER_MS || rand() % 3 != 0))
			model.due_ms[i] = some_due();
		changes[n].state = model.is_there[i] ? name_of(i) : slice_of(NULL, 0);
		changes[n].due_ms = model.due_ms[i];
		changes[n].was_ms = rand() % 4 ? was_ms : INDEX_DUE_UNKNOWN;
	}
	assert_int_equal(write_changes(index, changes, count, &next_ms), 1);
	assert_true(next_ms == model_next());
	free(changes);
}

/* As Redis sorts. */
static int by_name(unsigned one, unsigned other)
{
	size_t a = model.name_len[one], b = model.name_len[other];
	int r = memcmp(model.names[one], model.names[other], a < b ? a : b);

	return r ? r : (a > b) - (a < b);
}

static int by_due(const void *a, const void *b)
{
	unsigned one = *(const unsigned *)a, other = *(const unsigned *)b;

	if (model.due_ms[one] != model.due_ms[other])
		return model.due_ms[one] < model.due_ms[other] ? -1 : 1;
	return by_name(one, other);
}

static size_t model_due(bool apart, int64_t from_ms, int64_t until_ms, unsigned *ret)
{
	size_t count = 0;

	for (unsigned i = 0; i < CUSTOMERS; i++) {
		int64_t due_ms = model.due_ms[i];

		if (!model.is_there[i] || due_ms == NEVER_MS)
			continue;
		if (due_ms == INDEX_DUE_APART ? apart
					      : (apart || due_ms >= from_ms) && due_ms <= until_ms)
			ret[count++] = i;
	}
	qsort(ret, count, sizeof(*ret), by_due);
	return count;
}

static void same_due(struct index *index, bool apart, int64_t from_ms, int64_t until_ms,
		     size_t limit)
{
	static unsigned expected[CUSTOMERS];
	size_t count, most = model_due(apart, from_ms, until_ms, expected);
	struct index_state *found;
	struct arena arena = {0};
	struct err err;

	index_ask_due(index, 0, apart, from_ms, until_ms, limit);
	if (index_take_due(index, 0, &arena, &found, &count, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(count, most < limit ? most : limit);
	for (size_t i = 0; i < count; i++) {
		assert_true(slice_equal(found[i].customer, name_of(expected[i])));
		assert_true(slice_equal(found[i].state, name_of(expected[i])));
		assert_true(found[i].due_ms == model.due_ms[expected[i]]);
	}
	arena_free(&arena);
}

static void same_states(struct index *index)
{
	static struct slice names[CUSTOMERS];
	static struct index_state found[CUSTOMERS];
	struct arena arena = {0};
	struct err err;

	for (unsigned i = 0; i < CUSTOMERS; i++)
		names[i] = name_of(i);
	index_ask_states(index, 0, names, CUSTOMERS);
	if (index_take_states(index, 0, CUSTOMERS, &arena, found, &err) < 0)
		fail_msg("%s", err.text);
	for (unsigned i = 0; i < CUSTOMERS; i++) {
		assert_int_equal(found[i].state.len > 0, model.is_there[i]);
		assert_true(!model.is_there[i] || found[i].due_ms == model.due_ms[i]);
	}
	arena_free(&arena);
}

static void go_through_lives(struct index *index)
{
	const int64_t day_ms = INT64_C(1767571200000);

	srand(7);
	for (int round = 0; round < ROUNDS; round++) {
		/* From nothing, through crowds, to a few who are left. */
		change_some(index, 1 + (size_t)rand() % CHANGES,
			    round < 40 ? CUSTOMERS : 1 + (unsigned)rand() % 300);
		same_due(index, false, INT64_MIN, INT64_MAX - 1, CUSTOMERS);
		same_due(index, false, INT64_MIN, day_ms, 1 + (size_t)rand() % 400);
		same_due(index, false, day_ms + rand() % 1000000, INT64_MAX, 100);
		same_due(index, true, INT64_MIN, INT64_MIN, CUSTOMERS);
		same_due(index, true, INT64_MIN, day_ms, CUSTOMERS);
	}
	same_states(index);
}

static void as_a_list_in_memory(void **state)
{
	struct index *index = open_index("list.");

	(void)state;
	model_start();
	go_through_lives(index);
	index_close(&index);
}

static void ids_of_any_bytes(void **state)
{
	struct index *index = open_index("bytes.");

	(void)state;
	model_start_binary();
	go_through_lives(index);
	index_close(&index);
}

static redisReply *ask(const char *format, ...)
{
	redisContext *context = redisConnect("127.0.0.1", atoi(strrchr(redis_server.url, ':') + 1));
	redisReply *reply;
	va_list words;

	va_start(words, format);
	reply = redisvCommand(context, format, words);
	va_end(words);
	redisFree(context);
	if (!reply || reply->type == REDIS_REPLY_ERROR)
		fail_msg("%s: %s", format, reply ? reply->str : "no answer");
	return reply;
}

/* Packed leaves are what makes them small, whichever way they came to be. */
static void leaves_are_packed(const char *pattern)
{
	redisReply *keys = ask("KEYS %s", pattern);

	assert_true(keys->elements > 10);
	for (size_t i = 0; i < keys->elements; i++) {
		redisReply *encoding =
		    ask("OBJECT ENCODING %b", keys->element[i]->str, keys->element[i]->len);

		assert_true(strcmp(encoding->str, "listpack") == 0 ||
			    strcmp(encoding->str, "ziplist") == 0);
		freeReplyObject(encoding);
	}
	freeReplyObject(keys);
}

static void all_at_one_instant(void **state)
{
	static struct index_change changes[CUSTOMERS];
	struct index *index = open_index("crowd.");
	int64_t next_ms;

	(void)state;
	model_start();
	for (unsigned i = 0; i < CUSTOMERS; i++) {
		model.is_there[i] = true;
		model.due_ms[i] = 32400000;
		changes[i] =
		    (struct index_change){name_of(i), name_of(i), 32400000, INDEX_DUE_UNKNOWN};
	}
	assert_int_equal(write_changes(index, changes, CUSTOMERS, &next_ms), 1);
	assert_true(next_ms == 32400000);
	same_due(index, false, INT64_MIN, 32400000, CUSTOMERS);
	same_due(index, false, INT64_MIN, 32399999, CUSTOMERS);
	leaves_are_packed("crowd.{scheduler:0}:leaves:*");
	/* Again, as a restore does that does not know what is there. */
	assert_int_equal(write_changes(index, changes, CUSTOMERS, &next_ms), 1);
	same_due(index, false, INT64_MIN, 32400000, CUSTOMERS);
	index_close(&index);
}

static void emptied_of_all(void **state)
{
	struct index *index = open_index("gone.");
	redisReply *keys;
	int64_t next_ms;
	struct err err;

	(void)state;
	model_start();
	change_some(index, CHANGES, CUSTOMERS);
	assert_int_equal(index_claim(index, 0, "1 7 8", "restoring 1", true, &err), 0);
	assert_int_equal(index_claim(index, 0, "1 7 9", "restoring 1", true, &err), 1);
	keys = ask("KEYS gone.*");
	assert_int_equal(keys->elements, 1); /* the mark */
	freeReplyObject(keys);
	strcpy(model.checkpoint, "another");
	assert_int_equal(write_changes(index, NULL, 0, &next_ms), 0);
	index_close(&index);
}

/* One that an older release wrote: no number for us, and what we take from it is what it has. */
static void another_format_is_none(void **state)
{
	struct index *index = open_index("old.");
	char found[INDEX_CHECKPOINT_BYTES];
	redisReply *reply;
	struct err err;

	(void)state;
	freeReplyObject(ask("SET old.{scheduler:0}:mark %s", "12 400 1767571200000"));
	freeReplyObject(ask("HSET old.{scheduler:0}:states %s %s", "ann", "12345678state"));
	freeReplyObject(ask("ZADD old.{scheduler:0}:due %s %s", "1767571200000", "ann"));
	index_ask_checkpoint(index, 0);
	assert_int_equal(index_take_checkpoint(index, 0, found, &err), 0);
	assert_string_equal(found, "?12 400 1767571200000");
	assert_int_equal(index_claim(index, 0, "12 400 1767571200000", "restoring 1", true, &err),
			 0);
	assert_int_equal(index_claim(index, 0, found, "restoring 1", true, &err), 1);
	index_ask_checkpoint(index, 0);
	assert_int_equal(index_take_checkpoint(index, 0, found, &err), 0);
	assert_string_equal(found, "restoring 1");
	/* Nothing stays of it, above all no name of a customer. */
	reply = ask("KEYS old.*%s", "");
	assert_int_equal(reply->elements, 1);
	assert_string_equal(reply->element[0]->str, "old.{scheduler:0}:mark");
	freeReplyObject(reply);
	index_close(&index);
}

/* A command that is needed once in a while is missed at the start, by name. */
static void a_missing_right_is_named(void **state)
{
	char url[96];
	struct index *index;
	struct err err;
	redisReply *keys;

	(void)state;
	freeReplyObject(ask("ACL SETUSER few on >secret ~few.* +@all -zrange -rename"));
	snprintf(url, sizeof(url), "redis://few:secret@%s", strrchr(redis_server.url, '/') + 1);
	assert_int_equal(index_open(&index, url, "few.", "scheduler", &err), 0);
	assert_int_equal(index_check_rights(index, &err), -1);
	assert_non_null(strstr(err.text, "the user's ACL lacks +zrange (docs"));
	freeReplyObject(ask("ACL SETUSER few +zrange"));
	assert_int_equal(index_check_rights(index, &err), 0);
	index_close(&index);
	assert_int_equal(index_open(&index, url, "few.", "email-sender", &err), 0);
	assert_int_equal(index_check_rights(index, &err), -1);
	assert_non_null(strstr(err.text, "the user's ACL lacks +rename (docs"));
	index_close(&index);
	keys = ask("KEYS few.*");
	assert_int_equal(keys->elements, 0);
	freeReplyObject(keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(as_a_list_in_memory),    cmocka_unit_test(ids_of_any_bytes),
	    cmocka_unit_test(all_at_one_instant),     cmocka_unit_test(emptied_of_all),
	    cmocka_unit_test(another_format_is_none), cmocka_unit_test(a_missing_right_is_named),
	};

	if (redis_server_is_missing())
		return 0;
	return cmocka_run_group_tests(tests, redis_server_start, redis_server_stop);
}
