/* name_words.c - the lists of name_internal.h. */
#include <strings.h>

#include "name_internal.h"

enum { WORD_BYTES = 40 };

/* clang-format off */
static const char *const titles[] = {
	"mr", "mrs", "ms", "miss", "mx", "mister", "missus", "messrs", "dr", "drs", "doctor", "prof",
	"professor", "sir", "dame", "rev", "revd", "reverend", "esquire",
	"engr", "atty",
	/* German */
	"herr", "herrn", "hr", "frau", "fr", "frl", "fräulein", "fraeulein", "doktor", "professorin",
	"univprof", "dring", "dipl", "dipling", "diplinform", "diplkfm", "diplkffr", "diplbw", "diplvw",
	"diplpsych", "diplom", "magister", "magistra", "hofrat", "privdoz",
	"freiherr", "freifrau", "freiin", "gräfin",
	/* French */
	"mme", "mmes", "mlle", "monsieur", "madame", "mademoiselle", "docteur", "professeur", "maître", "maitre",
	/* Spanish, Portuguese */
	"sr", "sra", "srta", "srs", "sres", "señor", "señora", "señorita", "senor", "senora",
	"senorita", "dña", "doña", "licenciado", "licenciada", "senhor", "senhora", "dra", "exmo", "exma",
	/* Italian */
	"sig", "sigra", "signa", "signor", "signora", "signore", "signorina", "dott", "dottssa", "dottore",
	"dottoressa", "profssa", "professoressa", "avv", "avvocato", "geom",
	/* Dutch, Danish, Norwegian, Swedish, Finnish */
	"dhr", "mevr", "mevrouw", "mw", "meneer", "fru", "frk", "frøken", "fröken", "herra",
	"rouva", "hra", "rva",
	/* Polish, Czech, Slovak, Hungarian, Turkish, Russian, Indian */
	"pani", "paní", "mgr", "judr", "mudr", "phdr", "rndr", "mvdr", "sayın", "bayan",
	"гн", "Гн", "гжа", "Гжа", "господин", "Господин", "госпожа", "Госпожа", "shri", "smt", "shrimati", NULL};
static const char *const ranks[] = {
	"capt", "captain", "col", "colonel", "gen", "general", "lt", "lieutenant", "major", "sgt", "sergeant",
	"judge", "pastor", "pfarrer", "rabbi", "father", "brother", "sister", "lord", "lady", "pan", "don",
	"baron", "graf", "master", "president", "hon", "mag", "ing", "eng", "ir", "lic", "arq", "rag", "bc", "pr", "me", "mm", "bay",
	"doz", "priv", "egr", "gent", NULL};
static const char *const degrees[] = {
	"phd", "dphil", "md", "mba", "msc", "bsc", "ma", "ba", "bs", "ms", "llm", "llb", "jd", "esq", "cpa", "pe",
	"rn", "dds", "dmd", "edd", "jr", "jun", "junior", "sr", "sen", "senior", "ii", "iii", "iv", "2nd", "3rd",
	"4th", "mp", "obe", "mbe", "cbe", "frs", "emba", "beng", "meng", "bed", "fils", "père", "filho", "neto",
	"ret", "csc", NULL};
static const char *const subjects[] = {
	"med", "phil", "rer", "nat", "jur", "iur", "habil", "oec", "pol", "theol", "vet", "dent", "ing", "hc",
	"techn", "soc", "publ", "univ", "mult", "dr", "prof", NULL};
static const char *const particles[] = {
	"van", "von", "vom", "zu", "zum", "zur", "de", "der", "den", "del", "della", "dello", "dei", "degli",
	"di", "da", "do", "dos", "das", "du", "des", "la", "le", "las", "los", "el", "al", "ter", "ten", "te",
	"af", "av", "bin", "ibn", "bint", "ben", "abu", "st", "d", "t", "het", "'t", "ap", NULL};
