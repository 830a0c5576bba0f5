/* token_coupon_pool_test.c - files of codes, and what a partition draws of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/token/coupon_draws.h"

#define X16 "xxxxxxxxxxxxxxxx"
#define X64 X16 X16 X16 X16
#define EXPECTED "expected a code of 1 to 64 printable ASCII characters without blanks, found "

static const struct {
	const char *text;
	const char *codes; /* joined by a blank; NULL: error */
	const char *error;
} files[] = {
    {"A\n", "A", NULL},
    {"A", "A", NULL},
    {"A-1\nb_2\n~!", "A-1 b_2 ~!", NULL},
    {"A\r\nB\r\n", "A B", NULL},
    {"\xef\xbb\xbf"
     "A\nB",
     "A B", NULL},
    {X64 "\n", X64, NULL},
    {"", NULL, "f.txt: expected codes, one a line; it is empty"},
    {"\xef\xbb\xbf", NULL, "f.txt: expected codes, one a line; it is empty"},
    {"\n", NULL, "f.txt:1: " EXPECTED "\"\""},
    {"A\n\nB", NULL, "f.txt:2: " EXPECTED "\"\""},
    {"A\nB \n", NULL, "f.txt:2: " EXPECTED "\"B \""},
    {"A\nB\n\tC", NULL, "f.txt:3: " EXPECTED "\"?C\""},
    {"A\r\r\n", NULL, "f.txt:1: " EXPECTED "\"A?\""},
    {"\xc3\x84", NULL, "f.txt:1: "},
    {X64 "x", NULL, "f.txt:1: "},
};

static void a_code_a_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct coupon_pool pool = {0};
		struct arena arena = {0};
		char found[512] = "";
		struct err err;
		int r = coupon_pool_parse(slice_text(files[i].text), "f.txt", &arena, &pool, &err);

		assert_int_equal(r, files[i].codes ? 0 : -1);
		for (uint32_t k = 0; k < pool.count; k++) {
			strcat(found, k ? " " : "");
			strcat(found, pool.codes[k]);
		}
		if (files[i].codes)
			assert_string_equal(found, files[i].codes);
		else
			assert_memory_equal(err.text, files[i].error, strlen(files[i].error));
		arena_free(&arena);
	}
}

static struct coupon_pool pool_of(const char *file, const char *text, struct arena *arena)
{
	struct coupon_pool pool;
	struct err err;

	assert_int_equal(coupon_pool_parse(slice_text(text), file, arena, &pool, &err), 0);
	return pool;
}

/* line n is "Pn" */
static struct coupon_pool numbered(const char *prefix, int count, struct arena *arena)
{
	char *text = calloc(16, (size_t)count);
	struct coupon_pool pool;

	for (int i = 1, at = 0; i <= count; i++)
		at += snprintf(text + at, 16, "%s%d\n", prefix, i);
	pool = pool_of("codes.txt", text, arena);
	free(text);
	return pool;
}

static void each_code_once(void **state)
{
	struct arena arena = {0};
	struct coupon_pool pools[3] = {numbered("A", 5000, &arena),
				       {0}, /* a signed source */
				       numbered("B", 5000, &arena)};
	struct err err;

	(void)state;
	assert_int_equal(coupon_pools_check(pools, 3, &err), 0);
	assert_int_equal(coupon_pools_check(pools, 0, &err), 0);
	pools[1] = pool_of("b.txt", "x\ny\nA17\n", &arena);
	assert_int_equal(coupon_pools_check(pools, 3, &err), -1);
	assert_string_equal(err.text, "b.txt:3: the code A17 stands in codes.txt:17 too; expected "
				      "each code once, or two people would get it");
	pools[0] = pool_of("a.txt", "x\ny\nz\ny\n", &arena);
	assert_int_equal(coupon_pools_check(pools, 1, &err), -1);
	assert_memory_equal(err.text, "a.txt:4: the code y stands in a.txt:2 too", 40);
	arena_free(&arena);
}

/* As it comes back from the changelog. */
static Nurture__V1__CouponDraws *again(Nurture__V1__CouponDraws *draws, struct arena *arena)
{
	Nurture__V1__CouponDraws *ret;
	struct err err;

	assert_int_equal(coupon_draws_decode(coupon_draws_encode(draws, arena), arena, &ret, &err),
			 0);
	return ret;
}

static Nurture__V1__CouponDraws *nothing(struct arena *arena)
{
	Nurture__V1__CouponDraws *ret;
	struct err err;

	assert_int_equal(coupon_draws_decode(slice_of(NULL, 0), arena, &ret, &err), 0);
	return ret;
}

static void partitions_draw_every_line_once(void **state)
{
	enum { LINES = 101 };
	struct arena arena = {0};
	struct coupon_pool pool = numbered("", LINES, &arena);
	struct err err;

	(void)state;
	for (int32_t partitions = 1; partitions <= 130; partitions += 3) {
		int seen[LINES + 1] = {0}, sum = 0;

		for (int32_t p = 0; p < partitions; p++) {
			const struct coupon_share share = {p, partitions};
			Nurture__V1__CouponDraws *draws = nothing(&arena);
			const char *code;
			uint32_t count, n = 0;
			int last = p + 1 - partitions;

			for (; coupon_draw(draws, "a", &pool, share, &arena, &code, &err) == 1;
			     n++) {
				assert_int_equal(atoi(code), last += partitions);
				assert_int_equal(seen[last]++, 0);
				draws = again(draws, &arena);
			}
			assert_int_equal(n, coupon_share_size(&pool, share));
			assert_int_equal(coupon_draws_count(draws, "a", &pool, share, &count, &err),
					 0);
			assert_int_equal(count, n);
			sum += (int)n;
		}
		assert_int_equal(sum, LINES);
	}
	arena_free(&arena);
}

