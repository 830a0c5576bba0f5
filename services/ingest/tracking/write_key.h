/* write_key.h - whose write key a tracking call has.  Pure. */
#ifndef NURTURE_INGEST_TRACKING_WRITE_KEY_H
#define NURTURE_INGEST_TRACKING_WRITE_KEY_H

#include "services/ingest/source.h"

/*
 * header: the value of Authorization, "Basic BASE64" of "KEY:", or NULL; then of_body counts.
 * Returns the source's index, and in *ret_types what the key may publish; -1: it is not known.
 */
int ing_write_key_source(const struct ing_sources *keys, const char *header, const char *of_body,
			 const struct ing_types **ret_types);

#endif
