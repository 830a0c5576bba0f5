/*
 * wire_parts.h - the parts of a profile, into the message of profile.proto and out of it.
 *
 * What is read borrows the message, which lives as long as the profile.  Sizes, indexes and times
 * are checked, so that the rest need not be careful: -1 says what cannot be.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_WIRE_PARTS_H
#define NURTURE_SEGMENTER_PROFILE_WIRE_PARTS_H

#include "columns.h"
#include "common/base/err.h"
#include "times.h"

/* wire_orders.c */
int wire_read_categories(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err);
int wire_read_orders(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err);
void wire_write_orders(const struct seg_profile *from, Nurture__V1__Profile *to);

/* wire_person.c */
int wire_read_person(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err);
void wire_write_person(const struct seg_profile *from, Nurture__V1__Profile *to);

/* wire_behaviour.c: opens and clicks, soft bounces, preferences */
int wire_read_behaviour(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err);
void wire_write_behaviour(const struct seg_profile *from, Nurture__V1__Profile *to);

/* wire_known.c: what came before, and what was forgotten */
int wire_read_known(const Nurture__V1__Profile *from, struct seg_profile *to, struct err *err);
void wire_write_known(const struct seg_profile *from, Nurture__V1__Profile *to);

/* wire_version.c: the message of version 2 as one of version 1, and back */
int wire_to_first_version(Nurture__V1__Profile *message, struct arena *arena, struct err *err);
void wire_to_second_version(Nurture__V1__Profile *message, struct arena *arena);

static inline int wire_bad(struct err *err, const char *what)
{
	return err_set(err, "profile: %s", what);
}

/* A list for so many entries, with room for one more: most events bring none or one. */
#define WIRE_LIST(profile, list, name, entries)                                                    \
	((profile)->name##_count = (unsigned)(entries),                                            \
	 (profile)->name##_room = (profile)->name##_count + 1,                                     \
	 (profile)->list =                                                                         \
	     arena_zalloc((profile)->arena, (profile)->name##_room * sizeof(*(profile)->list)))

#endif
