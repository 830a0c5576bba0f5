/* http_get.c - see http_get.h; libcurl. */
#include "http_get.h"

#include <curl/curl.h>
#include <stdlib.h>

static size_t take(char *bytes, size_t size, size_t count, void *context)
{
	struct buf *out = context;

	buf_add(out, bytes, size * count);
	return buf_failed(out) ? 0 : size * count;
}

int http_get(const char *url, long wait_ms, long *ret_status, struct buf *out, struct err *err)
{
	char why[CURL_ERROR_SIZE] = "";
	CURL *curl = curl_easy_init();
	CURLcode code;

	if (!curl)
		abort();
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, wait_ms);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
	curl_easy_cleanup(curl);
	if (code)
		return err_environment(err, "%s", why[0] ? why : curl_easy_strerror(code));
	return 0;
}
