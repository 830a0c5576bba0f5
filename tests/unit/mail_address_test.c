/* Which addresses are the same mailbox, and how they go over the wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/mail/address.h"
#include "common/mail/inbox.h"

static const struct {
	const char *a, *b;
	bool is_equal;
} pairs[] = {
    {"ann@mail.example", "ann@mail.example", true},
    /* RFC 4343: domains do not differ by case, and local parts do nowhere that anybody has seen */
    {"kit@mail.example", "kit@MAIL.example", true},
    {"kit@mail.example", "kit@Mail.EXAMPLE", true},
    {"kit@mail.example", "Kit@mail.example", true},
    {"KIT@mail.example", "kit@MAIL.example", true},
    {"kit@mail.example", "kit@mail2.example", false},
    {"kit@mail.example", "kat@mail.example", false},
    /* RFC 5890: U-labels and A-labels, and IDNA's mapping of capitals */
    {"ann@b\xc3\xbc"
     "cher.example",
     "ann@xn--bcher-kva.example", true},
    {"ann@B\xc3\x9c"
     "CHER.example",
     "ann@XN--BCHER-KVA.example", true},
    {"ann@bu\xcc\x88"
     "cher.example",
     "ann@xn--bcher-kva.example", true},
    {"ann@xn--bcher-kva.example", "ann@xn--bcher-kvb.example", false},
    {"ann@fu\xc3\x9f.example", "ann@fuss.example", false},
    /* RFC 6532 3.1: NFC, composed or not */
    {"jos\xc3\xa9@mail.example", "jose\xcc\x81@MAIL.example", true},
    {"jos\xc3\xa9.x@mail.example", "jose\xcc\x81.x@mail.example", true},
    {"jos\xc3\xa9@mail.example", "JOSE\xcc\x81@mail.example", true},
    {"jos\xc3\xa9@mail.example", "Jos\xc3\x89@mail.example", true},
    {"jos\xc3\xa9@mail.example", "jose@mail.example", false},
    {"jos\xc3\xa9@mail.example", "jos\xc3\xa8@mail.example", false},
    {"\xe7\x94\xa8\xe6\x88\xb7@mail.example", "\xe7\x94\xa8\xe6\x88\xb7@Mail.example", true},
    /* what is none is only its own bytes */
    {"", "", true},
    {"nobody", "nobody", true},
    {"nobody", "NOBODY", false},
    {"ann@mail.example", "", false},
    {"ann@mail.example.", "ann@mail.example", false},
};

static void the_same_however_it_is_written(void **state)
{
	char one[INBOX_KEY_BYTES], other[INBOX_KEY_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct slice a = slice_text(pairs[i].a), b = slice_text(pairs[i].b);

		if (address_equal(a, b) != pairs[i].is_equal ||
		    address_equal(b, a) != pairs[i].is_equal)
			fail_msg("%s and %s", pairs[i].a, pairs[i].b);
		/* Whose bounces are one is one inbox. */
		if (inbox_key(a, one) && inbox_key(b, other) &&
		    (strcmp(one, other) == 0) != pairs[i].is_equal)
			fail_msg("%s and %s are %s and %s", pairs[i].a, pairs[i].b, one, other);
	}
}

static void over_the_wire_in_one_writing(void **state)
{
	struct address address;

	(void)state;
	assert_true(address_read(slice_text("Ann@B\xc3\xbc"
					    "cher.EXAMPLE"),
				 &address));
	assert_string_equal(address.text, "Ann@xn--bcher-kva.example");
	assert_string_equal(address.domain, "xn--bcher-kva.example");
	assert_true(address_read(slice_text("Ann@Mail.EXAMPLE"), &address));
	assert_string_equal(address.text, "Ann@mail.example");
	assert_false(address_read(slice_text("ann"), &address));
}

static void hosts(void **state)
{
	(void)state;
	assert_true(host_name_equal(slice_text("b.l\xc3\xa4"
					       "den.example"),
				    slice_text("B.xn--lden-loa.example")));
	assert_true(host_name_equal(slice_text("LOCALHOST"), slice_text("localhost")));
	assert_false(host_name_equal(slice_text("localhost"), slice_text("localhos")));
	assert_false(host_name_equal(slice_text("a.example"), slice_text("b.example")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_however_it_is_written),
	    cmocka_unit_test(over_the_wire_in_one_writing),
	    cmocka_unit_test(hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
