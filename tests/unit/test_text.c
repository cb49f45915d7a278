/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_text.c - bytes to printable text, words to sizes and times. */
#include "language.h"

static void assert_escaped(const char *bytes, size_t len, bool utf8, const char *want)
{
	char out[128];

	assert_string_equal(text_escape(bytes, len, utf8, out, sizeof(out)), want);
}

static void escapes(void **state)
{
	(void)state;
	assert_escaped("abc", 3, true, "abc");
	assert_escaped("", 0, true, "");
	assert_escaped("a\n\t\r\"\\", 6, true, "a\\n\\t\\r\\\"\\\\");
	assert_escaped("\a\b\v\f", 4, true, "\\a\\b\\v\\f");
	/* Three digits, so that a digit that follows stays one. */
	assert_escaped("\0"
		       "7",
		       2, true, "\\0007");
	assert_escaped("\x1b[2J\x7f", 5, true, "\\033[2J\\177");
	assert_escaped("gr\xc3\xbc\xc3\x9f", 6, true, "gr\xc3\xbc\xc3\x9f");
	assert_escaped("gr\xc3\xbc\xc3\x9f", 6, false, "gr\\303\\274\\303\\237");
	assert_escaped("\xff\xc3", 2, true, "\\377\\303");
	/* Overlong, a surrogate and a C1 control are no characters to show. */
	assert_escaped("\xc0\xaf", 2, true, "\\300\\257");
	assert_escaped("\xed\xa0\x80", 3, true, "\\355\\240\\200");
	assert_escaped("\xc2\x9b", 2, true, "\\302\\233");
	/* Nor is what turns the text around it. */
	assert_escaped("\xe2\x80\xae", 3, true, "\\342\\200\\256");
	assert_escaped("\xe2\x81\xa6", 3, true, "\\342\\201\\246");
	assert_escaped("\xe2\x80\xa8", 3, true, "\\342\\200\\250");
	assert_escaped("\xe2\x80\xaf", 3, true, "\xe2\x80\xaf");
	assert_escaped("\xe4\xb8\xad\xf0\x9f\x98\x80", 7, true, "\xe4\xb8\xad\xf0\x9f\x98\x80");
}

/* Cut with three dots, terminated, never in the middle of a character or an escape. */
static void cut(void **state)
{
	char out[64];

	(void)state;
	assert_string_equal(text_escape("0123456789", 10, true, out, 14), "0123456789");
	assert_string_equal(text_escape("0123456789", 10, true, out, 10), "012345...");
	assert_string_equal(text_escape("\n\n\n\n", 4, true, out, 8), "\\n\\n...");
	assert_string_equal(text_escape("\xc3\xbc\xc3\xbc\xc3\xbc", 6, true, out, 6),
			    "\xc3\xbc...");
	assert_string_equal(text_escape("abc", 3, true, out, 1), "");
	for (size_t size = 1; size < sizeof(out); size++) {
		char bytes[100];

		memset(bytes, 0xff, sizeof(bytes));
		memset(out, '?', sizeof(out));
		text_escape(bytes, sizeof(bytes), true, out, size);
		assert_non_null(memchr(out, 0, size));
		assert_int_equal(out[size < sizeof(out) ? size : 0], '?');
	}
	assert_ptr_equal(text_escape("abc", 3, true, out, 0), out);
}

static void sizes(void **state)
{
	(void)state;
	assert_int_equal(text_size("0"), 0);
	assert_int_equal(text_size("4096"), 4096);
	assert_int_equal(text_size("64k"), 65536);
	assert_int_equal(text_size("64K"), 65536);
	assert_int_equal(text_size("1M"), 1 << 20);
	assert_int_equal(text_size("1m"), 1 << 20);
	assert_int_equal(text_size(""), -1);
	assert_int_equal(text_size("k"), -1);
	assert_int_equal(text_size("-1"), -1);
	assert_int_equal(text_size("+1"), -1);
	assert_int_equal(text_size(" 1"), -1);
	assert_int_equal(text_size("1kk"), -1);
	assert_int_equal(text_size("1G"), -1);
	assert_int_equal(text_size("1.5k"), -1);
	assert_int_equal(text_size("0x10"), -1);
	assert_int_equal(text_size("99999999999999999999"), -1);
}

static void times(void **state)
{
	(void)state;
	assert_int_equal(text_time("50ms", false), 50 * NS_PER_MS);
	assert_int_equal(text_time("2s", false), 2 * NS_PER_S);
	assert_int_equal(text_time("1.5s", false), 1500 * NS_PER_MS);
	assert_int_equal(text_time("0.25ms", false), 250000);
	assert_int_equal(text_time("0s", false), 0);
	assert_int_equal(text_time("5", false), -1);
	assert_int_equal(text_time("5", true), 5 * NS_PER_S);
	assert_int_equal(text_time("1.5", true), 1500 * NS_PER_MS);
	assert_int_equal(text_time("", true), -1);
	assert_int_equal(text_time("s", true), -1);
	assert_int_equal(text_time("-1s", true), -1);
	assert_int_equal(text_time("1.s", true), -1);
	assert_int_equal(text_time(".5s", true), -1);
	assert_int_equal(text_time("1 s", true), -1);
	assert_int_equal(text_time("1us", true), -1);
	assert_int_equal(text_time("1m", true), -1);
	assert_int_equal(text_time("31536001s", true), -1);
	assert_int_equal(text_time("99999999999999999999s", true), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes),
		cmocka_unit_test(cut),
		cmocka_unit_test(sizes),
		cmocka_unit_test(times),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
