/*
 * shown.h - what others wrote, as it may be shown on a terminal.  Pure.
 */
#ifndef NURTURE_NURTURECTL_EXPLAIN_SHOWN_H
#define NURTURE_NURTURECTL_EXPLAIN_SHOWN_H

#include "common/base/buf.h"
#include "common/base/slice.h"

/*
 * Writes a reason without what it quotes, which may be what people said: all from the first
 * quotation mark to the last is `"..."`, and all behind one that stands alone, since such a reason
 * was cut off.  Control characters are written as put_shown() does.
 */
void put_reason(struct buf *out, struct slice reason);

/* Writes UTF-8 with a '?' for each control character, C0 and C1; other bytes as "(not text)". */
void put_shown(struct buf *out, struct slice text);

#endif
