/*
 * shape.h - a protobuf message as JSON, described by one table.
 *
 * The table says for every member: its name in JSON, where it stands in the
 * protobuf-c struct, what is valid and how to say so.  Reading JSON, checking,
 * and writing canonical JSON all follow the same table, so JSON and protobuf
 * cannot drift apart.  Absent means "" or 0, as in proto3; null in JSON is
 * absent too.
 */
#ifndef NURTURE_CODEC_SHAPE_H
#define NURTURE_CODEC_SHAPE_H

#include <protobuf-c/protobuf-c.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/slice.h"

enum member_kind {
	MEMBER_TEXT,    /* char * */
	MEMBER_TIME,    /* int64_t or uint64_t ms; RFC 3339 in JSON */
	MEMBER_WHOLE,   /* an integer of any width */
	MEMBER_DECIMAL, /* an integer in units of the last decimal; a text like "0.45" in JSON */
	MEMBER_FLAG,    /* protobuf_c_boolean */
	MEMBER_OBJECT,  /* pointer to a message */
	MEMBER_LIST,    /* size_t and pointers to messages */
	MEMBER_TEXTS,   /* size_t and pointers to texts; a list in JSON */
	MEMBER_MAP,     /* as MEMBER_LIST; an object in JSON: the shape's first member is key, the
			   second value */
};

/* What a text must look like; matches() may assume valid UTF-8. */
struct text_format {
	const char *expected; /* "a country as two capital letters" */
	bool (*matches)(struct slice text);
};

struct member {
	const char *name;
	enum member_kind kind;
	bool required; /* WHOLE: stands in JSON, even when it is 0 */
	size_t offset;
	size_t count_offset;                /* LIST, TEXTS, MAP */
	size_t max;                         /* LIST, TEXTS, MAP: entries */
	size_t width;                       /* WHOLE, DECIMAL: bytes */
	int64_t least, most;                /* WHOLE; DECIMAL: least is 0 */
	unsigned decimals;                  /* DECIMAL: at most 9 */
	const struct text_format *format;   /* TEXT, each of TEXTS; NULL: any UTF-8 */
	const struct shape *shape;          /* OBJECT, LIST, MAP */
	bool (*shown)(const void *message); /* is it written?  NULL: unless it is absent */
};

struct shape {
	const ProtobufCMessageDescriptor *descriptor;
	const struct member *members; /* ascending by name: the canonical order */
	size_t count;
};

/* Where an error is: printed as "$.order.items[2].quantity". */
struct path {
	const struct path *up;
	const char *name; /* NULL: an element of a list */
	size_t index;
};

/* "PATH: expected WHAT, found FOUND"; always -1. name may be NULL: the path itself. */
int path_fail(const struct path *path, const char *name, const char *expected, const char *found,
	      struct err *err);

/* Fills message (initialised) from a JSON object; checks types, not values. Unknown members are
 * left alone. */
struct cJSON;
int shape_read(const struct shape *shape, const struct cJSON *object, void *message,
	       const struct path *path, struct arena *arena, struct err *err);
/*
 * JSON or protobuf?  '{' never begins protobuf, but blanks may: a tab is the
 * tag of a fixed64 time, a newline that of an id, and the byte behind them may
 * well be '{'.  Then it is JSON if all of it is, and else protobuf if that fits.
 */
bool shape_is_json(struct slice bytes);
/*
 * A new message from one JSON text of the usual kind: canonical, give or take
 * blanks and the order.  false says nothing but that somebody else must look.
 */
bool shape_read_plain(const struct shape *shape, struct slice text, struct arena *arena,
		      void **ret);
/* A new message from one JSON text. */
int shape_read_json(const struct shape *shape, struct slice text, struct arena *arena, void **ret,
		    struct err *err);
/* A new message from protobuf. A string with a NUL in it is refused: C would see half of it. */
int shape_read_protobuf(const struct shape *shape, struct slice bytes, struct arena *arena,
			void **ret, struct err *err);

/* Required members, formats, ranges, counts; UTF-8 everywhere. */
int shape_check(const struct shape *shape, const void *message, const struct path *path,
		struct err *err);

/* No member is set, or only objects without any. */
bool shape_is_empty(const struct shape *shape, const void *message);

/* Canonical JSON; empty objects are left out too. */
void shape_write(const struct shape *shape, const void *message, struct buf *out);

/*
 * The same into room bytes, quickly.  Returns how many it is; 0: something is to be escaped, is
 * of a kind that no outcome has, or does not fit.
 */
size_t shape_write_line(const struct shape *shape, const void *message, char *bytes, size_t room);

/* Any protobuf-c message, packed. */
void shape_write_protobuf(const void *message, struct buf *out);

/* An initialised message in the arena. */
void *shape_new(const struct shape *shape, struct arena *arena);

#define SHAPE(name, c_name, table)                                                                 \
	const struct shape name = {&nurture__v1__##c_name##__descriptor, table,                    \
				   sizeof(table) / sizeof((table)[0])}

#endif
