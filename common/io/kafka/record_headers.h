/* record_headers.h - the headers that say what a record is, made once and copied for each. */
#ifndef NURTURE_IO_KAFKA_RECORD_HEADERS_H
#define NURTURE_IO_KAFKA_RECORD_HEADERS_H

#include <librdkafka/rdkafka.h>

#include "common/message/record_kind.h"

/* A new list; NULL of RECORD_UNNAMED. */
rd_kafka_headers_t *record_headers_new(enum record_kind kind);
/* NULL-safe. */
void record_headers_free(rd_kafka_headers_t *headers);

#endif
