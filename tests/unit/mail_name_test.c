/* Who is greeted by which name, and who by none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/mail/name.h"

/* clang-format off */
static const struct {
	const char *name, *first;
} greeted[] = {
	{"Ann Archer", "Ann"}, {"Ann", "Ann"}, {" Ann  Archer ", "Ann"}, {"Ann Maria Archer", "Ann"},
	{"Jean-Pierre Dupont", "Jean-Pierre"}, {"D'Arcy Wood", "D'Arcy"}, {"Siân O’Neil", "Siân"},
	{"ANN ARCHER", "ANN"}, {"ann archer", "ann"}, {"Ann\u00a0Archer", "Ann"},
	/* titles, with dots and without */
	{"Dr Ann Archer", "Ann"}, {"Dr. Ann Archer", "Ann"}, {"Ms Ann Archer", "Ann"},
	{"Mr. Bob Archer", "Bob"}, {"Herr Kurt Klein", "Kurt"}, {"HERR KURT KLEIN", "KURT"},
	{"Frau Dr. Eva Stein", "Eva"}, {"Frau Dr Eva Stein", "Eva"}, {"Herrn Prof. Dr. Kurt Klein", "Kurt"},
	{"Dipl.-Ing. Kurt Klein", "Kurt"}, {"Dipl.-Ing. (FH) Kurt Klein", "Kurt"}, {"Dr.-Ing. Kurt Klein", "Kurt"},
	{"Dr. med. Eva Stein", "Eva"}, {"Dr rer nat Eva Stein", "Eva"}, {"Univ.-Prof. Dr. Eva Stein", "Eva"},
	{"Mag. Eva Stein", "Eva"}, {"Mag Eva Stein", "Eva"}, {"Ing. Jan Novák", "Jan"}, {"Fräulein Eva Stein", "Eva"},
	{"Mme Claire Dubois", "Claire"}, {"M. Paul Dubois", "Paul"}, {"M Paul Dubois", "Paul"},
	{"Monsieur Paul Dubois", "Paul"}, {"Mlle Claire Dubois", "Claire"}, {"Maître Paul Dubois", "Paul"},
	{"Sr. Juan Pérez", "Juan"}, {"Sra Ana Pérez", "Ana"}, {"Señora Ana Pérez", "Ana"}, {"Dña. Ana Pérez", "Ana"},
	{"Sig.ra Anna Rossi", "Anna"}, {"Dott. Marco Rossi", "Marco"}, {"Dott.ssa Anna Rossi", "Anna"},
	{"Avv. Marco Rossi", "Marco"}, {"Dhr. Jan Jansen", "Jan"}, {"Mevrouw Eva Jansen", "Eva"},
	{"Fru Eva Hansen", "Eva"}, {"Pani Anna Nowak", "Anna"}, {"Pan Jan Nowak", "Jan"},
	{"Господин Иван Петров", "Иван"}, {"Sir Ian Holm", "Ian"}, {"Captain Ann Archer", "Ann"},
	{"Engr Jose Cruz", "Jose"}, {"Graf Anton von Stein", "Anton"}, {"Steffi Graf", "Steffi"},
	{"Rev. Ann Archer", "Ann"}, {"Major Smith", "Major"}, {"Pan Wei", "Pan"},
	/* initials */
	{"J. Robert Oppen", "Robert"}, {"J Robert Oppen", "Robert"}, {"Ann B. Archer", "Ann"},
	/* the family first */
	{"Archer, Ann", "Ann"}, {"Archer,Ann", "Ann"}, {"van der Sar, Edwin", "Edwin"},
	{"Van Der Sar, Edwin", "Edwin"}, {"von und zu Stein, Eva", "Eva"}, {"De La Cruz, Maria Luisa", "Maria"},
	{"Archer, Ann, PhD", "Ann"}, {"Archer, Ann, Ph.D.", "Ann"}, {"Archer, Dr. Ann", "Ann"},
	{"Archer, Mrs Ann", "Ann"}, {"Archer Jr., Bob", "Bob"}, {"Stein, Frau Dr. Eva", "Eva"},
	{"García Márquez, Gabriel", "Gabriel"}, {", Ann", "Ann"},
	/* what stands behind */
	{"Ann Archer, PhD", "Ann"}, {"Ann Archer, MD, MBA", "Ann"}, {"Bob Archer Jr.", "Bob"},
	{"Bob Archer III", "Bob"}, {"Bob Archer, Jr.", "Bob"}, {"Dr. Ann Archer, Esq.", "Ann"},
	{"Edwin van der Sar", "Edwin"}, {"Ludwig von Stein", "Ludwig"}, {"José Ortega y Gasset", "José"}, {"And Other", "And"}, {"Ja Rule", "Ja"}, {"En Li", "En"},
	{"Van Morris", "Van"}, {"Al Pace", "Al"}, {"Judith Guest", "Judith"}, {"Christopher Null", "Christopher"},
	{"Ann \"Annie\" Archer", "Ann"}, {"Ann (work) Archer", "Ann"}, {"Ann 🌸 Archer", "Ann"}, {"🌸 Ann", "Ann"},
	/* other scripts; where the family comes first the whole name */
	{"Иван Петров", "Иван"}, {"مريم الزهراء", "مريم"}, {"Νίκος Παππάς", "Νίκος"}, {"李小龍 🐉", "李小龍"},
	{"山田 太郎", "山田 太郎"}, {"山田　太郎", "山田　太郎"}, {"김 민준", "김 민준"},
};
static const char *const shown_only[] = {
	/* two people, or a family */
	"Mr & Mrs Archer", "Mr and Mrs Archer", "Mr and Mrs Bob Archer", "MR AND MRS BOB ARCHER", "Ann AND Bob", "Ann & Bob", "Ann & Bob Archer", "Ann and Bob Archer",
	"Ann und Kurt Klein", "Herr und Frau Klein", "Ann + Bob", "Ann et Paul Dubois", "Ana y Juan", "Familie Klein",
	"The Archers & Co",
	/* a title and a family, or no more than letters */
	"Dr Archer", "Dr. Archer", "Frau Klein", "Mme Dubois", "A. Archer", "A Archer", "J. R. Archer", "Mrs", "Dr.",
	"Prof. Dr.", "Archer, Mrs", "Archer, A.", "Archer,", "J.", "J",
	/* families, firms, others */
	"von Stein", "van der Sar", "De La Cruz", "al-Farsi", "Al-Farsi Omar", "Archer Ltd", "Stein GmbH",
	"Stein GmbH & Co. KG", "Hotel Stein", "Test User", "Guest 1", "Unknown Customer", "Archer, Ann, Bob",
	"The Archers", "Freiherr von Stein", "De Vries", "Von Stein", "Du Pont", "La Rue",
	"🌸", "🌸🌸 🌸", "Ann.Archer", "Info Archer",
};
static const char *const nobody[] = {
	"", " ", "-", "--", "...", "N/A", "n/a", "n.a.", "None", "none", "NULL?", "Name", "Your Name", "First Last", "John Doe", "x", "K.A.",
	/* links and addresses */
	"http://evil.example", "Ann http://evil.example", "https://evil.example/x Ann", "www.evil.example",
	"Ann www.evil.example", "evil.com", "Ann evil.com", "bit.ly", "Win at bit.ly/x", "Ann shop.example now",
	"EVIL.COM", "Ann EVIL.EXAMPLE", "Evil.Com", "Ann evil。com", "Ann evil．com",
	"ann@mail.example", "Ann <ann@mail.example>", "Ann: call 555", "Visit evil．com?",
	/* markup and formulas */
	"<b>Ann</b>", "<script>alert('x')</script>", "{{name}}", "${name}", "=1+1", "[Ann]", "Ann*", "%s%s", "Ann;", "Ann|Bob",
	/* what nobody sees, and what turns the text around */
	"Ann\u202eArcher", "\u2067Ann", "Ann\u200b", "A\u200cnn", "A\u200dnn", "\ufeff" "Ann", "An\u00adn", "\u061c" "Ann",
	"Ann\u2060", "Ann\xc2\x85", "Ann\nBcc: x", "Ann\x01", "\u3164", "\u2800", "Ann\U000e0041", "Ann\ufffd", "\xff", "Ann \xc3\x28",
	/* sentences and numbers */
	"You have won a prize so call us now and be rich", "Win 1000 now", "0664 1234567", "Congratulations! Ann",
	"Ann has 500 EUR for you",
};
/* clang-format on */

