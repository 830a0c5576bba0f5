/* dkim.c - see dkim.h. */
#include "dkim.h"

#include <stdlib.h>

#include <openssl/evp.h>

#include "dkim_context.h"
#include "dkim_relaxed.h"

enum {
	FIELDS_MAX = 64,
	HASH_BASE64_BYTES = 45,
	SIGNATURE_BASE64_BYTES = (DKIM_SIGNATURE_MAX_BYTES + 2) / 3 * 4 + 1,
	NAMES_MAX_BYTES = 900,
	/* the sum of tags, domain, selector, names, hash, signature and their folds */
	FIELD_MAX_BYTES = 200 + 254 + 64 + NAMES_MAX_BYTES + 44 + SIGNATURE_BASE64_BYTES + 100,
	CANONICAL_MAX_BYTES = 4 * 1024 * 1024,
	COLUMN_MAX = 76,
};

static const struct {
	const char *name;
	bool always; /* may not be added on the way even when the mail has none */
} signed_fields[] = {
    {"From", true},
    {"Sender", false},
    {"Reply-To", true},
    {"To", true},
    {"Cc", true},
    {"Subject", true},
    {"Date", true},
    {"Message-ID", true},
    {"List-Id", false},
    {"List-Unsubscribe", true},
    {"List-Unsubscribe-Post", true},
    {"Feedback-ID", true},
    {"Auto-Submitted", false},
    {"MIME-Version", true},
    {"Content-Type", true},
    {"Content-Transfer-Encoding", true},
};

struct dkim_signer {
	char domain[HOST_NAME_BYTES];
	struct dkim_context keys[DKIM_KEYS_MAX];
	unsigned count;
	EVP_MD *sha256; /* looked up once */
	EVP_MD_CTX *common, *hash;
	struct buf canonical, names, out;
	struct slice fields[FIELDS_MAX];
	unsigned field_count;
};

/* Aborts unless it was done: libcrypto can fail at this only for want of memory. */
static void must(int done)
{
	if (done != 1)
		abort();
}

int dkim_signer_open(struct dkim_signer **ret, const struct dkim_keys *keys, struct err *err)
{
	struct dkim_signer *signer = calloc(1, sizeof(*signer));

	if (!signer)
		abort();
	memcpy(signer->domain, keys->domain, sizeof(signer->domain));
	signer->canonical = BUF_MAX(CANONICAL_MAX_BYTES);
	signer->names = BUF_MAX(NAMES_MAX_BYTES);
	signer->out = BUF_MAX(DKIM_KEYS_MAX * FIELD_MAX_BYTES);
	signer->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	signer->common = EVP_MD_CTX_new();
	signer->hash = EVP_MD_CTX_new();
	if (!signer->sha256 || !signer->common || !signer->hash)
		abort();
	for (; signer->count < keys->count; signer->count++) {
		if (dkim_context_open(&signer->keys[signer->count], &keys->items[signer->count],
				      err) < 0) {
			dkim_signer_close(&signer);
			return -1;
		}
	}
	*ret = signer;
	return 0;
}

void dkim_signer_close(struct dkim_signer **signer)
{
	struct dkim_signer *s = *signer;

	if (!s)
		return;
	for (unsigned i = 0; i < s->count; i++)
		dkim_context_close(&s->keys[i]);
	EVP_MD_CTX_free(s->common);
	EVP_MD_CTX_free(s->hash);
	EVP_MD_free(s->sha256);
	buf_free(&s->canonical);
	buf_free(&s->names);
	buf_free(&s->out);
	free(s);
	*signer = NULL;
}

size_t dkim_max_bytes(const struct dkim_signer *signer)
{
	return signer->count * (size_t)FIELD_MAX_BYTES;
}

/* Cuts the header into fields; *ret_body becomes what stands behind the empty line. */
static int split(struct dkim_signer *signer, struct slice mail, struct slice *ret_body,
		 struct err *err)
{
	const uint8_t *at = mail.bytes, *end = mail.bytes + mail.len;

	for (signer->field_count = 0; at < end && *at != '\r'; signer->field_count++) {
		const uint8_t *stop = at;

		do {
			stop = memchr(stop, '\n', (size_t)(end - stop));
			stop = stop ? stop + 1 : end;
		} while (stop < end && (*stop == ' ' || *stop == '\t'));
		if (signer->field_count == FIELDS_MAX)
			return err_set(err, "a mail of more than %d header fields", FIELDS_MAX);
		signer->fields[signer->field_count] = slice_of(at, (size_t)(stop - at));
		at = stop;
	}
	if (end - at < 2)
		return err_set(err, "a mail without an empty line behind its header");
	*ret_body = slice_of(at + 2, (size_t)(end - at) - 2);
	return 0;
}

static bool is_named(struct slice field, const char *name)
{
	size_t len = strlen(name);

	return field.len > len && field.bytes[len] == ':' &&
	       strncasecmp((const char *)field.bytes, name, len) == 0;
}