/* Of these, with a capital as well: nobody is called "Von" or "De" alone. */
static const char *const never_given[] = {
	"von", "vom", "zu", "zum", "zur", "de", "der", "del", "dello", "dei", "degli", "du", "la", "le", "las",
	"los", "dos", "ter", "te", "af", "av", "ibn", "bint", "st", "d", "t", "het", "'t", NULL};
static const char *const joints[] = {"&", "+", "and", "und", "et", "en", "og", "och", "ja", "oder", "or", NULL};
static const char *const between[] = {"y", "e", "i", NULL};
static const char *const firms[] = {
	"ltd", "limited", "inc", "llc", "llp", "plc", "corp", "corporation", "company", "gmbh", "ag", "kg", "ohg",
	"gbr", "ug", "mbh", "sarl", "sas", "srl", "spa", "bv", "nv", "oy", "ab", "sro", NULL};
static const char *const nobodies[] = {
	"the", "hotel", "restaurant", "family", "familie", "fam", "famille", "familia", "famiglia", "firma", "firm", "eheleute", "ehepaar",
	"household", "test", "tester", "testing", "testuser", "unknown", "anonymous", "anonym", "null",
	"undefined", "customer", "guest", "user", "username", "admin", "administrator", "info", "noname",
	"firstname", "lastname", "surname", "vorname", "nachname", "prénom", "prenom", "nombre", "kunde",
	"kundin", "gast", "unbekannt", "inconnu", "desconocido", "sconosciuto", "client", "xxx", "asdf", "qwerty",
	"qwertz", "dear", "team", "office", "service", "support", "noreply", "webmaster", NULL};
static const char *const placeholders[] = {
	"n/a", "n.a", "na", "n a", "nan", "none", "nil", "no", "no name", "not given", "not available", "not known",
	"not provided", "tbd", "tba", "x", "xx", "k.a", "k. a", "keine", "keine angabe", "kein name",
	"ohne name", "sin nombre", "sans nom", "name", "your name", "full name", "first last", "first name",
	"first name last name", "vorname nachname", "max mustermann", "john doe", "jane doe", "ann example", "foo",
	"foo bar", "bar", "abc", "aaa", "a", "-", "false", "true", "empty", "blank", NULL};
/* clang-format on */

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++) {
		/* Hundreds are asked of every name: most differ at once, in more than their case. */
		if ((((*list)[0] ^ word[0]) & ~0x20) == 0 && strcasecmp(word, *list) == 0)
			return true;
	}
	return false;
}

/* "Dipl.-Ing." and "DiplIng" are one word. False: too long for any. */
static bool squeeze(struct slice word, const char *left_out, char ret[WORD_BYTES])
{
	size_t len = 0;

	for (size_t i = 0; i < word.len; i++) {
		if (word.bytes[i] && strchr(left_out, word.bytes[i]))
			continue;
		if (len + 1 == WORD_BYTES)
			return false;
		ret[len++] = (char)word.bytes[i];
	}
	ret[len] = '\0';
	return true;
}

enum name_word name_word(struct slice word)
{
	static const struct {
		const char *const *list;
		enum name_word kind;
	} lists[] = {
	    {joints, NAME_JOINT},    {nobodies, NAME_NOBODY},    {firms, NAME_FIRM},
	    {titles, NAME_TITLE},    {ranks, NAME_RANK},         {degrees, NAME_DEGREE},
	    {between, NAME_BETWEEN}, {particles, NAME_PARTICLE}, {subjects, NAME_SUBJECT},
	};
	char text[WORD_BYTES];

	if (!squeeze(word, ".-", text) || !text[0])
		return NAME_PLAIN;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (is_one_of(text, lists[i].list))
			return lists[i].kind;
	return NAME_PLAIN;
}

bool name_is_never_given(struct slice particle)
{
	char text[WORD_BYTES];

	return squeeze(particle, ".-", text) && is_one_of(text, never_given);
}

bool name_is_placeholder(struct slice name)
{
	char text[WORD_BYTES];

	while (name.len && strchr(".-!", name.bytes[name.len - 1]))
		name.len--;
	return squeeze(name, "\"'()", text) && (!text[0] || is_one_of(text, placeholders));
}
