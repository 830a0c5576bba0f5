/* io_coupon_files_test.c - the files that a policy names, found beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/io/config/coupon_files.h"

static char folder[] = "/tmp/nurture-coupons-XXXXXX";
static struct arena arena;

static const char *in_folder(const char *name)
{
	return arena_printf(&arena, "%s/%s", folder, name);
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_folder(name), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static struct coupon coupons[] = {{.name = "a", .kind = COUPON_POOL, .file = "pools/a.txt"},
				  {.name = "s", .kind = COUPON_SIGNED, .file = ""},
				  {.name = "b", .kind = COUPON_POOL, .file = "b.txt"}};

static void beside_the_policy(void **state)
{
	struct policy policy = {.coupons = coupons, .coupon_count = 3};
	static const struct coupon_pool *pools;
	struct err err;

	(void)state;
	policy.file = in_folder("shop.yaml");
	assert_int_equal(mkdir(in_folder("pools"), 0700), 0);
	write_file("pools/a.txt", "A1\nA2\n");
	assert_int_equal(coupon_files_read(&policy, &pools, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(
	    err.text,
	    arena_printf(&arena, "coupons.b: %s: No such file or directory", in_folder("b.txt")));
	write_file("b.txt", "B1\nB 2\n");
	assert_int_equal(coupon_files_read(&policy, &pools, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "/b.txt:2: expected a code"));
	write_file("b.txt", "B1\nA2\n");
	assert_int_equal(coupon_files_read(&policy, &pools, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "/b.txt:2: the code A2 stands in "));
	assert_non_null(strstr(err.text, "/pools/a.txt:2 too"));
	write_file("b.txt", "B1\nB2\nB3\n");
	assert_int_equal(coupon_files_read(&policy, &pools, &err), 0);
	assert_int_equal(pools[0].count, 2);
	assert_null(pools[1].file);
	assert_int_equal(pools[2].count, 3);
	assert_string_equal(pools[2].codes[2], "B3");
}

static void in_the_folder_where_it_runs(void **state)
{
	struct policy policy = {.file = "shop.yaml", .coupons = coupons, .coupon_count = 1};
	static const struct coupon_pool *pools;
	struct err err;

	(void)state;
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(coupon_files_read(&policy, &pools, &err), 0);
	assert_string_equal(pools[0].codes[0], "A1");
}

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(in_folder("pools/a.txt"));
	unlink(in_folder("b.txt"));
	rmdir(in_folder("pools"));
	rmdir(folder);
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(beside_the_policy),
	    cmocka_unit_test(in_the_folder_where_it_runs),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
