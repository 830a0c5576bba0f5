/* Ids are the same for ever, and keys fall into the partitions that Kafka's Java client says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "common/base/hash.h"

/* From org.apache.kafka.common.utils.Utils of kafka-clients 4.1.0: toPositive(murmur2(key)). */
static const struct {
	const char *key;
	int32_t of_12, of_7, of_most; /* partitions of 12, of 7, of 2^31 - 1 */
} keys[] = {
    {"", 9, 2, 275646681},
    {"a", 4, 5, 584102524},
    {"ab", 2, 0, 316155434},
    {"abc", 3, 4, 479470107},
    {"abcd", 8, 5, 823834100},
    {"abcde", 1, 4, 461995741},
    {"21", 0, 3, 1173551340},
    {"foobar", 6, 0, 1357151166},
    {"a-little-bit-long-string", 8, 1, 1161502112},
    {"a-little-bit-longer-string", 11, 0, 661178819},
    {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", 5, 3, 2088585677},
    {"customer-1", 9, 3, 1939597761},
    {"00001", 11, 0, 1592226587},
    {"Ünïcode-ключ-鍵", 1, 0, 902514025},
};

static void test_partitions_are_those_of_java(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct slice key = slice_text(keys[i].key);

		assert_int_equal(partition_of(key, 12), keys[i].of_12);
		assert_int_equal(partition_of(key, 7), keys[i].of_7);
		assert_int_equal(partition_of(key, INT32_MAX), keys[i].of_most);
		assert_int_equal(partition_of(key, 1), 0);
	}
	assert_int_equal(partition_of(slice_of(NULL, 0), 12), 9);
}

/* These stand in topics and ledgers: a change of any would send mails again. */
static void test_ids_never_change(void **state)
{
	char id[ID_TEXT_BYTES];

	(void)state;
	id_of(id, NULL, 0);
	assert_string_equal(id, "99aa06d3014798d86001c324468d497f");
	id_of_texts(id, "welcome-back", "customer-1", "order-17", NULL);
	assert_string_equal(id, "ff7eaaaa867cf2ae2ffdb781c6e07774");
	assert_true(hash64(slice_text("customer-1")) == UINT64_C(0x76ed62b89efb594c));
}

/* The same, said another way: XXH3-128 over 8 bytes of length, little-endian, and the bytes. */
static void test_ids_are_xxh3_of_prefixed_parts(void **state)
{
	const char bytes[] = "\2\0\0\0\0\0\0\0ab\1\0\0\0\0\0\0\0c";
	XXH128_canonical_t canonical;
	char expected[ID_TEXT_BYTES], id[ID_TEXT_BYTES];

	(void)state;
	XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes, sizeof(bytes) - 1));
	for (size_t i = 0; i < sizeof(canonical.digest); i++)
		snprintf(expected + 2 * i, 3, "%02x", canonical.digest[i]);
	id_of(id, (struct slice[]){slice_text("ab"), slice_text("c")}, 2);
	assert_string_equal(id, expected);
	id_of_texts(id, "ab", "c", NULL);
	assert_string_equal(id, expected);
}

static void test_parts_are_told_apart(void **state)
{
	char one[ID_TEXT_BYTES], other[ID_TEXT_BYTES];

	(void)state;
	id_of_texts(one, "ab", "c", NULL);
	id_of_texts(other, "a", "bc", NULL);
	assert_string_not_equal(one, other);
	id_of_texts(one, "a", NULL);
	id_of_texts(other, "a", "", NULL);
	assert_string_not_equal(one, other);
}

static void test_fractions_are_even(void **state)
{
	enum { COUNT = 100000, BINS = 10 };
	int bins[BINS] = {0};
	char key[32];

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		snprintf(key, sizeof(key), "customer-%d", i);
		struct slice parts[] = {slice_text("win-back"), slice_text(key)};
		double fraction = hash_fraction(parts, 2);

		assert_true(fraction >= 0 && fraction < 1);
		assert_true(fraction == hash_fraction(parts, 2));
		bins[(int)(fraction * BINS)]++;
	}
	for (int i = 0; i < BINS; i++)
		assert_in_range(bins[i], COUNT / BINS - 500, COUNT / BINS + 500); /* 5 sigma */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_partitions_are_those_of_java),
	    cmocka_unit_test(test_ids_never_change),
	    cmocka_unit_test(test_ids_are_xxh3_of_prefixed_parts),
	    cmocka_unit_test(test_parts_are_told_apart),
	    cmocka_unit_test(test_fractions_are_even),
	};

	return cmocka_run_group_tests_name("base_hash", tests, NULL, NULL);
}
