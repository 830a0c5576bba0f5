/* token_keys.c - see token_keys.h. */
#include "token_keys.h"

#include "common/base/encoding.h"
#include "hmac.h"

static int add(struct token_keys *keys, struct slice key, const char *setting, unsigned line,
	       struct err *err)
{
	if (key.len < TOKEN_KEY_MIN_BYTES || key.len > TOKEN_KEY_MAX_BYTES)
		return err_config(err, "%s, line %u: expected a key of %d to %d bytes, found %zu",
				  setting, line, TOKEN_KEY_MIN_BYTES, TOKEN_KEY_MAX_BYTES, key.len);
	if (!keys->now.len)
		keys->now = key;
	else if (keys->before_count < TOKEN_KEYS_BEFORE_MAX)
		keys->before[keys->before_count++] = key;
	else
		return err_config(err, "%s, line %u: expected at most %d keys", setting, line,
				  TOKEN_KEYS_BEFORE_MAX + 1);
	return 0;
}

static int add_lines(struct token_keys *keys, const char *text, const char *setting,
		     struct err *err)
{
	for (unsigned line = 1; *text; line++) {
		size_t len = strcspn(text, "\n");
		struct slice key = slice_trim(slice_of(text, len), " \t\r");

		if (key.len && add(keys, key, setting, line, err) < 0)
			return -1;
		text += len + (text[len] == '\n');
	}
	return 0;
}

int token_keys_read_as(const char *setting, const char *before_setting, const char *now,
		       const char *before, struct token_keys *ret, struct err *err)
{
	struct token_keys keys = {0};

	if (add_lines(&keys, now, setting, err) < 0)
		return -1;
	if (!keys.now.len && *before)
		return err_config(err, "%s: expected a key, found only those of %s", setting,
				  before_setting);
	if (add_lines(&keys, before, before_setting, err) < 0)
		return -1;
	*ret = keys;
	return 0;
}

int token_keys_read(const char *now, const char *before, struct token_keys *ret, struct err *err)
{
	return token_keys_read_as(TOKEN_KEY_SETTING, TOKEN_KEY_BEFORE_SETTING, now, before, ret,
				  err);
}

void token_key_fingerprint(struct slice key, char ret[TOKEN_KEY_FINGERPRINT_BYTES])
{
	uint8_t tag[(TOKEN_KEY_FINGERPRINT_BYTES - 1) / 2];

	hmac_tag(key, "nurture key fingerprint v1", slice_text(""), tag, sizeof(tag));
	base16_write(tag, sizeof(tag), ret);
}
