/* http_post.c - see http_post.h; libcurl. */
#include "http_post.h"

#include <curl/curl.h>
#include <stdlib.h>

static size_t drop(char *bytes, size_t size, size_t count, void *context)
{
	long *left = context;

	(void)bytes;
	*left -= (long)(size * count);
	return *left < 0 ? 0 : size * count;
}

static struct curl_slist *list_of(const char *const *headers)
{
	struct curl_slist *list = NULL, *longer;

	for (; *headers; headers++) {
		longer = curl_slist_append(list, *headers);
		if (!longer)
			abort();
		list = longer;
	}
	return list;
}

static void set(CURL *curl, const struct http_post *post, struct curl_slist *headers, long *left)
{
	curl_easy_setopt(curl, CURLOPT_URL, post->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, post->wait_ms);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body.len);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->body.bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, left);
}

int http_post(const struct http_post *post, struct http_posted *ret, struct err *err)
{
	char why[CURL_ERROR_SIZE] = "";
	struct curl_slist *headers = list_of(post->headers);
	CURL *curl = curl_easy_init();
	curl_off_t retry_after_s = 0;
	long left = post->answer_most;
	CURLcode code;

	if (!curl)
		abort();
	*ret = (struct http_posted){0};
	set(curl, post, headers, &left);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &ret->status);
	curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after_s);
	ret->retry_after_ms = retry_after_s > 0 ? (int64_t)retry_after_s * 1000 : 0;
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	/* What it says behind its status is of no interest. */
	if (code && !(code == CURLE_WRITE_ERROR && left < 0))
		return err_environment(err, "%s", why[0] ? why : curl_easy_strerror(code));
	return 0;
}
