/*
 * hooks.h - POST /v1/bounces/PROVIDER/SECRET: bounces and complaints that mail
 * providers tell of (docs/bounces.md).
 *
 * 200 when Kafka has all of them, 503 when not: providers send again, and
 * events have ids that make that harmless.
 */
#ifndef NURTURE_INGEST_BOUNCES_HOOKS_H
#define NURTURE_INGEST_BOUNCES_HOOKS_H

#include "bounces.h"
#include "common/io/http/http.h"
#include "common/mail/hook.h"
#include "services/ingest/source.h"

struct ing_hooks {
	struct ing_bounces *bounces; /* NULL: none are taken */
	struct ing_sources secrets;  /* by provider */
	struct slice mailgun_key;    /* empty: not checked */
	struct token_keys keys;
	_Atomic int64_t in_flight;
};

/* "ses=secret,mailgun=secret"; every name must be a provider. */
int ing_hooks_parse(struct slice text, struct ing_sources *ret, struct err *err);

void ing_hooks_receive(struct ing_hooks *hooks, struct http_request *request);

#endif
