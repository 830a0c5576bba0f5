/* redis_tls.c - see redis_tls.h. */
#include "redis_tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"

enum { PIECE_BYTES = 16384, PENDING_MAX_BYTES = 1 << 30 };

struct redis_tls {
	SSL_CTX *context;
	SSL *ssl;
	redisReader *reader;
	struct buf pending; /* appended, not sent */
	bool is_broken;     /* nothing goes in or out any more; why says why */
	struct err why;
};

/* OpenSSL's last error in words; the queue is empty afterwards. */
static const char *last_error(void)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;

	ERR_clear_error();
	return reason ? reason : "no reason given";
}

static int use_certificate(SSL_CTX *context, const struct redis_place *place, struct err *err)
{
	if (!place->cert[0])
		return 0;
	if (SSL_CTX_use_certificate_chain_file(context, place->cert) != 1)
		return err_config(err, "REDIS_URL: cert (REDIS_TLS_CERT): %s: %s", place->cert,
				  last_error());
	if (SSL_CTX_use_PrivateKey_file(context, place->key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(context) != 1)
		return err_config(err, "REDIS_URL: key (REDIS_TLS_KEY): %s: %s", place->key,
				  last_error());
	return 0;
}

static int make_context(const struct redis_place *place, SSL_CTX **ret, struct err *err)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	int r = 0;

	if (!context || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
		abort();
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	if (place->ca[0] && SSL_CTX_load_verify_locations(context, place->ca, NULL) != 1)
		r = err_config(err, "REDIS_URL: ca (REDIS_TLS_CA): %s: %s", place->ca,
			       last_error());
	else if (!place->ca[0] && SSL_CTX_set_default_verify_paths(context) != 1)
		r = err_environment(err, "this machine's authorities: %s", last_error());
	if (r == 0)
		r = use_certificate(context, place, err);
	if (r < 0)
		SSL_CTX_free(context);
	else
		*ret = context;
	return r;
}

int redis_tls_check(const struct redis_place *place, struct err *err)
{
	SSL_CTX *context = NULL;

	if (!place->has_tls)
		return 0;
	if (make_context(place, &context, err) < 0)
		return -1;
	SSL_CTX_free(context);
	return 0;
}

/* The name that the certificate must have; an address is no name for SNI (RFC 6066). */
static void expect_name(SSL *ssl, const char *name)
{
	struct in6_addr address;
	bool is_address =
	    inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1;
	int r;

	if (is_address)
		r = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name);
	else
		r = SSL_set1_host(ssl, name) && SSL_set_tlsext_host_name(ssl, name);
	if (r != 1)
		abort();
}

static bool is_timeout(const struct redis_tls *tls, int result)
{
	int code = SSL_get_error(tls->ssl, result);

	return code == SSL_ERROR_WANT_READ || code == SSL_ERROR_WANT_WRITE;
}

/* What a certificate's error means to whoever has set REDIS_URL. */
static const char *certificate_advice(long code)
{
	switch (code) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return "it must be renewed on the server";
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return "use the name that stands in it in REDIS_URL, or say it behind ?sni=";
	default:
		return "name its authority's file behind ?ca= in REDIS_URL, or in REDIS_TLS_CA";
	}
}

static int handshake(struct redis_tls *tls, struct err *err)
{
	int result, saved;
	long verified;

	ERR_clear_error();
	errno = 0;
	result = SSL_connect(tls->ssl);
	saved = errno;
	if (result == 1)
		return 0;
	verified = SSL_get_verify_result(tls->ssl);
	if (verified != X509_V_OK)
		return err_environment(err, "its certificate is refused: %s: %s",
				       X509_verify_cert_error_string(verified),
				       certificate_advice(verified));
	if (is_timeout(tls, result))
		return err_environment(err, "no TLS answer in time: does this port speak TLS?");
	if (ERR_peek_last_error() == 0)
		return err_environment(err, "no TLS connection: %s: does this port speak TLS?",
				       saved ? strerror(saved) : "the server hung up");
	return err_environment(err, "no TLS connection: %s", last_error());
}

