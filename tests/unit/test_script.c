/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_script.c - files of commands: understood whole, or refused with the line. */
#include "language.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *refused(const char *text, size_t len)
{
	static char line[1024];
	struct script script;
	struct err err;

	assert_int_equal(script_parse("x.lab", text, len, &script, &err), -1);
	assert_null(script.commands);
	assert_int_equal(script.count, 0);
	return err_format(&err, line, sizeof(line));
}

static void whole(void **state)
{
	static const char text[] = "# the first\n\nopen\r\n  client close  # now\n"
				   "expect server recvq 1\nserver write \"123\"";
	struct script script;
	struct err err;

	(void)state;
	assert_int_equal(script_parse("x.lab", text, strlen(text), &script, &err), 0);
	assert_string_equal(script.file, "x.lab");
	assert_int_equal(script.count, 4);
	assert_int_equal(script.commands[0].op, OP_OPEN);
	assert_int_equal(script.commands[0].line, 3);
	assert_string_equal(script.commands[1].text, "client close");
	assert_int_equal(script.commands[1].line, 4);
	assert_int_equal(script.commands[3].line, 6);
	assert_string_equal(err.text, "");
	script_clear(&script);
	assert_int_equal(script_parse_at("x.md", 40, text, strlen(text), &script, &err), 0);
	assert_int_equal(script.commands[0].line, 42);
	script_clear(&script);
	assert_int_equal(script_parse("x.lab", "", 0, &script, &err), 0);
	assert_int_equal(script.count, 0);
	script_clear(&script);
}

static void mistakes(void **state)
{
	char *long_line = malloc(10 << 20);

	(void)state;
	assert_string_equal(refused("open\nopne\n", 10),
			    "x.lab:2: unknown command `opne`; did you mean `open`?");
	assert_string_equal(refused("open\n\n\nwrite \"a\"\n", 17),
			    "x.lab:4: which side? client, server or child: `SIDE write "
			    "DATA|SIZE`");
	assert_string_equal(refused("open\nnext\n", 10),
			    "x.lab:2: `next` is the screen's own: it cannot stand in a file");
	assert_string_equal(refused("open\nc write \"a\nb\"", 17),
			    "x.lab:2: the string that starts in column 9 has no closing quote");
	assert_string_equal(refused("open\nop\0en", 10),
			    "x.lab:2: a NUL byte in column 3: this is not text");
	assert_string_equal(refused("\x7f"
				    "ELF\x02",
				    5),
			    "x.lab:1: a control character (0x7f) in column 1");
	assert_string_equal(refused("open\n\xff", 6),
			    "x.lab:2: byte 0xff in column 1 is not UTF-8");
	assert_string_equal(refused("op\ren", 5),
			    "x.lab:1: a control character (0x0d) in column 3");
	memset(long_line, 'a', 10 << 20);
	assert_string_equal(refused(long_line, 10 << 20), "x.lab: more than 4 MiB");
	assert_string_equal(refused(long_line, 4 << 20), "x.lab:1: the line is longer than 64 KiB");
	free(long_line);
}

static void too_many(void **state)
{
	size_t lines = 10001;
	char *text = malloc(lines * 5);
	struct script script;
	struct err err;

	(void)state;
	for (size_t i = 0; i < lines; i++)
		memcpy(text + 5 * i, "open\n", 5);
	assert_string_equal(refused(text, lines * 5),
			    "x.lab:10001: more than 10000 commands in one script");
	assert_int_equal(script_parse("x.lab", text, 5 * (lines - 1), &script, &err), 0);
	assert_int_equal(script.count, 10000);
	script_clear(&script);
	free(text);
}

/* ------------------------------------------------------------------------------- files */
static char dir[] = "/tmp/bothends-script-XXXXXX";

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

static char *unreadable(const char *file)
{
	static char line[1024];
	struct err err;
	size_t len;

	assert_null(file_read(file, &len, &err));
	return err_format(&err, line, sizeof(line));
}

static void files(void **state)
{
	char file[64], want[256], *text;
	FILE *out;
	struct err err;
	size_t len;

	(void)state;
	snprintf(file, sizeof(file), "%s/x.lab", dir);
	snprintf(want, sizeof(want), "%s: No such file or directory", file);
	assert_string_equal(unreadable(file), want);
	snprintf(want, sizeof(want), "%s: is a directory", dir);
	assert_string_equal(unreadable(dir), want);
	assert_string_equal(unreadable("/dev/null"), "/dev/null: is not a regular file");
	out = fopen(file, "w");
	assert_non_null(out);
	fwrite("open\0", 1, 5, out);
	fclose(out);
	text = file_read(file, &len, &err);
	assert_non_null(text);
	assert_int_equal(len, 5);
	assert_memory_equal(text, "open\0", 6);
	free(text);
	assert_int_equal(truncate(file, 4 << 20), 0);
	text = file_read(file, &len, &err);
	assert_non_null(text);
	assert_int_equal(len, 4 << 20);
	free(text);
	assert_int_equal(truncate(file, (4 << 20) + 1), 0);
	snprintf(want, sizeof(want), "%s: more than 4 MiB", file);
	assert_string_equal(unreadable(file), want);
	unlink(file);
	/* A FIFO nobody writes to must not block. */
	assert_int_equal(mkfifo(file, 0600), 0);
	snprintf(want, sizeof(want), "%s: is not a regular file", file);
	assert_string_equal(unreadable(file), want);
	unlink(file);
}

/* "-" reads to the end, however the bytes come. */
static void standard_input(void **state)
{
	int old = dup(STDIN_FILENO), ends[2];
	struct err err;
	size_t len;
	char *text;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	assert_int_equal(write(ends[1], "open\n", 5), 5);
	assert_int_equal(write(ends[1], "reset\n", 6), 6);
	close(ends[1]);
	text = file_read("-", &len, &err);
	assert_non_null(text);
	assert_string_equal(text, "open\nreset\n");
	free(text);
	dup2(old, STDIN_FILENO);
	close(old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),	  cmocka_unit_test(mistakes),
		cmocka_unit_test(too_many),	  cmocka_unit_test(files),
		cmocka_unit_test(standard_input),
	};

	return cmocka_run_group_tests_name("script", tests, make_dir, remove_dir);
}
