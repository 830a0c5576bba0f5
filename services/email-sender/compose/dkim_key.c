/* dkim_key.c - see dkim_key.h. */
#include "dkim_key.h"

#include <stdlib.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

enum { TXT_STRING_MAX_BYTES = 255, ED25519_KEY_BYTES = 32, RECORD_KEY_MAX_BYTES = 1024 };

/* Refuses a key that needs a passphrase, for which libcrypto would ask on the terminal. */
static int no_passphrase(char *text, int size, int is_writing, void *context)
{
	(void)text, (void)size, (void)is_writing, (void)context;
	return 0;
}

static int copy_selector(struct slice selector, char ret[DKIM_SELECTOR_BYTES], struct err *err)
{
	bool is_good = selector.len > 0 && selector.len < DKIM_SELECTOR_BYTES;

	for (size_t i = 0; i < selector.len && is_good; i++) {
		uint8_t c = selector.bytes[i];

		is_good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			  (c >= 'A' && c <= 'Z') || (i > 0 && i + 1 < selector.len && c == '-');
	}
	if (!is_good)
		return err_config(err,
				  "expected a selector of letters, digits and - such as "
				  "s2026, found \"%.*s\"",
				  selector.len < 100 ? (int)selector.len : 100,
				  (const char *)selector.bytes);
	memcpy(ret, selector.bytes, selector.len);
	ret[selector.len] = '\0';
	return 0;
}

static int check_rsa(EVP_PKEY *pkey, const char *selector, struct err *err)
{
	int bits = EVP_PKEY_get_bits(pkey);

	if (bits < DKIM_RSA_MIN_BITS || bits > DKIM_RSA_MAX_BITS)
		return err_config(err, "%s: an RSA key of %d bits: expected %d to %d, best 2048",
				  selector, bits, DKIM_RSA_MIN_BITS, DKIM_RSA_MAX_BITS);
	return 0;
}

/* Do both halves belong together? Else only the readers of the mails would notice the damage. */
static int check_pair(EVP_PKEY *pkey, const char *selector, struct err *err)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	int r;

	if (!context)
		abort();
	r = EVP_PKEY_pairwise_check(context);
	EVP_PKEY_CTX_free(context);
	return r == 1 ? 0 : err_config(err, "%s: the key is damaged", selector);
}

static EVP_PKEY *read_pem(struct slice pem)
{
	BIO *bio = BIO_new_mem_buf(pem.bytes, (int)pem.len);
	EVP_PKEY *pkey;

	if (!bio)
		abort();
	pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	return pkey;
}

static int check(struct dkim_key *key, struct err *err)
{
	key->is_rsa = EVP_PKEY_is_a(key->private_key, "RSA");
	key->algorithm = key->is_rsa ? "rsa-sha256" : "ed25519-sha256";
	if (!key->is_rsa && !EVP_PKEY_is_a(key->private_key, "ED25519"))
		return err_config(err, "%s: expected an RSA or Ed25519 key", key->selector);
	if (key->is_rsa && check_rsa(key->private_key, key->selector, err) < 0)
		return -1;
	return check_pair(key->private_key, key->selector, err);
}

int dkim_keys_add(struct dkim_keys *keys, struct slice selector, struct slice pem, struct err *err)
{
	struct dkim_key key = {0};

	if (keys->count == DKIM_KEYS_MAX)
		return err_config(err, "expected at most %d keys", DKIM_KEYS_MAX);
	if (copy_selector(selector, key.selector, err) < 0)
		return -1;
	for (unsigned i = 0; i < keys->count; i++)
		if (strcasecmp(keys->items[i].selector, key.selector) == 0)
			return err_config(err, "%s: two keys for one selector", key.selector);
	if (pem.len > DKIM_PEM_MAX_BYTES || !(key.private_key = read_pem(pem)))
		return err_config(err,
				  "%s: expected a private key in PEM (-----BEGIN PRIVATE KEY-----) "
				  "without a passphrase",
				  key.selector);
	if (check(&key, err) < 0) {
		EVP_PKEY_free(key.private_key);
		return -1;
	}
	keys->items[keys->count++] = key;
	return 0;
}

int dkim_keys_set_domain(struct dkim_keys *keys, const char *domain, struct err *err)
{
	if (!host_name_read(slice_text(domain), keys->domain))
		return err_config(err, "expected a domain such as shop.example, found \"%.100s\"",
				  domain);
	return 0;
}

void dkim_keys_free(struct dkim_keys *keys)
{
	for (unsigned i = 0; i < keys->count; i++)
		EVP_PKEY_free(keys->items[i].private_key);
	*keys = (struct dkim_keys){0};
}

/* Encodes p=: the SubjectPublicKeyInfo, or the 32 bytes of an Ed25519 key (RFC 8463 4). */
static int encode_public(const struct dkim_key *key, char ret[RECORD_KEY_MAX_BYTES])
{
	uint8_t raw[ED25519_KEY_BYTES], *der = NULL;
	size_t raw_len = sizeof(raw);
	int len;

	if (!key->is_rsa) {
		if (EVP_PKEY_get_raw_public_key(key->private_key, raw, &raw_len) != 1)
			return -1;
		return EVP_EncodeBlock((uint8_t *)ret, raw, (int)raw_len);
	}
	len = i2d_PUBKEY(key->private_key, &der);
	if (len > 0)
		len = len < RECORD_KEY_MAX_BYTES * 3 / 4 - 4
			  ? EVP_EncodeBlock((uint8_t *)ret, der, len)
			  : -1;
	OPENSSL_free(der);
	return len;
}

int dkim_key_record(const struct dkim_keys *keys, const struct dkim_key *key, struct buf *out,
		    struct err *err)
{
	char public_key[RECORD_KEY_MAX_BYTES], text[RECORD_KEY_MAX_BYTES + 40];
	int len;

	if (encode_public(key, public_key) <= 0)
		return err_config(err, "%s: the key has no public half", key->selector);
	len = snprintf(text, sizeof(text), "v=DKIM1; k=%s; p=%s", key->is_rsa ? "rsa" : "ed25519",
		       public_key);
	buf_printf(out, "%s._domainkey.%s. IN TXT (", key->selector, keys->domain);
	/* A string of a record has at most 255 bytes; readers put the strings together. */
	for (int at = 0; at < len; at += TXT_STRING_MAX_BYTES)
		buf_printf(out, " \"%.*s\"", TXT_STRING_MAX_BYTES, text + at);
	buf_text(out, " )");
	return 0;
}
