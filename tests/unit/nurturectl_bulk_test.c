/* What is larger than memory: records in order, whether they touched the disk or not, and counts of
 * numbers; what a disk that is not there says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/nurturectl/bulk/tally.h"
#include "services/nurturectl/bulk/temp_file.h"

enum { RECORDS = 20000, KEYS = 1 << 20 };

/* A key that many have as a beginning, and a value of up to 300 bytes that follows from it. */
static size_t value_of(unsigned key, char value[400])
{
	size_t len = key % 300;

	memset(value, 'a' + (int)(key % 26), len);
	return len;
}

static void add_all(struct record_sort *sort, unsigned count)
{
	uint32_t seed = 7;
	char key[32], value[400];
	struct err err;

	for (unsigned i = 0; i < count; i++) {
		seed = seed * 1664525 + 1013904223;
		snprintf(key, sizeof(key), "%u", (seed >> 8) % KEYS);
		assert_int_equal(
		    record_sort_add(
			sort, slice_text(key),
			slice_of(value, value_of((unsigned)strtoul(key, NULL, 10), value)), &err),
		    0);
	}
}

/* All are there, in the order of their keys, each with its own value. */
static void look_through(struct record_sort *sort, unsigned count)
{
	char last[32] = "", key[32], value[400];
	struct record record;
	unsigned seen = 0;
	struct err err;
	int r;

	assert_int_equal(record_sort_rewind(sort, &err), 0);
	while ((r = record_sort_next(sort, &record, &err)) > 0) {
		snprintf(key, sizeof(key), "%.*s", SLICE_ARGS(record.key));
		assert_true(strcmp(last, key) <= 0);
		strcpy(last, key);
		assert_int_equal(record.value.len,
				 value_of((unsigned)strtoul(key, NULL, 10), value));
		assert_memory_equal(record.value.bytes, value, record.value.len);
		seen++;
	}
	assert_int_equal(r, 0);
	assert_int_equal(seen, count);
}

/* In memory, in some runs, and in so many that they are merged on the way. */
static void in_order(void **state)
{
	static const size_t memories[] = {64 << 20, 1 << 20, 4 << 10};

	(void)state;
	for (size_t i = 0; i < sizeof(memories) / sizeof(*memories); i++) {
		struct record_sort *sort = record_sort_open(memories[i]);

		add_all(sort, RECORDS);
		look_through(sort, RECORDS);
		look_through(sort, RECORDS); /* as often as one likes */
		record_sort_close(sort);
	}
}

static void nothing(void **state)
{
	struct record_sort *sort = record_sort_open(4096);

	(void)state;
	look_through(sort, 0);
	record_sort_close(sort);
	record_sort_close(NULL);
}

/* A record that is larger than the memory it is to be sorted in. */
static void one_large(void **state)
{
	struct record_sort *sort = record_sort_open(4096);
	char *large = calloc(1, 3 << 20);
	struct record record;
	struct err err;

	(void)state;
	assert_non_null(large);
	add_all(sort, 100);
	assert_int_equal(record_sort_add(sort, slice_text("~"), slice_of(large, 3 << 20), &err), 0);
	add_all(sort, 100);
	assert_int_equal(record_sort_rewind(sort, &err), 0);
	for (unsigned i = 0; i < 200; i++)
		assert_int_equal(record_sort_next(sort, &record, &err), 1);
	assert_int_equal(record_sort_next(sort, &record, &err), 1);
	assert_int_equal(record.value.len, 3 << 20);
	assert_memory_equal(record.value.bytes, large, record.value.len);
	assert_int_equal(record_sort_next(sort, &record, &err), 0);
	record_sort_close(sort);
	free(large);
}

/* More different numbers than the table takes: each of two groups has each of them thrice. */
static void tallied(void **state)
{
	enum { NUMBERS = 400000 };
	struct tally tally = {0};
	struct tally_entry entry;
	uint64_t counts[2] = {0};
	int64_t last = 0;
	struct err err;

	(void)state;
	for (unsigned i = 0; i < 3 * NUMBERS; i++)
		for (uint32_t group = 0; group < 2; group++)
			assert_int_equal(
			    tally_add(&tally, group, (int64_t)(i * UINT64_C(7919) % NUMBERS), &err),
			    0);
	assert_int_equal(tally_rewind(&tally, &err), 0);
	while (tally_next(&tally, &entry, &err) > 0) {
		assert_true(entry.number >= last && entry.group < 2 && entry.count <= 3);
		counts[entry.group] += entry.count;
		assert_true(counts[entry.group] <= (uint64_t)(entry.number + 1) * 3);
		last = entry.number;
	}
	assert_int_equal(last, NUMBERS - 1);
	assert_int_equal(counts[0], 3 * NUMBERS);
	assert_int_equal(counts[1], 3 * NUMBERS);
	tally_free(&tally);
}

/* What cannot be written to is named, with what was expected; what has no space is no mistake. */
static void no_directory(void **state)
{
	struct record_sort *sort = record_sort_open(4096);
	const char *before = getenv("TMPDIR");
	struct temp_file file;
	struct err err;

	(void)state;
	setenv("TMPDIR", "/nowhere/at/all", 1);
	assert_int_equal(temp_file_open(&file, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text,
			    "TMPDIR /nowhere/at/all: No such file or directory; expected a "
			    "directory for what does not fit into memory");
	add_all(sort, 10); /* they fit */
	assert_int_equal(record_sort_rewind(sort, &err), 0);
	record_sort_close(sort);
	if (before)
		setenv("TMPDIR", before, 1);
	else
		unsetenv("TMPDIR");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(in_order), cmocka_unit_test(nothing),      cmocka_unit_test(one_large),
	    cmocka_unit_test(tallied),  cmocka_unit_test(no_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