static const struct coupon_share second_of_3 = {1, 3};

/* Two codes of a: lines 2 and 5. One of b. */
static Nurture__V1__CouponDraws *drawn(struct arena *arena)
{
	struct coupon_pool a = numbered("A", 10, arena), b = numbered("B", 10, arena);
	Nurture__V1__CouponDraws *draws = nothing(arena);
	const char *code;
	struct err err;

	coupon_draw(draws, "a", &a, second_of_3, arena, &code, &err);
	coupon_draw(draws, "b", &b, second_of_3, arena, &code, &err);
	assert_string_equal(code, "B2");
	coupon_draw(draws, "a", &a, second_of_3, arena, &code, &err);
	assert_string_equal(code, "A5");
	return again(draws, arena);
}

static const struct {
	const char *name, *file, *code; /* what comes next; NULL: used up */
	struct coupon_share share;
	const char *error;
} changes[] = {
    {"a", "1\nA2\n3\n4\nA5\n6\n7\nnew\n", "new", {1, 3}, NULL}, /* only the last is looked at */
    {"a", "1\nA2\n3\n4\nA5\n", NULL, {1, 3}, NULL},
    {"a",
     "1\nA2\n3\n4\n5\n6\n7\nA8\n",
     NULL,
     {1, 3},
     "coupons.a: f.txt:5: expected the code that was drawn from this line, found another one: "
     "a file of codes may only grow."},
    {"a", "0\n1\nA2\n3\n4\nA5\n", NULL, {1, 3}, "coupons.a: f.txt:5: "},
    {"a",
     "1\nA2\n3\n4\n",
     NULL,
     {1, 3},
     "coupons.a: f.txt:5: expected the code that was drawn from this line, found the file's end "
     "before it"},
    {"a",
     "1\nA2\n3\n4\nA5\n6\n7\nA8\n",
     NULL,
     {1, 6},
     "coupons.a: its codes were dealt among 3 partitions, and now there are 6"},
    /* another name for the same codes, and another file under another name */
    {"c", "1\nA2\n3\n4\nA5\n6\n7\nA8\n", "A8", {1, 3}, NULL},
    {"c", "1\nC2\n3\n4\nC5\n", "C2", {1, 3}, NULL},
};

static void the_file_may_only_grow(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		struct arena arena = {0};
		struct coupon_pool pool = pool_of("f.txt", changes[i].file, &arena);
		Nurture__V1__CouponDraws *draws = drawn(&arena);
		const char *code = NULL;
		uint32_t count;
		struct err err;
		int r = coupon_draw(draws, changes[i].name, &pool, changes[i].share, &arena, &code,
				    &err);

		assert_int_equal(r, changes[i].error ? -1 : changes[i].code ? 1 : 0);
		if (changes[i].error) {
			assert_int_equal(err.kind, ERR_CONFIG);
			assert_memory_equal(err.text, changes[i].error, strlen(changes[i].error));
			r = coupon_draws_count(draws, changes[i].name, &pool, changes[i].share,
					       &count, &err);
			assert_int_equal(r, -1);
		} else if (changes[i].code) {
			assert_string_equal(code, changes[i].code);
			assert_int_equal(draws->n_pools, strcmp(code, "C2") == 0 ? 3 : 2);
		}
		arena_free(&arena);
	}
}

static void what_is_not_ours_is_not_read(void **state)
{
	static const struct slice bad[] = {{(const uint8_t *)"\xff", 1},
					   {(const uint8_t *)"\x0a\x03\x0a\x01"
							     "a",
					    5},
					   {(const uint8_t *)"\x0a\x02\x10\x01", 4}};
	Nurture__V1__CouponDraws *draws;
	struct arena arena = {0};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(coupon_draws_decode(bad[i], &arena, &draws, &err), -1);
		assert_int_equal(err.kind, ERR_ENVIRONMENT);
	}
	arena_free(&arena);
}

/* The lines that 6 partitions had drawn are those that 12 or 18 have drawn, each by its own. */
static void more_partitions_have_drawn_the_same_lines(void **state)
{
	enum { BEFORE = 6, LINES = 200 };

	(void)state;
	for (int32_t after = BEFORE; after <= 3 * BEFORE; after += BEFORE) {
		for (uint32_t drawn = 1; drawn <= LINES / BEFORE; drawn++) {
			for (int32_t p = 0; p < after; p++) {
				Nurture__V1__PoolDraws pool = NURTURE__V1__POOL_DRAWS__INIT;
				Nurture__V1__PoolDraws *pools[] = {&pool};
				Nurture__V1__CouponDraws draws = NURTURE__V1__COUPON_DRAWS__INIT;
				uint32_t expected = 0, last = 0;

				pool.drawn = drawn;
				pool.last = 99;
				pool.partitions = BEFORE;
				draws.n_pools = 1;
				draws.pools = pools;
				for (uint32_t i = 0; i < drawn; i++) {
					uint32_t line = (uint32_t)(p % BEFORE) + i * BEFORE;

					expected += line % (uint32_t)after == (uint32_t)p;
					last = line;
				}
				coupon_draws_deal(&draws, BEFORE, after, p);
				assert_int_equal(draws.n_pools, expected > 0);
				assert_int_equal(pool.drawn, expected);
				assert_int_equal(pool.partitions, after);
				assert_int_equal(pool.last,
						 last % (uint32_t)after == (uint32_t)p ? 99 : 0);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_code_a_line),
	    cmocka_unit_test(each_code_once),
	    cmocka_unit_test(partitions_draw_every_line_once),
	    cmocka_unit_test(the_file_may_only_grow),
	    cmocka_unit_test(what_is_not_ours_is_not_read),
	    cmocka_unit_test(more_partitions_have_drawn_the_same_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