/* Adds a name to h=, which is folded into lines. */
static void add_name(struct buf *names, const char *name, size_t *column)
{
	size_t len = strlen(name);

	if (*column + len + 1 > COLUMN_MAX) {
		buf_text(names, "\r\n ");
		*column = 1;
	}
	buf_add(names, name, len);
	buf_char(names, ':');
	*column += len + 1;
}

/*
 * Collects the relaxed forms of the fields, and their names for h=; of repeated fields the lowest
 * comes first (5.4.2).
 */
static void gather(struct dkim_signer *signer)
{
	size_t column = sizeof(" h=") - 1;

	buf_reset(&signer->canonical);
	buf_reset(&signer->names);
	for (size_t i = 0; i < sizeof(signed_fields) / sizeof(*signed_fields); i++) {
		const char *name = signed_fields[i].name;
		bool found = false;

		for (unsigned k = signer->field_count; k-- > 0;) {
			if (!is_named(signer->fields[k], name))
				continue;
			found = true;
			dkim_relaxed_field(signer->fields[k], &signer->canonical);
			buf_add(&signer->canonical, "\r\n", 2);
			add_name(&signer->names, name, &column);
		}
		if (found || signed_fields[i].always)
			add_name(&signer->names, name, &column);
	}
	if (signer->names.len)
		signer->names.bytes[--signer->names.len] = '\0'; /* the last colon */
}

static void hash_body(struct dkim_signer *signer, struct slice body, char ret[HASH_BASE64_BYTES])
{
	uint8_t digest[DKIM_HASH_BYTES];

	buf_reset(&signer->canonical);
	dkim_relaxed_body(body, &signer->canonical);
	must(EVP_DigestInit_ex2(signer->hash, signer->sha256, NULL));
	must(EVP_DigestUpdate(signer->hash, signer->canonical.bytes, signer->canonical.len));
	must(EVP_DigestFinal_ex(signer->hash, digest, NULL));
	EVP_EncodeBlock((uint8_t *)ret, digest, DKIM_HASH_BYTES);
}

/* Adds the signature in lines; readers skip the blanks in b=. */
static void add_base64(const char *text, size_t column, struct buf *out)
{
	size_t len = strlen(text), room = COLUMN_MAX - column;

	while (len > room) {
		buf_add(out, text, room);
		buf_text(out, "\r\n ");
		text += room;
		len -= room;
		room = COLUMN_MAX - 1;
	}
	buf_add(out, text, len);
	buf_text(out, "\r\n");
}

/* Signs, and adds the field: with an empty b= and without CRLF it is signed itself (3.7). */
static void add_signature(struct dkim_signer *signer, struct dkim_context *key, int64_t time_s,
			  const char *body_hash)
{
	uint8_t digest[DKIM_HASH_BYTES], signature[DKIM_SIGNATURE_MAX_BYTES];
	char base64[SIGNATURE_BASE64_BYTES];
	size_t begin = signer->out.len;

	buf_printf(&signer->out,
		   "DKIM-Signature: v=1; a=%s; c=relaxed/relaxed;\r\n"
		   " d=%s;\r\n s=%s; t=%lld;\r\n h=%s;\r\n bh=%s;\r\n b=",
		   key->algorithm, signer->domain, key->selector, (long long)time_s,
		   signer->names.bytes, body_hash);
	buf_reset(&signer->canonical);
	dkim_relaxed_field(slice_of(signer->out.bytes + begin, signer->out.len - begin),
			   &signer->canonical);
	must(EVP_MD_CTX_copy_ex(signer->hash, signer->common));
	must(EVP_DigestUpdate(signer->hash, signer->canonical.bytes, signer->canonical.len));
	must(EVP_DigestFinal_ex(signer->hash, digest, NULL));
	EVP_EncodeBlock((uint8_t *)base64, signature,
			(int)dkim_context_sign(key, digest, signature));
	add_base64(base64, sizeof(" b=") - 1, &signer->out);
}

int dkim_sign(struct dkim_signer *signer, struct slice mail, int64_t time_s, struct slice *ret,
	      struct err *err)
{
	char body_hash[HASH_BASE64_BYTES];
	struct slice body;

	if (split(signer, mail, &body, err) < 0)
		return -1;
	hash_body(signer, body, body_hash);
	if (buf_failed(&signer->canonical))
		return err_set(err, "a mail too large to be signed");
	gather(signer);
	if (buf_failed(&signer->canonical) || buf_failed(&signer->names))
		return err_set(err, "a header too large to be signed");
	must(EVP_DigestInit_ex2(signer->common, signer->sha256, NULL));
	must(EVP_DigestUpdate(signer->common, signer->canonical.bytes, signer->canonical.len));
	buf_reset(&signer->out);
	for (unsigned i = 0; i < signer->count; i++)
		add_signature(signer, &signer->keys[i], time_s, body_hash);
	if (buf_failed(&signer->out))
		return err_set(err, "a signature too large");
	*ret = buf_slice(&signer->out);
	return 0;
}