int redis_tls_open(struct redis_tls **ret, int socket, const struct redis_place *place,
		   struct err *err)
{
	struct redis_tls *tls = calloc(1, sizeof(*tls));

	if (!tls)
		abort();
	tls->pending = BUF_MAX(PENDING_MAX_BYTES);
	if (make_context(place, &tls->context, err) < 0) {
		free(tls);
		return -1;
	}
	tls->ssl = SSL_new(tls->context);
	tls->reader = redisReaderCreate();
	if (!tls->ssl || !tls->reader || SSL_set_fd(tls->ssl, socket) != 1)
		abort();
	expect_name(tls->ssl, place->name);
	if (handshake(tls, err) < 0) {
		redis_tls_close(&tls);
		return -1;
	}
	*ret = tls;
	return 0;
}

void redis_tls_close(struct redis_tls **tls_address)
{
	struct redis_tls *tls = *tls_address;

	if (!tls)
		return;
	*tls_address = NULL;
	SSL_free(tls->ssl);
	SSL_CTX_free(tls->context);
	redisReaderFree(tls->reader);
	buf_free(&tls->pending);
	free(tls);
}

void redis_tls_append(struct redis_tls *tls, int count, const char **words, const size_t *lengths)
{
	char *command = NULL;
	long long len = redisFormatCommandArgv(&command, count, words, lengths);

	if (len < 0)
		abort();
	buf_add(&tls->pending, command, (size_t)len);
	if (buf_failed(&tls->pending))
		abort(); /* a batch is far smaller: pace.h */
	redisFreeCommand(command);
}

/* With TLS 1.3 a server refuses our certificate, or none, behind the handshake. */
static int alerted(struct err *err)
{
	const char *reason = last_error();

	return err_environment(err, "TLS: %s%s", reason,
			       strstr(reason, "certificate")
				   ? ": the server wants another certificate of ours: ?cert= and "
				     "&key= in REDIS_URL, or REDIS_TLS_CERT and REDIS_TLS_KEY"
				   : "");
}

/* After an SSL_read() or SSL_write() that gave nothing. */
static int broken(struct redis_tls *tls, int result, struct err *err)
{
	int saved = errno;

	if (is_timeout(tls, result))
		err_environment(err, "no answer in time");
	else if (SSL_get_error(tls->ssl, result) == SSL_ERROR_ZERO_RETURN)
		err_environment(err, "the server closed the connection");
	else if (ERR_peek_last_error() == 0)
		err_environment(err, "%s", saved ? strerror(saved) : "the server hung up");
	else
		(void)alerted(err);
	tls->is_broken = true;
	tls->why = *err;
	return -1;
}

int redis_tls_flush(struct redis_tls *tls, struct err *err)
{
	size_t sent = 0;

	if (tls->is_broken) {
		*err = tls->why;
		return -1;
	}
	while (sent < tls->pending.len) {
		size_t left = tls->pending.len - sent;
		int result;

		ERR_clear_error();
		errno = 0;
		result = SSL_write(tls->ssl, tls->pending.bytes + sent,
				   left < INT_MAX ? (int)left : INT_MAX);
		if (result <= 0)
			return broken(tls, result, err);
		sent += (size_t)result;
	}
	buf_reset(&tls->pending);
	return 0;
}

static int receive(struct redis_tls *tls, struct err *err)
{
	char piece[PIECE_BYTES];
	int result;

	ERR_clear_error();
	errno = 0;
	result = SSL_read(tls->ssl, piece, sizeof(piece));
	if (result <= 0)
		return broken(tls, result, err);
	if (redisReaderFeed(tls->reader, piece, (size_t)result) != REDIS_OK)
		return err_environment(err, "%s", tls->reader->errstr);
	return 0;
}

redisReply *redis_tls_reply(struct redis_tls *tls, struct err *err)
{
	void *reply = NULL;

	for (;;) {
		if (redisReaderGetReply(tls->reader, &reply) != REDIS_OK) {
			err_environment(err, "%s", tls->reader->errstr);
			return NULL;
		}
		if (reply)
			return reply;
		if (redis_tls_flush(tls, err) < 0 || receive(tls, err) < 0)
			return NULL;
	}
}
