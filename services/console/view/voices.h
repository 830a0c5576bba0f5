/*
 * voices.h - what customers have said, across all of them: the view's part of nurture.feedback.
 *
 * An item is found by its words, its tags and what else is known of it.  The newest come first;
 * only when somebody asks for it the best matches do, and then of the newest VIEW_RANKED_MAX, since
 * to rank a word that is everywhere takes seconds.
 *
 * As in view.h: results are the arena's, times are ms since 1970, and -1 is ERR_ENVIRONMENT.
 */
#ifndef NURTURE_CONSOLE_VIEW_VOICES_H
#define NURTURE_CONSOLE_VIEW_VOICES_H

#include "nurture/v1/feedback.pb-c.h"
#include "view.h"

enum {
	VIEW_RANKED_MAX = 10000,    /* hits that are ranked, and that are counted for the facets */
	VIEW_FACET_VALUES_MAX = 40, /* of one facet, the most frequent ones */
	VIEW_SCORES = 6,
};
#define VIEW_FROM_NEWEST INT64_MAX

/* By what items are chosen; "" or 0 is: by anything. */
struct view_wanted {
	struct slice words; /* beginnings of words, without regard of case and diacritics */
	const char *tag, *product, *kind, *state, *source;
	const char *customer;     /* the id of a person */
	int score_min, score_max; /* 1 to 5; 0, 0: any, also none */
	bool best_first;
	int64_t before; /* view_item.place of the last one before this page; VIEW_FROM_NEWEST */
};

struct view_item {
	int64_t place;        /* in time, among all items */
	const char *customer; /* the id under which it was told, and by which it is changed */
	const char *person;   /* under which the person lives */
	const char *name;     /* "": not known */
	const Nurture__V1__FeedbackItem *item; /* without its customer */
};
struct view_items {
	struct view_item *items;
	size_t count;
	bool has_more;
};
int view_voices(struct view_reader *reader, const struct view_wanted *wanted, size_t limit,
		struct arena *arena, struct view_items *ret, struct err *err);
/* One item: 1, or 0 when there is none of that id. */
int view_voice(struct view_reader *reader, const char *customer, const char *id,
	       struct arena *arena, struct view_item *ret, struct err *err);

struct view_facet {
	const char *value; /* of a score: "1" to "5" */
	int64_t count;
};
struct view_facets {
	struct {
		struct view_facet *items; /* the most frequent first */
		size_t count;
	} tags, products, kinds, states, sources, scores;
	int64_t hits;
	bool is_of_newest; /* there are more than VIEW_RANKED_MAX, and only those were counted */
};
/*
 * How many items there would be with each value of each facet, whatever else was chosen: of a facet
 * in which something was chosen what its other values would give.
 */
int view_facets(struct view_reader *reader, const struct view_wanted *wanted, struct arena *arena,
		struct view_facets *ret, struct err *err);

#endif
