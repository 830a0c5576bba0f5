/*
 * Signatures: the vectors of RFC 6376 appendix A and RFC 8463 appendix A, what
 * is signed and named, and the keys that are refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "services/email-sender/compose/dkim.h"
#include "services/email-sender/compose/dkim_context.h"
#include "services/email-sender/compose/dkim_relaxed.h"
#include "dkim_test_keys.h"

#define MESSAGE                                                                                    \
	"From: Joe SixPack <joe@football.example.com>\r\n"                                         \
	"To: Suzie Q <suzie@shopping.example.net>\r\n"                                             \
	"Subject: Is dinner ready?\r\n"                                                            \
	"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"                                          \
	"Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
#define BODY "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
#define BODY_HASH "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="

static struct dkim_keys keys_of(const char *selector, const char *pem)
{
	struct dkim_keys keys = {0};
	struct err err;

	assert_int_equal(dkim_keys_set_domain(&keys, "football.example.com", &err), 0);
	if (dkim_keys_add(&keys, slice_text(selector), slice_text(pem), &err) < 0)
		fail_msg("%s", err.text);
	return keys;
}

/* The signature of a header's canonical form, in base64. */
static const char *signature_of(const char *pem, struct slice canonical)
{
	static char base64[1024];
	struct dkim_keys keys = keys_of("s", pem);
	uint8_t digest[DKIM_HASH_BYTES], signature[DKIM_SIGNATURE_MAX_BYTES];
	struct dkim_context context;
	struct err err;
	size_t len;

	assert_int_equal(dkim_context_open(&context, &keys.items[0], &err), 0);
	SHA256(canonical.bytes, canonical.len, digest);
	len = dkim_context_sign(&context, digest, signature);
	EVP_EncodeBlock((uint8_t *)base64, signature, (int)len);
	dkim_context_close(&context);
	dkim_keys_free(&keys);
	return base64;
}

static void rfc_6376_appendix_a(void **state)
{
	/* c=simple/simple: as it stands. Erratum 3192: one blank between the sentences. */
	static const char canonical[] =
	    "Received: from client1.football.example.com  [192.0.2.1]\r\n"
	    "      by submitserver.example.com with SUBMISSION;\r\n"
	    "      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)\r\n" MESSAGE
	    "DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\r\n"
	    "      c=simple/simple; q=dns/txt; i=joe@football.example.com;\r\n"
	    "      h=Received : From : To : Subject : Date : Message-ID;\r\n"
	    "      bh=" BODY_HASH ";\r\n"
	    "      b=;";

	(void)state;
	assert_string_equal(signature_of(dkim_rfc6376_key, slice_text(canonical)),
			    "AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB"
			    "4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut"
			    "KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV"
			    "4bmp/YzhwvcubU4=");
}

static void add_canonical(struct buf *out, const char *const *fields)
{
	for (; *fields; fields++) {
		dkim_relaxed_field(slice_text(*fields), out);
		if (fields[1])
			buf_text(out, "\r\n");
	}
}

static void rfc_8463_appendix_a(void **state)
{
	static const char *const fields[] = {
	    "From: Joe SixPack <joe@football.example.com>\r\n",
	    "To: Suzie Q <suzie@shopping.example.net>\r\n",
	    "Subject: Is dinner ready?\r\n",
	    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n",
	    "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n",
	};
	static const char *const own[2] = {
	    "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
	    " d=football.example.com; i=@football.example.com;\r\n"
	    " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
	    " subject : date : message-id : from : subject : date;\r\n"
	    " bh=" BODY_HASH ";\r\n b=",
	    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
	    " d=football.example.com; i=@football.example.com;\r\n"
	    " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n"
	    " date : message-id : from : subject : date;\r\n"
	    " bh=" BODY_HASH ";\r\n b="};
	static const char *const signatures[2] = {
	    "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus"
	    "Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==",
	    "F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3"
	    "DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz"
	    "dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8="};
	struct buf out = BUF_MAX(4096);

	(void)state;
	for (int i = 0; i < 2; i++) {
		const char *all[7];

		memcpy(all, fields, sizeof(fields));
		all[5] = own[i];
		all[6] = NULL;
		buf_reset(&out);
		add_canonical(&out, all);
		assert_string_equal(
		    signature_of(i ? dkim_rfc8463_rsa_key : dkim_rfc8463_ed25519_key,
				 buf_slice(&out)),
		    signatures[i]);
	}
	buf_free(&out);
}

