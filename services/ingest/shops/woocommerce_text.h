/*
 * woocommerce_text.h - names as WordPress stores them: with HTML's entities in them
 * ("Woo Album &#8211; Side A"). Pure.
 */
#ifndef NURTURE_INGEST_SHOPS_WOOCOMMERCE_TEXT_H
#define NURTURE_INGEST_SHOPS_WOOCOMMERCE_TEXT_H

#include "common/base/arena.h"

/*
 * The text that a browser would show: the entities that WordPress writes, and numbered ones, once.
 * What is none stays as it is. In the arena.
 */
const char *woocommerce_text(struct arena *arena, const char *text);

#endif
