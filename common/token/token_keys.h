/*
 * token_keys.h - the keys behind links, return paths and forms: the newest
 * signs, and what any of them has signed is true.
 *
 * A link in a mail is good for years, so a key that is replaced is kept for as
 * long: NURTURE_TOKEN_KEY holds one key a line, the newest first, and
 * NURTURE_TOKEN_KEY_BEFORE may hold older ones, for settings of one line each.
 * A key that got into wrong hands is taken out, and its links end with it.
 */
#ifndef NURTURE_TOKEN_TOKEN_KEYS_H
#define NURTURE_TOKEN_TOKEN_KEYS_H

#include "common/base/err.h"
#include "common/base/slice.h"

enum { TOKEN_KEY_MIN_BYTES = 16, TOKEN_KEY_MAX_BYTES = 4096, TOKEN_KEYS_BEFORE_MAX = 15 };

struct token_keys {
	struct slice now;                           /* signs */
	struct slice before[TOKEN_KEYS_BEFORE_MAX]; /* the newer ones first */
	unsigned before_count;
};

/*
 * Reads the keys from the two settings, which must outlive them; blanks around a key and empty
 * lines do not count.  When both are empty there is no key, and now.len is 0.  ERR_CONFIG names
 * setting and line, never a key.
 */
int token_keys_read(const char *now, const char *before, struct token_keys *ret, struct err *err);
/* The same of keys that have settings of their own. */
int token_keys_read_as(const char *setting, const char *before_setting, const char *now,
		       const char *before, struct token_keys *ret, struct err *err);

/* Gives all keys, the newest first, to a caller that counts i up from 0 until this is false. */
static inline bool token_keys_at(const struct token_keys *keys, unsigned i, struct slice *ret)
{
	if (i > keys->before_count)
		return false;
	*ret = i ? keys->before[i - 1] : keys->now;
	return true;
}

enum { TOKEN_KEY_FINGERPRINT_BYTES = 16 + 1 }; /* with its NUL */

/*
 * By what a key can be told from others where the key itself must not stand: 16 hexadecimal digits
 * of its HMAC-SHA256 over a text that nothing else is signed with.  It says as much of the key as a
 * link in a mail does.
 */
void token_key_fingerprint(struct slice key, char ret[TOKEN_KEY_FINGERPRINT_BYTES]);

/* The settings themselves, for the tables of the services; TEXT is theirs. */
#define TOKEN_KEY_SETTING "NURTURE_TOKEN_KEY"
#define TOKEN_KEY_BEFORE_SETTING "NURTURE_TOKEN_KEY_BEFORE"
#define TOKEN_KEY_BEFORE_TEXT                                                                      \
	"Older keys, one a line: what they have signed (links, return paths) stays true."

#endif
