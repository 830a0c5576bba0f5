/* hook.c - see hook.h: what all providers have in common. */
#include "hook.h"

#include <stdio.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "common/base/encoding.h"
#include "common/base/text.h"
#include "common/token/hmac.h"
#include "common/codec/json.h"
#include "bounce_text.h"
#include "hook_internal.h"
#include "status.h"

enum { TRIES_MAX = 64, DEPTH_MAX = 16, SIGNATURE_AGE_MAX_MS = 15 * 60 * 1000 };

static const char *const providers[] = {
#define X(name, text) [HOOK_##name] = text,
    HOOK_PROVIDERS(X)
#undef X
};

const char *hook_provider_text(enum hook_provider provider)
{
	return providers[provider];
}

bool hook_provider_find(struct slice name, enum hook_provider *ret)
{
	for (int i = 0; i < HOOK_PROVIDER_COUNT; i++) {
		if (!slice_equal(name, slice_text(providers[i])))
			continue;
		*ret = (enum hook_provider)i;
		return true;
	}
	return false;
}

const cJSON *hook_member(const cJSON *object, const char *name)
{
	return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

const char *hook_text(const cJSON *object, const char *name)
{
	const cJSON *member = hook_member(object, name);

	return cJSON_IsString(member) ? member->valuestring : "";
}

void hook_facts(struct bounce *ret, const char *recipient, const char *status, const char *text)
{
	bounce_put_recipient(slice_text(recipient), ret->recipient);
	if (!status_find(slice_text(status), ret->status))
		ret->status[0] = '\0';
	if (status_find(slice_text(text), ret->status) && ret->status[0] == '2')
		ret->status[0] = '\0';
	bounce_put_text(slice_text(text), ret->text);
}

enum bounce_kind hook_classify(const struct bounce *bounce, int reply)
{
	struct slice text = slice_text(bounce->text);

	return refusal_judge(&(struct refusal){.status = bounce->status,
					       .reply = reply ? reply : status_reply(text),
					       .text = text,
					       .recipient = bounce->recipient})
	    .kind;
}

struct search {
	const struct token_keys *keys;
	unsigned tries;
	struct hook_event *event;
};

static void look_for_owner(struct search *search, const cJSON *value, unsigned depth)
{
	if (search->event->has_owner || search->tries == TRIES_MAX || depth == DEPTH_MAX)
		return;
	if (cJSON_IsString(value)) {
		struct slice text = slice_text(value->valuestring);
		const uint8_t *at = memchr(text.bytes, '@', text.len);

		/* "bounce+TOKEN@DOMAIN", or the token alone */
		text.len = at ? (size_t)(at - text.bytes) : text.len;
		if (text.len < VERP_TOKEN_CHARS || text.len >= RETURN_TOKEN_BYTES)
			return;
		search->tries++;
		search->event->has_owner =
		    return_token_open(search->keys, text, &search->event->owner) &&
		    search->event->owner.customer[0];
		return;
	}
	for (const cJSON *child = value->child; child; child = child->next)
		look_for_owner(search, child, depth + 1);
}

static void read_event(enum hook_provider provider, const cJSON *event,
		       const struct token_keys *keys, struct hook_event *ret)
{
	static void (*const readers[])(const cJSON *, struct bounce *) = {
	    [HOOK_MAILGUN] = hook_mailgun,     [HOOK_POSTMARK] = hook_postmark,
	    [HOOK_SENDGRID] = hook_sendgrid,   [HOOK_SES] = hook_ses,
	    [HOOK_SPARKPOST] = hook_sparkpost,
	};
	struct search search = {.keys = keys, .event = ret};

	ret->bounce.form = BOUNCE_FORM_WEBHOOK;
	readers[provider](event, &ret->bounce);
	if (ret->bounce.kind != BOUNCE_NONE)
		look_for_owner(&search, event, 0);
}

static int read_all(enum hook_provider provider, const cJSON *root, const struct token_keys *keys,
		    struct arena *arena, struct hook_batch *ret, struct err *err)
{
	const cJSON *event;
	int count = cJSON_IsArray(root) ? cJSON_GetArraySize(root) : 1;

	if (!cJSON_IsArray(root) && !cJSON_IsObject(root))
		return err_set(err, "expected an object or an array of them");
	if (count > HOOK_EVENTS_MAX)
		return err_set(err, "expected at most %d events, found %d", HOOK_EVENTS_MAX, count);
	ret->events = arena_zalloc(arena, ((size_t)count + 1) * sizeof(*ret->events));
	if (!cJSON_IsArray(root)) {
		read_event(provider, root, keys, &ret->events[ret->count++]);
		return 0;
	}
	cJSON_ArrayForEach (event, root)
		read_event(provider, event, keys, &ret->events[ret->count++]);
	return 0;
}

/* Only Amazon's own address, and only shown: nothing here ever fetches one. */
static void note_confirmation(const cJSON *root, struct hook_batch *ret)
{
	const char *url = hook_text(root, "SubscribeURL"), *host, *end;
	static const char domain[] = ".amazonaws.com";

	ret->asks_confirmation = true;
	if (strncmp(url, "https://", 8) != 0 || strlen(url) >= HOOK_URL_BYTES ||
	    !text_is_printable(slice_text(url)))
		return;
	host = url + 8;
	end = host + strcspn(host, "/?#");
	if ((size_t)(end - host) > sizeof(domain) - 1 && !memchr(host, '@', (size_t)(end - host)) &&
	    strncasecmp(end - (sizeof(domain) - 1), domain, sizeof(domain) - 1) == 0)
		snprintf(ret->confirm_url, sizeof(ret->confirm_url), "%s", url);
}

/* SNS puts what it carries into a text, unless it was asked to send it raw. */
static int open_sns(cJSON **root, struct hook_batch *ret, struct err *err)
{
	const char *type = hook_text(*root, "Type");
	cJSON *inner;

	if (strcmp(type, "SubscriptionConfirmation") == 0 ||
	    strcmp(type, "UnsubscribeConfirmation") == 0) {
		note_confirmation(*root, ret);
		return 1;
	}
	if (strcmp(type, "Notification") != 0)
		return 0;
	/* "Successfully validated SNS topic ..." is a greeting, not JSON. */
	if (json_first_byte(slice_text(hook_text(*root, "Message"))) != '{')
		return 1;
	if (json_parse_strict(slice_text(hook_text(*root, "Message")), &inner, err) < 0)
		return err_prefix(err, "Message");
	cJSON_Delete(*root);
	*root = inner;
	return 0;
}

int hook_read(enum hook_provider provider, struct slice body, const struct token_keys *keys,
	      struct arena *arena, struct hook_batch *ret, struct err *err)
{
	cJSON *root;
	int r = 0;

	*ret = (struct hook_batch){0};
	if (json_parse_strict(body, &root, err) < 0)
		return -1;
	if (provider == HOOK_SES && cJSON_IsObject(root))
		r = open_sns(&root, ret, err);
	if (r == 0)
		r = read_all(provider, root, keys, arena, ret, err);
	cJSON_Delete(root);
	return r < 0 ? -1 : 0;
}

static bool is_signed(const cJSON *signature, struct slice key, int64_t now_ms)
{
	const char *timestamp = hook_text(signature, "timestamp");
	const char *token = hook_text(signature, "token"),
		   *said = hook_text(signature, "signature");
	char text[256], hex[2 * HMAC_BYTES + 1];
	uint8_t mac[HMAC_BYTES];
	struct err ignored;
	int64_t at_s;

	if (text_int64(slice_text(timestamp), 0, INT32_MAX * 2LL, &at_s, &ignored) < 0 ||
	    at_s * 1000 < now_ms - SIGNATURE_AGE_MAX_MS ||
	    at_s * 1000 > now_ms + SIGNATURE_AGE_MAX_MS ||
	    snprintf(text, sizeof(text), "%s%s", timestamp, token) >= (int)sizeof(text) ||
	    strlen(said) != 2 * HMAC_BYTES)
		return false;
	hmac_sha256(key, slice_text(text), mac);
	base16_write(mac, sizeof(mac), hex);
	return CRYPTO_memcmp(said, hex, 2 * HMAC_BYTES) == 0;
}

bool hook_mailgun_is_signed(struct slice body, struct slice key, int64_t now_ms)
{
	struct err ignored;
	cJSON *root;
	bool ret;

	if (json_parse_strict(body, &root, &ignored) < 0)
		return false;
	ret = is_signed(hook_member(root, "signature"), key, now_ms);
	cJSON_Delete(root);
	return ret;
}
