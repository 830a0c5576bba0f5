/* voices_json.h - what customers said, for programs.  Pure. */
#ifndef NURTURE_CONSOLE_PAGES_VOICES_JSON_H
#define NURTURE_CONSOLE_PAGES_VOICES_JSON_H

#include "common/base/buf.h"
#include "services/console/view/voices.h"

enum { CON_JSON_ITEMS = 200 }; /* of one answer */

/* One item as an object, its members sorted; what is not known is left out. */
void con_item_json(const struct view_item *found, struct buf *out);
/*
 * {"before": ..., "items": [...]}; before: where the next answer begins, left out at the end and of
 * the best matches, whose order is none in time.
 */
void con_voices_json(const struct view_items *items, bool best_first, struct buf *out);

#endif
