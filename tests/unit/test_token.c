/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_token.c - bytes to words: strings, escapes, comments, and lines that are no text. */
#include "language.h"

static void words(void **state)
{
	struct command command = parsed("\t server \t write  \"a\" # and a comment", SIDE_NONE);

	(void)state;
	assert_int_equal(command.op, OP_WRITE);
	assert_string_equal(command.text, "server \t write  \"a\"");
	command_clear(&command);
	command = parsed("expect server recvq>=10", SIDE_NONE);
	assert_string_equal(condition_arg(&command.cond, "OP")->text, ">=");
	command_clear(&command);
	command = parsed("server close#now", SIDE_NONE);
	assert_string_equal(command.text, "server close");
	command_clear(&command);
	command = parsed("server write \"#\"#x", SIDE_NONE);
	assert_string_equal(command_arg(&command, "DATA")->text, "#");
	assert_string_equal(command.text, "server write \"#\"");
	command_clear(&command);
}

static void nothing(void **state)
{
	static const char *const lines[] = {"", "  ", "\t", "#", "  # open", "#\""};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct command command = parsed(lines[i], SIDE_NONE);

		assert_int_equal(command.op, OP_NONE);
		assert_string_equal(command.text, "");
		command_clear(&command);
	}
}

static void assert_data(const char *line, const char *bytes, size_t len)
{
	struct command command = parsed(line, SIDE_NONE);
	const struct arg *data = command_arg(&command, "DATA");

	assert_non_null(data);
	assert_int_equal(data->len, len);
	assert_int_equal(data->num, len);
	assert_memory_equal(data->text, bytes, len);
	assert_int_equal(data->text[len], 0);
	command_clear(&command);
}

static void escapes(void **state)
{
	(void)state;
	assert_data("c write \"\"", "", 0);
	assert_data("c write \"a\\n\\t\\r\\\\\\\"\"", "a\n\t\r\\\"", 6);
	assert_data("c write \"\\a\\b\\v\\f\\'\\?\"", "\a\b\v\f'?", 6);
	assert_data("c write \"\\0\"", "\0", 1);
	assert_data("c write \"\\x41\\x4\\x414\"",
		    "A\x04"
		    "A4",
		    4);
	assert_data("c write \"\\xfF\\377\"", "\xff\xff", 2);
	/* At most three octal digits: the fourth is a digit. */
	assert_data("c write \"\\0018\\1012\"",
		    "\001"
		    "8A2",
		    4);
	assert_data("c write \"gr\xc3\xbc\xc3\x9f\"", "gr\xc3\xbc\xc3\x9f", 6);
}

/* What text_escape writes, the parser reads back: all bytes, every pair. */
static void escape_round_trip(void **state)
{
	char bytes[3], text[64], line[96];

	(void)state;
	for (int a = 0; a < 256; a++)
		for (int b = 0; b < 256; b += a % 16 ? 17 : 1) {
			bytes[0] = (char)a;
			bytes[1] = (char)b;
			bytes[2] = '7';
			text_escape(bytes, 3, true, text, sizeof(text));
			snprintf(line, sizeof(line), "c write \"%s\"", text);
			assert_data(line, bytes, 3);
		}
}

static void bad_strings(void **state)
{
	(void)state;
	assert_mistake("c write \"abc", "the string that starts in column 9 has no closing quote");
	assert_mistake("c write \"abc\\",
		       "the string that starts in column 9 has no closing quote");
	assert_mistake("c write \"abc\\\"",
		       "the string that starts in column 9 has no closing quote");
	assert_mistake("c write \"a\\qb\"",
		       "unknown escape `\\q` in column 11: use \\n \\t \\r \\0 "
		       "\\\\ \\\" \\xHH or \\ooo");
	assert_mistake("c write \"\\x\"", "unknown escape `\\x` in column 10: use \\n \\t \\r \\0 "
					  "\\\\ \\\" \\xHH or \\ooo");
	/* A byte has 256 values. */
	assert_mistake("c write \"\\777\"",
		       "unknown escape `\\7` in column 10: use \\n \\t \\r \\0 "
		       "\\\\ \\\" \\xHH or \\ooo");
	/* Columns are characters. */
	assert_mistake("c write \"\xc3\xbc\" \"",
		       "the string that starts in column 13 has no closing quote");
}

static void assert_bytes_refused(const char *bytes, size_t len, const char *text)
{
	struct command command;
	struct err err = {{0}, 0, {0}};

	assert_int_equal(command_parse(bytes, len, SIDE_NONE, &command, &err), -1);
	assert_string_equal(err.text, text);
	command_clear(&command);
}

static void no_text(void **state)
{
	(void)state;
	assert_bytes_refused("open\0x", 6, "a NUL byte in column 5: this is not text");
	assert_bytes_refused("open \x01", 6, "a control character (0x01) in column 6");
	assert_bytes_refused("# \x1b[2J", 6, "a control character (0x1b) in column 3");
	assert_bytes_refused("open \xc2\x9b", 7, "a control character (U+009B) in column 6");
	assert_bytes_refused("\xff\xfe", 2, "byte 0xff in column 1 is not UTF-8");
	assert_bytes_refused("# \xc3\xbc \xc3", 6, "byte 0xc3 in column 5 is not UTF-8");
	/* Overlong, a surrogate, past the last character. */
	assert_bytes_refused("\xc0\xaf", 2, "byte 0xc0 in column 1 is not UTF-8");
	assert_bytes_refused("\xe0\x9f\xbf", 3, "byte 0xe0 in column 1 is not UTF-8");
	assert_bytes_refused("\xed\xa0\x80", 3, "byte 0xed in column 1 is not UTF-8");
	assert_bytes_refused("\xf4\x90\x80\x80", 4, "byte 0xf4 in column 1 is not UTF-8");
}

static void limits(void **state)
{
	size_t size = 65536;
	char *line = malloc(size + 2);
	struct command command;
	struct err err = {{0}, 0, {0}};

	(void)state;
	memset(line, 'a', size + 1);
	memcpy(line, "c write \"", 9);
	line[size - 1] = '"';
	assert_int_equal(command_parse(line, size, SIDE_NONE, &command, &err), 0);
	assert_int_equal(command_arg(&command, "DATA")->len, size - 10);
	command_clear(&command);
	assert_bytes_refused(line, size + 1, "the line is longer than 64 KiB");
	memset(line, 'a', size);
	assert_int_equal(command_parse(line, size, SIDE_NONE, &command, &err), -1);
	assert_true(strlen(err.text) < 200);
	command_clear(&command);
	for (size_t i = 0; i < size; i++)
		line[i] = i % 2 ? ' ' : 'a';
	assert_bytes_refused(line, 127, "unknown command `a`; `help` lists them");
	assert_bytes_refused(line, 129, "more than 64 words on one line");
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),       cmocka_unit_test(nothing),
		cmocka_unit_test(escapes),     cmocka_unit_test(escape_round_trip),
		cmocka_unit_test(bad_strings), cmocka_unit_test(no_text),
		cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