/* What RFC 8463's message is with our own header list, both keys at once. */
static void both_keys_sign(void **state)
{
	static const char expected[] =
	    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
	    " d=football.example.com;\r\n s=test; t=1528637909;\r\n"
	    " h=From:From:Reply-To:To:To:Cc:Subject:Subject:Date:Date:Message-ID:\r\n"
	    " Message-ID:List-Unsubscribe:List-Unsubscribe-Post:Feedback-ID:MIME-Version:\r\n"
	    " Content-Type:Content-Transfer-Encoding;\r\n"
	    " bh=" BODY_HASH ";\r\n b=";
	struct dkim_keys keys = keys_of("test", dkim_rfc8463_rsa_key);
	struct dkim_signer *signer;
	struct slice fields, again;
	struct err err;
	char *text;

	(void)state;
	assert_int_equal(dkim_keys_add(&keys, slice_text("brisbane"),
				       slice_text(dkim_rfc8463_ed25519_key), &err),
			 0);
	assert_int_equal(dkim_signer_open(&signer, &keys, &err), 0);
	assert_int_equal(
	    dkim_sign(signer, slice_text(MESSAGE "\r\n" BODY), 1528637909, &fields, &err), 0);
	text = strndup((const char *)fields.bytes, fields.len);
	assert_int_equal(strncmp(text, expected, sizeof(expected) - 1), 0);
	assert_non_null(strstr(text, "\r\nDKIM-Signature: v=1; a=ed25519-sha256;"));
	assert_true(fields.len <= dkim_max_bytes(signer));
	/* Nothing of one mail is left for the next. */
	assert_int_equal(
	    dkim_sign(signer, slice_text(MESSAGE "\r\n" BODY), 1528637909, &again, &err), 0);
	assert_true(slice_equal(slice_text(text), again));
	free(text);
	dkim_signer_close(&signer);
	dkim_keys_free(&keys);
}

static void mails_that_are_none(void **state)
{
	struct dkim_keys keys = keys_of("brisbane", dkim_rfc8463_ed25519_key);
	struct buf many = BUF_MAX(4096);
	struct dkim_signer *signer;
	struct slice fields;
	struct err err;

	(void)state;
	assert_int_equal(dkim_signer_open(&signer, &keys, &err), 0);
	assert_int_equal(dkim_sign(signer, slice_text("From: a@b.example\r\n"), 1, &fields, &err),
			 -1);
	assert_string_equal(err.text, "a mail without an empty line behind its header");
	for (int i = 0; i < 65; i++)
		buf_text(&many, "X: y\r\n");
	buf_text(&many, "\r\n");
	assert_int_equal(dkim_sign(signer, buf_slice(&many), 1, &fields, &err), -1);
	assert_string_equal(err.text, "a mail of more than 64 header fields");
	/* An empty body hashes as no bytes at all. */
	assert_int_equal(
	    dkim_sign(signer, slice_text("From: a@b.example\r\n\r\n"), 1, &fields, &err), 0);
	assert_non_null(memmem(fields.bytes, fields.len,
			       "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;", 48));
	buf_free(&many);
	dkim_signer_close(&signer);
	dkim_keys_free(&keys);
}

static void keys_that_are_refused(void **state)
{
	static const struct {
		const char *selector, *pem, *why;
	} cases[] = {
	    {"s", dkim_rsa_768_key, "s: an RSA key of 768 bits: expected 1024 to 4096, best 2048"},
	    {"s", dkim_p256_key, "s: expected an RSA or Ed25519 key"},
	    {"s", dkim_encrypted_key,
	     "s: expected a private key in PEM (-----BEGIN PRIVATE KEY-----) without a passphrase"},
	    {"s", "hello",
	     "s: expected a private key in PEM (-----BEGIN PRIVATE KEY-----) without a passphrase"},
	    {"s", "",
	     "s: expected a private key in PEM (-----BEGIN PRIVATE KEY-----) without a passphrase"},
	    {"", dkim_rfc8463_ed25519_key,
	     "expected a selector of letters, digits and - such as s2026, found \"\""},
	    {"a;b", dkim_rfc8463_ed25519_key,
	     "expected a selector of letters, digits and - such as s2026, found \"a;b\""},
	    {"TEST", dkim_rfc8463_ed25519_key, "TEST: two keys for one selector"},
	};
	struct dkim_keys keys = keys_of("test", dkim_rfc8463_rsa_key);
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(dkim_keys_add(&keys, slice_text(cases[i].selector),
					       slice_text(cases[i].pem), &err),
				 -1);
		assert_string_equal(err.text, cases[i].why);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
	assert_int_equal(keys.count, 1);
	assert_int_equal(dkim_keys_set_domain(&keys, "nodot", &err), -1);
	dkim_keys_free(&keys);
}

static void records(void **state)
{
	struct dkim_keys keys = keys_of("brisbane", dkim_rfc8463_ed25519_key);
	struct buf out = BUF_MAX(4096);
	struct err err;

	(void)state;
	assert_int_equal(
	    dkim_keys_add(&keys, slice_text("test"), slice_text(dkim_rfc8463_rsa_key), &err), 0);
	assert_int_equal(dkim_key_record(&keys, &keys.items[0], &out, &err), 0);
	assert_string_equal(out.bytes, "brisbane._domainkey.football.example.com. IN TXT ( "
				       "\"v=DKIM1; k=ed25519; "
				       "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\" )");
	buf_reset(&out);
	assert_int_equal(dkim_key_record(&keys, &keys.items[1], &out, &err), 0);
	assert_string_equal(
	    out.bytes,
	    "test._domainkey.football.example.com. IN TXT ( "
	    "\"v=DKIM1; k=rsa; "
	    "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bd"
	    "OKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hst"
	    "T5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB\" )");
	buf_free(&out);
	dkim_keys_free(&keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rfc_6376_appendix_a),   cmocka_unit_test(rfc_8463_appendix_a),
	    cmocka_unit_test(both_keys_sign),        cmocka_unit_test(mails_that_are_none),
	    cmocka_unit_test(keys_that_are_refused), cmocka_unit_test(records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
