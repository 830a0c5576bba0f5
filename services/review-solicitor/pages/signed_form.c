/*
 * signed_form.c - what a page showed, signed; see preferences.h.
 *
 *	TAG k AT_MS PAUSED_MS LOCALE 1/7,2/30 care,feedback,clicks
 *
 * "-" stands for nothing, "u" for k when nothing could be shown.
 */
#include "preferences.h"

#include <openssl/crypto.h>

#include "common/base/encoding.h"
#include "common/base/locale.h"
#include "common/base/text.h"
#include "common/token/hmac.h"

/* The same key signs other things; none of them can be mistaken for one of these. */
#define PURPOSE "nurture preferences form v1\n"

enum { TAG_BYTES = 16, TAG_TEXT_BYTES = 2 * TAG_BYTES };

/* An id has no line end, so no two pairs of customer and text give the same message. */
static void tag_of(const char *customer, struct slice key, struct slice text, struct arena *arena,
		   char ret[TAG_TEXT_BYTES + 1])
{
	const char *message = arena_printf(arena, PURPOSE "%s\n%.*s", customer, SLICE_ARGS(text));
	uint8_t mac[HMAC_BYTES];

	hmac_sha256(key, slice_text(message), mac);
	base16_write(mac, TAG_BYTES, ret);
}

static void add_agreed(const struct policy *policy, uint64_t agreed, bool clicks, struct buf *out)
{
	const char *before = "";

	for (unsigned i = 0; i < policy->class_count; i++) {
		if (!(agreed >> i & 1))
			continue;
		buf_printf(out, "%s%s", before, policy->classes[i].name);
		before = ",";
	}
	if (clicks)
		buf_printf(out, "%s" CONSENT_CLICKS, before);
	else if (!agreed)
		buf_char(out, '-');
}

const char *sol_form_state_sign(const struct policy *policy, const char *customer, struct slice key,
				const struct sol_form_state *state, struct arena *arena)
{
	const struct sol_preferences *preferences = &state->preferences;
	bool has_locale = locale_is_tag(slice_text(preferences->locale));
	struct buf text = BUF_MAX(SOL_FORM_STATE_MAX_BYTES);
	char tag[TAG_TEXT_BYTES + 1];
	const char *ret;

	buf_printf(&text, "%c %lld %lld %s ", state->can_show ? 'k' : 'u', (long long)state->at_ms,
		   (long long)preferences->paused_until_ms, has_locale ? preferences->locale : "-");
	for (unsigned i = 0; i < preferences->own_count; i++)
		buf_printf(&text, "%s%u/%u", i ? "," : "", preferences->own[i].limit,
			   preferences->own[i].days);
	buf_text(&text, preferences->own_count ? " " : "- ");
	add_agreed(policy, preferences->agreed, preferences->clicks, &text);
	tag_of(customer, key, buf_slice(&text), arena, tag);
	ret = arena_printf(arena, "%s %s", tag, text.bytes);
	buf_free(&text);
	return ret;
}

/* Takes the text up to the separator, and the separator; *rest is what follows. */
static struct slice next(struct slice *rest, char separator)
{
	const uint8_t *end = rest->len ? memchr(rest->bytes, separator, rest->len) : NULL;
	size_t len = end ? (size_t)(end - rest->bytes) : rest->len;
	struct slice ret = slice_of(rest->bytes, len);

	len += end != NULL;
	*rest = slice_of(rest->bytes + len, rest->len - len);
	return ret;
}

static bool is_nothing(struct slice text)
{
	return slice_equal(text, slice_text("-"));
}

static int read_own(struct slice text, struct sol_preferences *ret, struct err *err)
{
	while (!is_nothing(text) && text.len) {
		struct slice one = next(&text, ','), limit = next(&one, '/');
		int64_t limit_number, days;

		if (ret->own_count == SOL_OWN_MAX ||
		    text_int64(limit, 0, UINT32_MAX, &limit_number, err) < 0 ||
		    text_int64(one, 0, UINT32_MAX, &days, err) < 0)
			return err_set(err, "form: shown: not how often");
		ret->own[ret->own_count++] =
		    (struct sol_own){(unsigned)limit_number, (unsigned)days};
	}
	return 0;
}

/* A class that the policy has no more is passed over. */
static void read_agreed(const struct policy *policy, struct slice text, struct sol_preferences *ret)
{
	while (text.len) {
		struct slice name = next(&text, ',');
		int found = policy_class(policy, name);

		if (found >= 0)
			ret->agreed |= UINT64_C(1) << found;
		else if (policy->clicks != CLICKS_OFF && slice_is(name, CONSENT_CLICKS))
			ret->clicks = true;
	}
}

static int read_all(const struct policy *policy, struct slice text, struct arena *arena,
		    struct sol_form_state *ret, struct err *err)
{
	struct slice kind = next(&text, ' '), at = next(&text, ' '), paused = next(&text, ' '),
		     locale = next(&text, ' ');

	*ret = (struct sol_form_state){.can_show = slice_equal(kind, slice_text("k")),
				       .preferences = {.locale = ""}};
	if (text_int64(at, 0, INT64_MAX, &ret->at_ms, err) < 0 ||
	    text_int64(paused, 0, INT64_MAX, &ret->preferences.paused_until_ms, err) < 0 ||
	    read_own(next(&text, ' '), &ret->preferences, err) < 0)
		return err_prefix(err, "form: shown");
	if (!is_nothing(locale))
		ret->preferences.locale = arena_copy(arena, locale.bytes, locale.len);
	if (!is_nothing(text))
		read_agreed(policy, text, &ret->preferences);
	return 0;
}

static bool is_signed(const char *customer, const struct token_keys *keys, struct slice text,
		      const uint8_t *tag, struct arena *arena)
{
	char expected[TAG_TEXT_BYTES + 1];
	struct slice key;

	for (unsigned i = 0; token_keys_at(keys, i, &key); i++) {
		tag_of(customer, key, text, arena, expected);
		if (CRYPTO_memcmp(expected, tag, TAG_TEXT_BYTES) == 0)
			return true;
	}
	return false;
}

int sol_form_state_open(const struct policy *policy, const char *customer,
			const struct token_keys *keys, struct slice text, struct arena *arena,
			struct sol_form_state *ret, struct err *err)
{
	struct slice signed_text;

	if (text.len <= TAG_TEXT_BYTES ||
	    text.len > TAG_TEXT_BYTES + 1 + SOL_FORM_STATE_MAX_BYTES ||
	    text.bytes[TAG_TEXT_BYTES] != ' ')
		return err_set(err, "form: shown: not one of ours");
	signed_text = slice_of(text.bytes + TAG_TEXT_BYTES + 1, text.len - TAG_TEXT_BYTES - 1);
	if (!is_signed(customer, keys, signed_text, text.bytes, arena))
		return err_set(err, "form: shown: not one of ours");
	return read_all(policy, signed_text, arena, ret, err);
}
