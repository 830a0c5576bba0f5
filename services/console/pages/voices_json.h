/* voices_json.h - what customers said, for programs.  Pure. */
#ifndef NURTURE_CONSOLE_PAGES_VOICES_JSON_H
#define NURTURE_CONSOLE_PAGES_VOICES_JSON_H

#include "common/base/buf.h"
#include "services/console/view/voices.h"

enum { CON_JSON_ITEMS = 200 }; /* of one answer, at most */

/* One item as an object, its members sorted; what is not known is left out. */
void con_item_json(const struct view_item *found, struct buf *out);
/*
 * {"before": ..., "items": [...]}; before: where the next answer begins, left out at the end and of
 * the best matches, which are not in the order of time.  As many items as fit into out, whose maximum
 * holds one of them at least.
 */
void con_voices_json(const struct view_items *items, bool best_first, struct buf *out);

#endif
