/* Memory that goes all at once: alignment, no overlap, reuse after a reset. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <protobuf-c/protobuf-c.h>

#include "common/base/arena.h"

static void test_pieces_are_aligned_and_apart(void **state)
{
	enum { PIECES = 3000 };
	struct arena arena = {0};
	static unsigned char *pieces[PIECES];

	(void)state;
	for (unsigned i = 0; i < PIECES; i++) {
		pieces[i] = arena_alloc(&arena, i);
		assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		memset(pieces[i], (int)(i % 251), i);
	}
	for (unsigned i = 0; i < PIECES; i++)
		for (unsigned j = 0; j < i; j++)
			assert_int_equal(pieces[i][j], i % 251);
	arena_free(&arena);
}

static void test_large_pieces(void **state)
{
	struct arena arena = {0};
	char *small = arena_text(&arena, "small");
	char *large = arena_zalloc(&arena, 5 * 1024 * 1024);

	(void)state;
	assert_int_equal(large[5 * 1024 * 1024 - 1], 0);
	memset(large, 'x', 5 * 1024 * 1024);
	assert_string_equal(small, "small");
	arena_free(&arena);
}

static void test_reset_keeps_the_blocks(void **state)
{
	struct arena arena = {0};
	void *first = arena_alloc(&arena, 100), *last = NULL, *again = NULL;

	(void)state;
	for (int i = 0; i < 50; i++)
		last = arena_alloc(&arena, 100 * 1024);
	arena_reset(&arena);
	assert_ptr_equal(arena_alloc(&arena, 100), first);
	for (int i = 0; i < 50; i++)
		again = arena_alloc(&arena, 100 * 1024);
	assert_ptr_equal(again, last);
	arena_free(&arena);
	arena_free(&arena);
}

/* One block makes room for a larger one, and those behind it stay. */
static void test_a_larger_piece_takes_the_place_of_one_block(void **state)
{
	enum { BLOCK = 256 * 1024, BLOCKS = 4 };
	struct arena arena = {0};

	(void)state;
	for (int i = 0; i < BLOCKS; i++)
		arena_alloc(&arena, BLOCK);
	assert_int_equal(arena_room(&arena), BLOCKS * BLOCK);
	arena_reset(&arena);
	arena_alloc(&arena, 2 * BLOCK);
	assert_int_equal(arena_room(&arena), 2 * BLOCK + (BLOCKS - 1) * BLOCK);
	for (int i = 1; i < BLOCKS; i++)
		arena_alloc(&arena, BLOCK);
	assert_int_equal(arena_room(&arena), 2 * BLOCK + (BLOCKS - 1) * BLOCK);
	arena_free(&arena);
}

/* A state that gains some bytes with every step must not leave a block behind with each. */
static void test_growing_pieces_do_not_pile_up(void **state)
{
	struct arena arena = {0};
	size_t room = 0;
	unsigned blocks = 0;

	(void)state;
	for (size_t size = 1000; size < 2 * 1024 * 1024; size += 1000) {
		char *piece = arena_alloc(&arena, size), *second = arena_alloc(&arena, size / 2);

		memset(piece, 'a', size);
		memset(second, 'b', size / 2);
		assert_int_equal(piece[size - 1], 'a');
		arena_reset(&arena);
		blocks += arena_room(&arena) != room;
		room = arena_room(&arena);
	}
	assert_true(arena_room(&arena) <= 4 * 1024 * 1024);
	assert_true(blocks <= 10); /* each is twice as large, not a little larger */
	arena_free(&arena);
}

static void test_texts(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_memory_equal(arena_copy(&arena, "a\0b", 3), "a\0b\0", 4);
	assert_string_equal(arena_copy(&arena, NULL, 0), "");
	assert_string_equal(arena_printf(&arena, "%s-%d", "x", 5), "x-5");
	arena_free(&arena);
}

static void test_protobuf_allocates_here(void **state)
{
	struct arena arena = {0};
	ProtobufCAllocator allocator = arena_protobuf(&arena);
	char *bytes = allocator.alloc(allocator.allocator_data, 10);

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 1, 10);
	allocator.free(allocator.allocator_data, bytes);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pieces_are_aligned_and_apart),
	    cmocka_unit_test(test_large_pieces),
	    cmocka_unit_test(test_reset_keeps_the_blocks),
	    cmocka_unit_test(test_a_larger_piece_takes_the_place_of_one_block),
	    cmocka_unit_test(test_growing_pieces_do_not_pile_up),
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_protobuf_allocates_here),
	};

	return cmocka_run_group_tests_name("base_arena", tests, NULL, NULL);
}
