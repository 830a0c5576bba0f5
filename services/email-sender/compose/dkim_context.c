/* dkim_context.c - see dkim_context.h. */
#include "dkim_context.h"

#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>

static int prepare_rsa(struct dkim_context *context, struct err *err)
{
	EVP_PKEY_CTX *rsa = EVP_PKEY_CTX_new_from_pkey(NULL, context->pkey, NULL);

	context->rsa = rsa;
	if (!rsa || EVP_PKEY_sign_init(rsa) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(rsa, RSA_PKCS1_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(rsa, EVP_sha256()) != 1)
		return err_config(err, "%s: the key cannot sign", context->selector);
	return 0;
}

/* The key is looked up and prepared once; each signature begins anew with what is there. */
static int prepare_ed25519(struct dkim_context *context, struct err *err)
{
	if (EVP_DigestSignInit(context->ed25519, NULL, NULL, NULL, context->pkey) != 1)
		return err_config(err, "%s: the key cannot sign", context->selector);
	return 0;
}

int dkim_context_open(struct dkim_context *context, const struct dkim_key *key, struct err *err)
{
	int r;

	*context = (struct dkim_context){.algorithm = key->algorithm,
					 .pkey = EVP_PKEY_dup(key->private_key),
					 .ed25519 = EVP_MD_CTX_new()};
	memcpy(context->selector, key->selector, sizeof(context->selector));
	if (!context->pkey || !context->ed25519)
		abort();
	r = key->is_rsa ? prepare_rsa(context, err) : prepare_ed25519(context, err);
	if (r < 0)
		dkim_context_close(context);
	return r;
}

void dkim_context_close(struct dkim_context *context)
{
	EVP_PKEY_CTX_free(context->rsa);
	EVP_MD_CTX_free(context->ed25519);
	EVP_PKEY_free(context->pkey);
	*context = (struct dkim_context){0};
}

static int sign_ed25519(struct dkim_context *context, const uint8_t digest[DKIM_HASH_BYTES],
			uint8_t *ret, size_t *len)
{
	return EVP_DigestSignInit(context->ed25519, NULL, NULL, NULL, NULL) == 1 &&
	       EVP_DigestSign(context->ed25519, ret, len, digest, DKIM_HASH_BYTES) == 1;
}

size_t dkim_context_sign(struct dkim_context *context, const uint8_t digest[DKIM_HASH_BYTES],
			 uint8_t ret[DKIM_SIGNATURE_MAX_BYTES])
{
	size_t len = DKIM_SIGNATURE_MAX_BYTES;
	int done = context->rsa
		       ? EVP_PKEY_sign(context->rsa, ret, &len, digest, DKIM_HASH_BYTES) == 1
		       : sign_ed25519(context, digest, ret, &len);

	if (!done)
		abort(); /* the key was tried when it was read; there is no memory */
	return len;
}
