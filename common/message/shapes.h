/*
 * shapes.h - what the fields of requests, contacts, dispatches, outcomes and tasks must look like.
 *
 * Each message of proto/ that crosses a topic has one table, in the file that is named here.  A
 * unit test holds every table against protobuf-c's descriptor: no field may be missing in it.
 */
#ifndef NURTURE_MESSAGE_SHAPES_H
#define NURTURE_MESSAGE_SHAPES_H

#include "common/codec/shape.h"

/* Members of the table of STRUCT, which whoever includes this defines. */
#define SHAPE_TEXT(n) {.name = #n, .kind = MEMBER_TEXT, .offset = offsetof(STRUCT, n)}
#define SHAPE_FORMATTED(n, must, how)                                                              \
	{.name = #n,                                                                               \
	 .kind = MEMBER_TEXT,                                                                      \
	 .required = must,                                                                         \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .format = &how}
#define SHAPE_TIME(n, must)                                                                        \
	{.name = #n, .kind = MEMBER_TIME, .required = must, .offset = offsetof(STRUCT, n)}
#define SHAPE_FLAG(n) {.name = #n, .kind = MEMBER_FLAG, .offset = offsetof(STRUCT, n)}
#define SHAPE_WHOLE(n, from, to)                                                                   \
	{.name = #n,                                                                               \
	 .kind = MEMBER_WHOLE,                                                                     \
	 .width = sizeof(((STRUCT *)NULL)->n),                                                     \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .least = from,                                                                            \
	 .most = to}
#define SHAPE_OBJECT(n, must, how)                                                                 \
	{.name = #n,                                                                               \
	 .kind = MEMBER_OBJECT,                                                                    \
	 .required = must,                                                                         \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .shape = &how}
#define SHAPE_LIST(n, longest, entries)                                                            \
	{.name = #n,                                                                               \
	 .kind = MEMBER_LIST,                                                                      \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .count_offset = offsetof(STRUCT, n_##n),                                                  \
	 .max = longest,                                                                           \
	 .shape = &entries}
#define SHAPE_TEXTS(n, longest, must, how)                                                         \
	{.name = #n,                                                                               \
	 .kind = MEMBER_TEXTS,                                                                     \
	 .required = must,                                                                         \
	 .offset = offsetof(STRUCT, n),                                                            \
	 .count_offset = offsetof(STRUCT, n_##n),                                                  \
	 .max = longest,                                                                           \
	 .format = how}

/* Entries of a list that has no smaller bound of its own. */
enum { SHAPE_LIST_MAX = 1000, SHAPE_ALLOWANCES_MAX = 8 };
/* Requests in a mail, besides the one that leads it. */
enum { SHAPE_PARTS_MAX = 8 };

/* request_shape.c */
extern const struct text_format shape_id_format;    /* an id of 1 to 200 bytes */
extern const struct text_format shape_short_format; /* at most 200 printable bytes */
extern const struct text_format shape_case_format;  /* the name of a case */
extern const struct shape datum_shape;              /* the order of a MEMBER_MAP: key, value */
extern const struct shape request_shape;
extern const struct shape cancel_shape;
extern const struct shape allowance_shape;
extern const struct shape bought_shape;
extern const struct shape contact_shape;
extern const struct shape inbox_word_shape;
extern const struct shape sent_elsewhere_shape;
extern const struct shape release_shape;
extern const struct shape confirm_shape;
extern const struct shape task_done_shape;

/* dispatch_shape.c */
extern const struct shape dispatch_shape;
/*
 * Is it the id of a dispatch?  It stands in Message-ID and a header as it is: 1 to 64 letters,
 * digits, single dots, _ and -.
 */
bool dispatch_is_id(struct slice id);

/* outcome.c; the names and their order are those of the canonical line. */
extern const struct shape trial_shape;
extern const struct shape rival_shape;
extern const struct shape outcome_shape;

/* task.c */
extern const struct shape task_shape;

/* notice.c */
extern const struct shape end_shape;
extern const struct shape notice_shape;

#endif
