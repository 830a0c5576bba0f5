/* hooks.c - see hooks.h. */
#include "hooks.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/io/http/http_waiting.h"
#include "common/io/process/clock.h"
#include "common/io/process/log.h"

enum { PREFIX_BYTES = sizeof("/v1/bounces/") - 1 };

/* One request whose records are on their way. */
struct hook_pending {
	struct http_waiting waiting; /* first: it is what comes back */
	struct ing_hooks *hooks;
	size_t events, published, dead;
};

struct hook_ticket {
	struct ing_bounce_ticket ticket; /* first: it is what comes back */
	struct hook_pending *pending;
	const char *provider;
	enum bounce_kind kind;
	bool is_dead;
};

int ing_hooks_parse(struct slice text, struct ing_sources *ret, struct err *err)
{
	enum hook_provider provider;

	if (ing_sources_parse(text, ret, err) < 0)
		return -1;
	for (size_t i = 0; i < ret->count; i++)
		if (!hook_provider_find(slice_text(ret->list[i].name), &provider))
			return err_config(err,
					  "expected mailgun, postmark, sendgrid, ses or sparkpost, "
					  "found \"%s\"",
					  ret->list[i].name);
	if (ing_sources_sign(ret))
		return err_config(err,
				  "expected a secret that does not begin with whsec_: providers "
				  "show theirs, and do not sign with it");
	if (ing_sources_are_limited(ret))
		return err_config(err,
				  "types: expected none here: a provider publishes bounces and "
				  "complaints, nothing else");
	return 0;
}

static void answer(struct http_waiting *waiting, bool is_stored)
{
	struct hook_pending *pending = (struct hook_pending *)waiting;
	struct ing_hooks *hooks = pending->hooks;
	struct buf body = BUF_MAX(200);

	if (!is_stored) {
		http_refuse(waiting->request, 503, "not_stored",
			    "not every event was stored; send them again", "Retry-After: 1");
	} else {
		buf_printf(&body, "{\"events\":%zu,\"published\":%zu,\"dead_letters\":%zu}\n",
			   pending->events, pending->published, pending->dead);
		http_answer(waiting->request, 200, "application/json", NULL, buf_slice(&body));
	}
	buf_free(&body);
	free(pending);
	/* This comes last: the thread that waits for zero may free the hooks. */
	atomic_fetch_sub(&hooks->in_flight, 1);
}

/* What is not stored is sent again by the provider, and counted then. */
static void told(struct ing_bounce_ticket *bounce_ticket, bool is_stored)
{
	struct hook_ticket *ticket = (struct hook_ticket *)bounce_ticket;
	struct hook_pending *pending = ticket->pending;

	if (is_stored)
		ing_bounces_count(ticket->kind, ticket->is_dead, ticket->provider);
	free(ticket);
	http_waiting_told(&pending->waiting, is_stored);
}

static void *zeroed(size_t size)
{
	void *ret = calloc(1, size);

	if (!ret)
		abort();
	return ret;
}

static void send_one(struct hook_pending *pending, const struct hook_event *event,
		     const char *provider)
{
	struct bounce_record record = BOUNCE_RECORD;
	struct hook_ticket *ticket;

	if (bounce_record(&event->bounce, event->has_owner ? &event->owner : NULL, provider,
			  clock_wall_ms(), &record)) {
		ticket = zeroed(sizeof(*ticket));
		*ticket = (struct hook_ticket){.ticket = {told},
					       .pending = pending,
					       .provider = provider,
					       .kind = event->bounce.kind,
					       .is_dead = record.is_dead};
		pending->published += !record.is_dead;
		pending->dead += record.is_dead;
		http_waiting_add(&pending->waiting);
		if (!ing_bounces_send(pending->hooks->bounces, &record, &ticket->ticket))
			told(&ticket->ticket, false);
	} else {
		ing_bounces_count(event->bounce.kind, false, provider);
	}
	buf_free(&record.value);
}

static void pass_on(struct ing_hooks *hooks, struct http_request *request,
		    const struct hook_batch *batch, const char *provider)
{
	struct hook_pending *pending = zeroed(sizeof(*pending));

	atomic_fetch_add(&hooks->in_flight, 1);
	pending->hooks = hooks;
	pending->events = batch->count;
	http_waiting_begin(&pending->waiting, request, answer);
	for (size_t i = 0; i < batch->count; i++)
		send_one(pending, &batch->events[i], provider);
	http_waiting_told(&pending->waiting, true);
}

/* "ses/SECRET" -> the provider, and the secret behind it. */
static bool read_path(const char *path, enum hook_provider *ret, const char **ret_secret)
{
	const char *name = path + PREFIX_BYTES;
	size_t len = strcspn(name, "/");

	*ret_secret = name[len] ? name + len + 1 : "";
	return hook_provider_find(slice_of(name, len), ret);
}

static bool has_secret(const struct ing_hooks *hooks, struct http_request *request,
		       enum hook_provider provider, const char *secret)
{
	char bearer[ING_TOKEN_MAX_BYTES + 8];
	const char *header = http_header(request, "Authorization");
	int index;

	if (secret[0] &&
	    snprintf(bearer, sizeof(bearer), "Bearer %s", secret) < (int)sizeof(bearer))
		header = bearer;
	index = hooks->secrets.count ? ing_source_find(&hooks->secrets, header, NULL) : -1;
	return index >= 0 &&
	       strcmp(hooks->secrets.list[index].name, hook_provider_text(provider)) == 0;
}

/* With a signing key Mailgun's signature counts, and nothing else. */
static bool is_allowed(const struct ing_hooks *hooks, struct http_request *request,
		       enum hook_provider provider, const char *secret)
{
	if (provider == HOOK_MAILGUN && hooks->mailgun_key.len)
		return hook_mailgun_is_signed(http_body(request), hooks->mailgun_key,
					      clock_wall_ms());
	return has_secret(hooks, request, provider, secret);
}

static void note_confirmation(const struct hook_batch *batch)
{
	if (batch->confirm_url[0])
		log_event(LOG_LEVEL_WARN, "sns_subscription_unconfirmed", "meaning",
			  "open this address once to let SNS send here", "url", batch->confirm_url,
			  NULL);
	else
		log_event(LOG_LEVEL_WARN, "sns_subscription_unconfirmed", "meaning",
			  "a subscription whose address is not Amazon's: not shown", NULL);
}

void ing_hooks_receive(struct ing_hooks *hooks, struct http_request *request)
{
	struct arena arena = {0};
	enum hook_provider provider;
	struct hook_batch batch;
	const char *secret;
	struct err err;

	if (!hooks->bounces || !read_path(http_path(request), &provider, &secret))
		http_refuse(request, 404, "not_found",
			    "expected /v1/bounces/ and mailgun, postmark, sendgrid, ses or "
			    "sparkpost, and settings for it",
			    NULL);
	else if (!is_allowed(hooks, request, provider, secret))
		http_refuse(request, 401, "unauthorized",
			    "expected this provider's secret behind its name, or its signature",
			    NULL);
	else if (hook_read(provider, http_body(request), &hooks->keys, &arena, &batch, &err) < 0)
		http_refuse(request, 400, "invalid_json", err.text, NULL);
	else {
		if (batch.asks_confirmation)
			note_confirmation(&batch);
		pass_on(hooks, request, &batch, hook_provider_text(provider));
	}
	arena_free(&arena);
}