static int wrong;

static void check(const char *name, const char *first, bool is_shown)
{
	struct slice found = name_first(slice_text(name));

	if (!slice_equal(found, slice_text(first)))
		print_message("\"%s\" is greeted \"%.*s\", expected \"%s\"\n", name,
			      SLICE_ARGS(found), first);
	wrong += !slice_equal(found, slice_text(first));
	if ((name_shown(slice_text(name)).len > 0) != is_shown)
		print_message("\"%s\" is %s\n", name, is_shown ? "not shown" : "shown");
	wrong += (name_shown(slice_text(name)).len > 0) != is_shown;
}

static void by_first_names(void **state)
{
	(void)state;
	wrong = 0;
	for (size_t i = 0; i < sizeof(greeted) / sizeof(*greeted); i++)
		check(greeted[i].name, greeted[i].first, true);
	assert_int_equal(wrong, 0);
}

static void by_none(void **state)
{
	(void)state;
	wrong = 0;
	for (size_t i = 0; i < sizeof(shown_only) / sizeof(*shown_only); i++)
		check(shown_only[i], "", true);
	for (size_t i = 0; i < sizeof(nobody) / sizeof(*nobody); i++)
		check(nobody[i], "", false);
	assert_int_equal(wrong, 0);
}

static void bounded(void **state)
{
	char name[NAME_SHOWN_MAX_BYTES + 2];

	(void)state;
	wrong = 0;
	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	check(name, "", false);
	name[NAME_SHOWN_MAX_BYTES] = '\0';
	check(name, "", true);
	name[NAME_FIRST_MAX_BYTES] = '\0';
	check(name, name, true);
	for (size_t i = 1; i < NAME_FIRST_MAX_BYTES; i += 2)
		name[i] = ' ';
	check(name, "", false);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(by_first_names),
	    cmocka_unit_test(by_none),
	    cmocka_unit_test(bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
