/* read.h - what the queries share; private to the view. */
#ifndef NURTURE_CONSOLE_VIEW_READ_H
#define NURTURE_CONSOLE_VIEW_READ_H

#include "view_internal.h"

enum { READ_IDS_MAX = 64 };

/* All the ids of one person; the first one is that under which the person lives. */
struct read_person {
	struct {
		int64_t pid;
		const char *id;
	} ids[READ_IDS_MAX];
	size_t count;
};
/* False: nobody has that id. */
bool read_person(struct sql *sql, const char *id, struct arena *arena, struct read_person *ret);
/* The number under which the person with that number lives. */
int64_t read_living(struct sql *sql, int64_t pid);

/* The columns of a moment, in this order, of `moment m`. */
#define READ_MOMENT                                                                                \
	"SELECT m.n, m.at, m.kind, (SELECT text FROM word WHERE number=m.word),"                   \
	" (SELECT fields FROM manner WHERE number=m.manner), m.request, m.body,"                   \
	" (SELECT id FROM person WHERE pid=m.pid) FROM moment m "

/* Grows as moments are read into it. */
struct read_moments {
	struct sql *sql;
	struct arena *arena;
	struct view_moment *items;
	size_t count, room;
};
/* All rows of a query that begins with READ_MOMENT. */
int read_moments(struct read_moments *moments, struct sql_rows *rows, struct err *err);
/*
 * The newest `limit` of them, and who won; frees what was grown.
 */
void read_moments_end(struct read_moments *moments, size_t limit, struct view_moments *ret);
/* The programme of a request of that person; "" when nobody knows it. */
const char *read_programme_of(struct sql *sql, int64_t pid, const char *request,
			      struct arena *arena);

/* The number of a text; 0: nobody has used it. */
int64_t read_word(struct sql *sql, const char *text);

#endif
