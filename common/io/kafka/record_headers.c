/* record_headers.c - see record_headers.h. */
#include "record_headers.h"

enum { HEADER_COUNT = 3 };

rd_kafka_headers_t *record_headers_new(enum record_kind kind)
{
	const struct record_form *form = record_form_of(kind);
	rd_kafka_headers_t *headers;

	if (!form)
		return NULL;
	headers = rd_kafka_headers_new(HEADER_COUNT);
	rd_kafka_header_add(headers, "content-type", -1, form->content_type, -1);
	rd_kafka_header_add(headers, "nurture-type", -1, form->type, -1);
	rd_kafka_header_add(headers, "nurture-version", -1, form->version, -1);
	return headers;
}

void record_headers_free(rd_kafka_headers_t *headers)
{
	if (headers)
		rd_kafka_headers_destroy(headers);
}
