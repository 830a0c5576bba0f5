/* console_who_fuzz.c - what anybody may send to say who they are: none of it is believed. */
#include <stdlib.h>
#include <string.h>

#include "services/console/who/cover.h"
#include "services/console/who/networks.h"
#include "services/console/who/proxy.h"
#include "services/console/who/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* "Name: value" lines; none has the secret, so no word of a proxy is true. */
static void try_headers(struct slice text)
{
	static const struct token_keys secrets = {
	    .now = {(const uint8_t *)"sixteen\nbytes ok", 16}};
	struct con_proxy proxy = {.secrets = secrets};
	struct con_headers headers = {0};
	const struct peer peer = {{0}};
	struct err err;

	if (con_networks_read("::1", &proxy.networks, &err) < 0)
		abort();
	while (text.len) {
		const uint8_t *end = memchr(text.bytes, '\n', text.len);
		size_t len = end ? (size_t)(end - text.bytes) : text.len;
		const uint8_t *colon = memchr(text.bytes, ':', len);
		size_t name = colon ? (size_t)(colon - text.bytes) : len;

		con_headers_take(
		    &headers, slice_of(text.bytes, name),
		    slice_of(text.bytes + name + (colon != NULL), len - name - (colon != NULL)));
		len += end != NULL;
		text = slice_of(text.bytes + len, text.len - len);
	}
	con_headers_same_origin(&headers);
	if (con_proxy_judge(&proxy, &peer, &headers) == CON_PROXY_TRUE)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct token_keys keys = {.now = {(const uint8_t *)"sixteen bytes ok", 16}};
	struct slice text = slice_of(data, size), cookie;
	const struct con_place place = {{0}};
	char id[CON_ID_MAX_BYTES + 1];
	struct con_session session;
	struct arena arena = {0};
	struct con_networks networks;
	struct con_staff staff;
	struct err err;

	try_headers(text);
	if (con_session_open(&keys, &place, text, 1, &session) ||
	    con_cover_open(&keys, "maria@shop.example", text, id))
		abort(); /* a signature by chance */
	con_cookie_find(text, CON_SESSION_COOKIE, &cookie);
	con_networks_read(arena_copy(&arena, data, size), &networks, &err);
	if (con_staff_read(text, "staff", &arena, &staff, &err) == 0)
		con_staff_identify(&staff, slice_text("maria@shop.example"), text);
	arena_free(&arena);
	return 0;
}
