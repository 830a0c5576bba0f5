/* desk_poster_test.c - posts to webhooks of which most hang: the others hear theirs meanwhile. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/codec/protobuf_message.h"
#include "common/io/process/clock.h"
#include "services/desk/tell/poster.h"

enum { HANGING = 6, GOOD = HANGING, PLACES, POSTS_EACH = 3, MANY = 1500, PATIENCE_MS = 5000 };

struct world {
	int sockets[PLACES]; /* that listen */
	char names[PLACES][20], urls[PLACES][64];
	struct dsk_hook list[PLACES];
	struct dsk_hooks hooks;
	struct dsk_poster *poster;
};

/* Whoever connects is let in by the system, and nobody answers. */
static int listen_somewhere(char url[64])
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&address, len) == 0 &&
		    listen(fd, 16) == 0 && getsockname(fd, (struct sockaddr *)&address, &len) == 0);
	snprintf(url, 64, "http://127.0.0.1:%u/", ntohs(address.sin_port));
	return fd;
}

static void open_world(struct world *world)
{
	struct err err;

	*world = (struct world){.hooks = {world->list, PLACES}};
	for (int i = 0; i < PLACES; i++) {
		world->sockets[i] = listen_somewhere(world->urls[i]);
		snprintf(world->names[i], sizeof(world->names[i]), "hook-%d", i);
		world->list[i] = (struct dsk_hook){.name = world->names[i], .url = world->urls[i]};
	}
	if (dsk_poster_open(&world->poster, &world->hooks, &err) < 0)
		fail_msg("%s", err.text);
}

/* What hangs is cut off: nobody listens any more. */
static void close_world(struct world *world)
{
	for (int i = 0; i < PLACES; i++)
		close(world->sockets[i]);
	dsk_poster_close(&world->poster);
}

static void put(struct world *world, int place)
{
	Nurture__V1__DeskPost post = NURTURE__V1__DESK_POST__INIT;

	post.hook = world->names[place];
	post.id = "n-1";
	post.body = (ProtobufCBinaryData){2, (uint8_t *)"{}"};
	dsk_poster_put(world->poster, 3, slice_text("ann"), &post);
}

/* Takes one post at the good webhook, and answers. */
static void answer_one(const struct world *world)
{
	static const char answer[] = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
	char request[4096];
	int fd = accept(world->sockets[GOOD], NULL, NULL);

	assert_true(fd >= 0);
	assert_true(read(fd, request, sizeof(request)) > 0);
	assert_int_equal(write(fd, answer, strlen(answer)), strlen(answer));
	close(fd);
}

static Nurture__V1__DeskPosted *next_result(struct world *world, struct arena *arena)
{
	int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
	struct dsk_poster_result result;

	while (!dsk_poster_take(world->poster, &result)) {
		if (clock_monotonic_ms() > until_ms)
			fail_msg("nothing has come back");
		usleep(1000);
	}
	assert_int_equal(result.partition, 3);
	return message_unpack(&nurture__v1__desk_posted__descriptor, result.value, arena);
}

static void those_that_hang_keep_nothing_from_the_others(void **state)
{
	struct arena arena = {0};
	struct world world;

	(void)state;
	open_world(&world);
	for (int i = 0; i < POSTS_EACH; i++)
		for (int place = 0; place < PLACES; place++)
			put(&world, place);
	alarm(30); /* the accept of a post that never comes would wait for ever */
	for (int i = 0; i < POSTS_EACH; i++) {
		Nurture__V1__DeskPosted *posted;

		answer_one(&world);
		posted = next_result(&world, &arena);
		assert_string_equal(posted->hook, world.names[GOOD]);
		assert_true(posted->is_taken);
	}
	alarm(0);
	assert_int_equal(dsk_poster_in_flight(world.poster), HANGING * POSTS_EACH);
	close_world(&world);
	arena_free(&arena);
}

/* What does not fit comes back untried, for later. */
static void a_queue_is_bounded(void **state)
{
	struct arena arena = {0};
	struct world world;
	Nurture__V1__DeskPosted *posted;

	(void)state;
	open_world(&world);
	for (int i = 0; i < MANY; i++)
		put(&world, 0);
	posted = next_result(&world, &arena);
	assert_false(posted->is_tried || posted->is_taken || posted->is_gone);
	assert_true(posted->wait_ms > 0);
	close_world(&world);
	arena_free(&arena);
}

static void one_that_the_settings_have_no_more_is_gone(void **state)
{
	Nurture__V1__DeskPost post = NURTURE__V1__DESK_POST__INIT;
	struct arena arena = {0};
	struct world world;

	(void)state;
	open_world(&world);
	post.hook = "another";
	post.id = "n-1";
	dsk_poster_put(world.poster, 3, slice_text("ann"), &post);
	assert_true(next_result(&world, &arena)->is_gone);
	close_world(&world);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(those_that_hang_keep_nothing_from_the_others),
	    cmocka_unit_test(a_queue_is_bounded),
	    cmocka_unit_test(one_that_the_settings_have_no_more_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
