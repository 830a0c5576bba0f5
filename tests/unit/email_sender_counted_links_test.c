/* Counted links: which of them are led past our pages, and that all else stays as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/token/click_token.h"
#include "services/email-sender/compose/counted_links.h"

#define KEY slice_text("0123456789abcdef")
#define BASE "https://care.shop.example"
#define LONG_PATH "pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp"

/*
 * The HTML after it was led, with each token written as {name=address} in its place, so that a test
 * can say what it expects.
 */
static const char *led(const char *html)
{
	static const struct token_keys keys = {.now = {(const uint8_t *)"0123456789abcdef", 16}};
	static char ret[8192];
	const struct counted_links links = {KEY, BASE, "5d41402abc4b2a76b9719d911017c592",
					    slice_text("ann")};
	static const char mark[] = BASE CLICK_PATH;
	struct buf out = BUF_MAX(8192), shown = BUF_MAX(sizeof(ret) - 1);
	const char *at, *link;
	struct click click;
	struct err err;

	counted_links_write(&links, slice_text(html), &out);
	assert_false(buf_failed(&out));
	for (at = out.bytes ? out.bytes : ""; (link = strstr(at, mark)); at = link) {
		size_t len;

		buf_add(&shown, at, (size_t)(link - at));
		link += sizeof(mark) - 1;
		len = strcspn(link, "\"");
		assert_int_equal(click_token_open(&keys, slice_of(link, len), &click, &err), 0);
		assert_string_equal(click.customer, "ann");
		assert_string_equal(click.message, "5d41402abc4b2a76b9719d911017c592");
		buf_printf(&shown, "{%s=%s}", click.link, click.url);
		link += len;
	}
	buf_text(&shown, at);
	assert_false(buf_failed(&shown));
	snprintf(ret, sizeof(ret), "%s", shown.bytes ? shown.bytes : "");
	buf_free(&out);
	buf_free(&shown);
	return ret;
}

static void links_are_led(void **state)
{
	static const struct {
		const char *html, *led;
	} cases[] = {
	    {"<p>see <a href=\"https://shop.example/tents?a=1#b\">tents</a>.</p>",
	     "<p>see <a "
	     "href=\"{shop.example/tents=https://shop.example/tents?a=1#b}\">tents</a>.</p>"},
	    {"<a class='b' href='http://shop.example' title=\"x>y\">t</a>",
	     "<a class='b' href=\"{shop.example=http://shop.example}\" title=\"x>y\">t</a>"},
	    {"<A\n HREF = https://shop.example/a target=_blank>t</A>",
	     "<A\n HREF = \"{shop.example/a=https://shop.example/a}\" target=_blank>t</A>"},
	    {"<a href=\"https://shop.example/?a=1&amp;b=2&c=3&copy=4&#38;d&#x26;e\">t</a>",
	     "<a href=\"{shop.example/=https://shop.example/?a=1&b=2&c=3&copy=4&d&e}\">t</a>"},
	    {"<a href=\"https://shop.example/?q=&#39;x&#39;&quot;\">t</a>",
	     "<a href=\"{shop.example/=https://shop.example/?q='x'\"}\">t</a>"},
	    {"<a href=\" https://shop.example/a \" data-link=\"main button\">t</a>",
	     "<a href=\"{main button=https://shop.example/a}\" data-link=\"main button\">t</a>"},
	    {"<a data-link='b &amp; c' href=\"https://shop.example/a\">t</a>",
	     "<a data-link='b &amp; c' href=\"{b & c=https://shop.example/a}\">t</a>"},
	    {"<a href=\"https://a.example/1\">1</a><a href=\"https://a.example/2\">2</a>",
	     "<a href=\"{a.example/1=https://a.example/1}\">1</a>"
	     "<a href=\"{a.example/2=https://a.example/2}\">2</a>"},
	    {"<a href=\"https://a.example/1\" href=\"https://a.example/2\">1</a>",
	     "<a href=\"{a.example/1=https://a.example/1}\" href=\"https://a.example/2\">1</a>"},
	    {"<a href=\"https://a.example/" LONG_PATH "\">1</a>",
	     "<a href=\"{a.example/pppppppppppppppppppppppppppppppppppppppppppppppppppppp="
	     "https://a.example/" LONG_PATH "}\">1</a>"},
	    {"<a href=\"https://care.shop.example.evil.example/\">t</a>",
	     "<a "
	     "href=\"{care.shop.example.evil.example/=https://care.shop.example.evil.example/}\">t"
	     "</a>"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(led(cases[i].html), cases[i].led);
}

static void all_else_stays(void **state)
{
	static const char *const cases[] = {
	    "",
	    "text, https://shop.example/ and a < b, <",
	    "<a>",
	    "<a href>t</a>",
	    "<a href=>t</a>",
	    "<a href=\"\">t</a>",
	    "<a href=\"mailto:care@shop.example?subject=A%20question\">t</a>",
	    "<a href=\"" BASE "\">t</a>",
	    "<a href=\"" BASE "/p/v1.x.y\">t</a>",
	    "<a href=\"" BASE "?lang=de\">t</a>",
	    "<a href=\"javascript:alert(1)\">t</a>",
	    "<a href=\"#top\">t</a>",
	    "<a href=\"https://b\xc3\xbc\x63her.example/\">t</a>",
	    "<a href=\"https://shop.example/a b\">t</a>",
	    "<a href=\"https://shop.example/&#10;x\">t</a>",
	    "<a href=\"https://shop.example/k&auml;se\">t</a>",
	    "<abbr href=\"https://shop.example/\">t</abbr>",
	    "<img alt='<a href=\"https://shop.example/\">' src=\"https://shop.example/i.png\">",
	    "<!-- <a href=\"https://shop.example/\">t</a> -->",
	    "<!-- no end <a href=\"https://shop.example/\">",
	    "<link rel=x href=\"https://shop.example/\">",
	    "<a title=\"href=https://shop.example/\" name=href>",
	    "<a data-href=\"https://shop.example/\">",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(led(cases[i]), cases[i]);
}

/* What ends in the middle of a tag is sent as it is, and not read beyond its end. */
static void cut_anywhere(void **state)
{
	static const char whole[] =
	    "<p><a class=x data-link='n' href=\"https://shop.example/?a&amp;b\">t</a><!-- c -->";
	char html[sizeof(whole)];

	(void)state;
	for (size_t len = 0; len < sizeof(whole); len++) {
		memcpy(html, whole, len);
		html[len] = '\0';
		if (len <= (size_t)(strstr(whole, ">t<") - whole))
			assert_string_equal(led(html), html);
		else
			assert_non_null(strstr(led(html), "{n=https://shop.example/?a&b}"));
	}
}

static void a_link_too_long_stays(void **state)
{
	char html[CLICK_URL_MAX_BYTES + 100] = "<a href=\"https://shop.example/";
	size_t len = strlen(html), most = strlen("<a href=\"") + CLICK_URL_MAX_BYTES;

	(void)state;
	memset(html + len, 'x', most - len);
	memcpy(html + most, "\">", 3);
	assert_non_null(strstr(led(html), "{shop.example/xx"));
	memcpy(html + most, "x\">", 4);
	assert_string_equal(led(html), html);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(links_are_led),
	    cmocka_unit_test(all_else_stays),
	    cmocka_unit_test(cut_anywhere),
	    cmocka_unit_test(a_link_too_long_stays),
	};

	return cmocka_run_group_tests_name("counted links", tests, NULL, NULL);
}
