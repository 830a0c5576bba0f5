/* pool_world.h - a pool of connections to a server on loopback, mails to put and results to
 * take. */
#ifndef NURTURE_TESTS_POOL_WORLD_H
#define NURTURE_TESTS_POOL_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/io/process/clock.h"
#include "services/email-sender/delivery/pool.h"
#include "services/email-sender/wire.h"
#include "smtp_sink.h"

static struct message_class classes[] = {{.name = "care", .needs_consent = true}};
static struct policy policy = {.shop = {.name = "Harbour",
					.sender_name = "Harbour",
					.sender_address = "care@harbour.example",
					.postal_address = "1 Quay",
					.website = "",
					.public_url = "https://mail.harbour.example"},
			       .classes = classes,
			       .class_count = 1};
static struct template_set *templates;
static struct attempt_notes *notes; /* of the next pool; NULL: no journal */
static struct arena arena;

static struct delivery_rule no_limit = {.name = "default"};
static struct delivery delivery = {
    .rules = &no_limit, .rule_count = 1, .mails_per_connection = 1000};

static inline struct send_pool *open_pool(const char *url, unsigned connections, int64_t idle_ms)
{
	struct send_pool_options options = {
	    .smtp = {.url = url, .timeouts = {.connect_ms = 2000}},
	    .composer = {.policy = &policy,
			 .templates = templates,
			 .token_key = slice_text("0123456789abcdef")},
	    .delivery = &delivery,
	    .notes = notes,
	    .connections = connections};
	struct send_pool *pool;
	struct err err;

	delivery.idle_ms = idle_ms ? idle_ms : 30000;

	if (send_pool_open(&pool, &options, &err) < 0)
		fail_msg("%s", err.text);
	return pool;
}

static inline struct slice effect_of(const char *id, const char *email)
{
	Nurture__V1__DeliveryEffect effect = NURTURE__V1__DELIVERY_EFFECT__INIT;
	Nurture__V1__Dispatch dispatch = NURTURE__V1__DISPATCH__INIT;
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;

	request.id = (char *)"r";
	request.message_class = (char *)"care";
	request.channel = (char *)"email";
	request.action = (char *)"tips";
	request.expires_ms = 1;
	dispatch.id = (char *)(uintptr_t)id;
	dispatch.request = &request;
	dispatch.email = (char *)(uintptr_t)email;
	effect.id = (char *)(uintptr_t)id;
	effect.attempt = 3;
	if (email && strrchr(email, '@'))
		effect.domain = strrchr((char *)(uintptr_t)email, '@') + 1;
	if (email)
		effect.dispatch = &dispatch;
	else
		effect.recall = true;
	return send_effect_encode(&effect, &arena);
}

static inline void put(struct send_pool *pool, int number, const char *email)
{
	char *id = arena_printf(&arena, "send%d", number);
	char *customer = arena_printf(&arena, "customer%d", number);
	struct err err;

	if (send_pool_put(pool, number % 7, slice_text(customer), effect_of(id, email), &err) < 0)
		fail_msg("%s", err.text);
}

/* Takes all that is there or comes within the time; returns how many of each verdict. */
static inline int take(struct send_pool *pool, int counts[5], int wait_ms, char *ret_text)
{
	struct send_pool_result result;
	Nurture__V1__DeliveryResult *decoded;
	struct err err;
	int taken = 0;

	for (;;) {
		while (send_pool_take(pool, &result)) {
			assert_int_equal(send_result_decode(result.value, &arena, &decoded, &err),
					 0);
			assert_int_equal(decoded->attempt, 3);
			/* Belongs together what was put together. */
			assert_int_equal(atoi(decoded->id + 4) % 7, result.partition);
			assert_true(slice_equal(
			    result.customer,
			    slice_text(arena_printf(&arena, "customer%s", decoded->id + 4))));
			counts[decoded->verdict]++;
			if (ret_text)
				strcpy(ret_text, decoded->text);
			taken++;
		}
		if (!send_pool_in_flight(pool) || !send_pool_wait(pool, 1, wait_ms))
			return taken;
	}
}

#endif
