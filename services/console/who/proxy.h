/*
 * proxy.h - is it really the proxy that says who this is?  Pure.
 *
 * Three headers (headers.h), believed from a listed address and beside the shared secret, never
 * from one of the two alone.
 */
#ifndef NURTURE_CONSOLE_WHO_PROXY_H
#define NURTURE_CONSOLE_WHO_PROXY_H

#include "common/token/token_keys.h"
#include "headers.h"
#include "networks.h"

struct con_proxy {
	struct con_networks networks; /* none: there is no proxy, and its headers mean nothing */
	struct token_keys secrets;    /* any of them is right */
};

#define CON_PROXY_WORDS(X)                                                                         \
	X(SILENT, "silent") /* it says nothing of anybody */                                       \
	X(TRUE, "true")                                                                            \
	X(TWICE, "twice")     /* a header stands there twice */                                    \
	X(ADDRESS, "address") /* it is not from a listed address */                                \
	X(SECRET, "secret")   /* the secret is missing or wrong */
enum con_proxy_word {
#define X(name, text) CON_PROXY_##name,
	CON_PROXY_WORDS(X)
#undef X
};
const char *con_proxy_text(enum con_proxy_word word);

/* In constant time as far as the secret goes. */
enum con_proxy_word con_proxy_judge(const struct con_proxy *proxy, const struct peer *peer,
				    const struct con_headers *headers);

#endif
