/* schema.h - the tables of the view, and the version that they have. */
#ifndef NURTURE_CONSOLE_VIEW_SCHEMA_H
#define NURTURE_CONSOLE_VIEW_SCHEMA_H

/* Of the file ("Nurt"): it is a view, and no other database that somebody named by mistake. */
#define VIEW_APPLICATION_ID 0x4e757274
/* One more with every change of a table, of a message in it, or of what is read into it. */
#define VIEW_VERSION 5

/* Makes the tables in an empty file. */
extern const char view_schema[];

#endif
