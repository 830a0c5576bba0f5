/*
 * schema.c - see schema.h.
 *
 * Each table, but for `person` and `task`, whose columns are told apart below, is about one topic
 * alone, so that it does not matter in which order the topics are read.  Rows that are about
 * somebody have the person's number (pid): an erasure finds them all.
 *
 *	position	how far each partition was read
 *	person		an id; what the profile (card) and the scheduler (contact) say of it
 *	who		an index of names and postal addresses by the beginnings of their words
 *	order_of	which numbers of orders are in somebody's card
 *	moment		what happened: event, outcome, end or notice
 *	voice		those moments that are feedback with a score or words
 *	told		those that are escalations, and which team hears them
 *	day		how many outcomes of each status a programme had on a day; of nobody
 *	programme	whose it was, by its newest outcome; of nobody
 *	waiting		what waits in the scheduler
 *	planned		how much of it is possible on a day; of nobody
 *	task		what was given out, whether it has its end, and when it is due
 *	desk_task	what the desk has written down about it
 *	task_end	which tasks have an end, by the desk or by what was said of them
 *	lift		what programmes are worth, counted once a day; of nobody
 *	item		what somebody said: where it stands in time, and what it is chosen by
 *	item_text	its words and all else of it
 *	item_tag	its tags
 *	said		an index of those words
 *	unsaid		items of this batch that the index does not have yet; empty between batches
 *	erased		hashes of ids, and the instant up to which nothing of them is kept
 *	word, manner	texts and groups of fields that recur, each once; of nobody
 */
#include "schema.h"

const char view_schema[] =
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE position(topic INTEGER, partition INTEGER, next INTEGER NOT NULL,"
    " PRIMARY KEY(topic, partition)) WITHOUT ROWID;"
    "CREATE TABLE word(number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"
    "CREATE TABLE manner(number INTEGER PRIMARY KEY, fields BLOB NOT NULL UNIQUE);"

    "CREATE TABLE person(pid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " merged_into TEXT, merged_ms INTEGER, email TEXT, phone TEXT, card BLOB, contact BLOB);"
    "CREATE INDEX person_merged ON person(merged_into) WHERE merged_into IS NOT NULL;"
    "CREATE INDEX person_email ON person(email) WHERE email IS NOT NULL;"
    "CREATE INDEX person_phone ON person(phone) WHERE phone IS NOT NULL;"
    "CREATE VIRTUAL TABLE who USING fts5(words, content='', columnsize=0,"
    " prefix='2 3', tokenize=\"unicode61 remove_diacritics 2\");"
    "CREATE TABLE order_of(number TEXT, pid INTEGER, PRIMARY KEY(number, pid)) WITHOUT ROWID;"

    "CREATE TABLE moment(n INTEGER PRIMARY KEY, pid INTEGER NOT NULL, at INTEGER NOT NULL,"
    " stamp INTEGER NOT NULL, kind INTEGER NOT NULL, word INTEGER NOT NULL, manner INTEGER,"
    " request BLOB, body BLOB NOT NULL);"
    "CREATE INDEX moment_of ON moment(pid, at);"
    "CREATE TABLE voice(n INTEGER PRIMARY KEY, pid INTEGER NOT NULL, at INTEGER NOT NULL,"
    " score INTEGER NOT NULL, has_words INTEGER NOT NULL, event BLOB NOT NULL);"
    "CREATE INDEX voice_score ON voice(score, at);"
    "CREATE UNIQUE INDEX voice_of ON voice(pid, at, event);"
    "CREATE TABLE told(n INTEGER PRIMARY KEY, pid INTEGER NOT NULL, at INTEGER NOT NULL,"
    " team INTEGER NOT NULL);"
    "CREATE INDEX told_at ON told(at);"
    "CREATE INDEX told_of ON told(pid);"

    "CREATE TABLE day(programme INTEGER, day INTEGER, status INTEGER, count INTEGER NOT NULL,"
    " PRIMARY KEY(day, programme, status)) WITHOUT ROWID;"
    "CREATE TABLE programme(programme INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
    " owner TEXT NOT NULL);"

    "CREATE TABLE waiting(pid INTEGER, request TEXT, programme INTEGER NOT NULL,"
    " possible INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY(pid, request)) WITHOUT ROWID;"
    "CREATE TABLE planned(programme INTEGER, day INTEGER, count INTEGER NOT NULL,"
    " PRIMARY KEY(programme, day)) WITHOUT ROWID;"

    "CREATE TABLE task(id TEXT PRIMARY KEY, pid INTEGER NOT NULL, at INTEGER NOT NULL,"
    " stamp INTEGER NOT NULL, owner INTEGER NOT NULL, is_open INTEGER NOT NULL, due INTEGER NOT "
    "NULL,"
    " expires INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX task_due ON task(due) WHERE is_open;"
    "CREATE INDEX task_owner ON task(owner, due) WHERE is_open;"
    "CREATE INDEX task_of ON task(pid);"
    "CREATE TABLE desk_task(id TEXT, pid INTEGER, due INTEGER NOT NULL, body BLOB NOT NULL,"
    " PRIMARY KEY(id, pid)) WITHOUT ROWID;"
    "CREATE INDEX desk_task_of ON desk_task(pid);"
    "CREATE TABLE task_end(id TEXT, topic INTEGER, pid INTEGER NOT NULL, at INTEGER NOT NULL,"
    " stamp INTEGER NOT NULL, PRIMARY KEY(id, topic, pid)) WITHOUT ROWID;"
    "CREATE INDEX task_end_of ON task_end(pid);"

    "CREATE TABLE lift(programme TEXT, variant TEXT, people INTEGER NOT NULL,"
    " heard INTEGER NOT NULL, held INTEGER NOT NULL, mean REAL, mean_held REAL, lift REAL,"
    " low REAL, high REAL, PRIMARY KEY(programme, variant)) WITHOUT ROWID;"

    "CREATE TABLE item(n INTEGER PRIMARY KEY, pid INTEGER NOT NULL, id TEXT NOT NULL,"
    " score INTEGER NOT NULL, kind INTEGER NOT NULL, source INTEGER NOT NULL,"
    " state INTEGER NOT NULL, product INTEGER NOT NULL);"
    "CREATE UNIQUE INDEX item_id ON item(pid, id);"
    "CREATE TABLE item_text(n INTEGER PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL,"
    " body BLOB NOT NULL);"
    "CREATE TABLE item_tag(tag INTEGER, n INTEGER, PRIMARY KEY(tag, n)) WITHOUT ROWID;"
    "CREATE INDEX item_tag_of ON item_tag(n);"
    "CREATE VIRTUAL TABLE said USING fts5(title, text, content='item_text', content_rowid='n',"
    " prefix='2 3', tokenize=\"unicode61 remove_diacritics 2\");"
    "CREATE TABLE unsaid(n INTEGER PRIMARY KEY);"

    "CREATE TABLE erased(who BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;";
