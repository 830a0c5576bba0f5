/* http_get.h - one GET of a page that is near, for whoever looks from outside. */
#ifndef NURTURE_IO_HTTP_HTTP_GET_H
#define NURTURE_IO_HTTP_HTTP_GET_H

#include "common/base/buf.h"
#include "common/base/err.h"

/*
 * Appends the body to out; what does not fit under its maximum is an error, and so are more than
 * wait_ms.  Follows no redirection and uses no proxy.  *ret_status is HTTP's, of whatever kind.
 * Only http and https.  ERR_ENVIRONMENT says why there is no answer.
 */
int http_get(const char *url, long wait_ms, long *ret_status, struct buf *out, struct err *err);

#endif
