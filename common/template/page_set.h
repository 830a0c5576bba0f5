/*
 * page_set.h - HTML pages by name, each a template.  Pure.
 *
 * A name that begins with '_' is a piece that pages include.  A set is built
 * (first our own files, then the shop's, which replace ours), checked, and then
 * immutable.
 */
#ifndef NURTURE_TEMPLATE_PAGE_SET_H
#define NURTURE_TEMPLATE_PAGE_SET_H

#include "common/base/err.h"
#include "common/base/slice.h"
#include "model.h"
#include "mustache.h"

struct page_set;

struct page_set *page_set_new(void);
void page_set_free(struct page_set *set); /* NULL-safe */

/* Our own files in a folder of embedded.h ("deploy/pages/"), without its sub-folders. */
int page_set_add_embedded(struct page_set *set, const char *folder, struct err *err);
/*
 * One file of a shop, whose text is copied: it replaces the page or piece of
 * the same name, or is a new piece.  path is for messages, file is
 * "feedback.mustache".  ERR_CONFIG for a page that is not there, or for what
 * is no template, or not UTF-8.
 */
int page_set_replace(struct page_set *set, const char *path, const char *file, struct slice text,
		     struct err *err);

/* May a page (never a piece) show a name such as "words.save"? */
typedef bool (*page_knows)(const void *context, const char *page, struct slice name);
/*
 * Checks that every page, and every piece in it, shows only names that the page knows, all of them
 * escaped, and that all pieces exist and come to an end. ERR_CONFIG says file and line.
 */
int page_set_check(const struct page_set *set, page_knows knows, const void *context,
		   struct err *err);

/* Appends a page, or a piece, to out; all values are escaped. */
int page_set_render(const struct page_set *set, const char *name,
		    const struct mustache_value *values, struct buf *out, struct err *err);
/*
 * One page of our own from a folder of embedded.h, for who renders seldom.  Our
 * templates compile, which a test of each page shows: out fails when the page
 * does not fit.
 */
void page_render_embedded(const char *folder, const char *name, const struct model *model,
			  struct buf *out);
/* The compiled page or piece of a name, or NULL. */
const struct mustache *page_set_find(const struct page_set *set, struct slice name);

#endif
