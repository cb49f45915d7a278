/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_lesson.c - a reader goes through a lesson: predict, play, look, go on, again. */
#include "console.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PAGE_UP "\033[5~"
#define PAGE_DOWN "\033[6~"
#define F2 "\033OQ"

/* Of our own: the course may change, and its claims are not for here. */
static const char text[] =
	"# The first write\n\n"
	"```lesson\nlink: loopback\nminutes: 2\nlevel: beginner\nsource: a test\n```\n\n"
	"Words to begin with.\n\n"
	"## The client closes\n\nIt calls *close*, and its kernel sends a FIN.\n\n"
	"```lab\nopen\nclient close\nexpect server state CLOSE_WAIT\n```\n\n"
	"## The server writes\n\nIt has not read.\n\n"
	"```c\nsleep(1);\nwrite(fd, \"123\", 3); // \xe2\x96\xb6\n```\n\n"
	"```predict What does write return?\n"
	"3, as before :: server write = 3\n"
	"EPIPE at once :: server write fails EPIPE\n```\n\n"
	"```lab\nserver write \"123\"\nexpect server write = 3\nexpect client gone\n```\n\n"
	"The kernel only took the bytes.\n\n"
	"```claim \"the write fails\" \xe2\x80\x94 hearsay\nserver write fails EPIPE\n"
	"differs: TCP has to ask first\n```\n";

static char file[] = "/tmp/bothends-lesson.XXXXXX/01-first-write.md";

static int lesson_write(void **state)
{
	char *slash = strrchr(file, '/');
	FILE *out;

	(void)state;
	*slash = '\0';
	if (!mkdtemp(file))
		return -1;
	*slash = '/';
	out = fopen(file, "w");
	if (!out)
		return -1;
	fputs(text, out);
	return fclose(out);
}

static int lesson_remove(void **state)
{
	char *slash = strrchr(file, '/');

	(void)state;
	unlink(file);
	*slash = '\0';
	return rmdir(file);
}

static void lesson_open(struct console *console)
{
	const char *args[] = {"lesson", file, NULL};

	console_open(console, &(struct start){.args = args});
	console_expect_row(console, 0, "The first write");
	console_expect(console, "Words to begin with.");
}

static void test_walk(void **state)
{
	struct console console;

	(void)state;
	lesson_open(&console);
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, 0, "step 1 of 2");
	console_expect(&console, "its kernel sends a FIN");
	console_type(&console, " "); /* Space is the same */
	console_expect(&console, "✔ expect server state CLOSE_WAIT");
	console_expect_row(&console, 2, "● CLOSE_WAIT");
	console_expect_row(&console, -3, "the next step");
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, 0, "step 2 of 2");
	console_expect(&console, "▶ write(fd, \"123\", 3);");
	console_expect_gone(&console, "//");
	console_expect(&console, "1) 3, as before");
	/* The arrows move the guess, a digit sets it, Enter plays. */
	console_type(&console, "\033OB");
	console_expect(&console, "▶ 1) 3, as before");
	console_type(&console, "2");
	console_expect(&console, "▶ 2) EPIPE at once");
	console_type(&console, "\r");
	console_expect(&console, "✓ 1) 3, as before - measured");
	console_expect(&console, "✗ 2) EPIPE at once - your guess");
	console_expect(&console, "◆"); /* what decided is marked in the journal */
	console_expect(&console, "The kernel only took the bytes.");
	console_type(&console, PAGE_DOWN);
	console_expect(&console, "documented \"the write fails\" - hearsay");
	console_expect(&console, "not so on Linux ");
	console_expect(&console, "TCP has to ask first");
	console_type(&console, PAGE_DOWN PAGE_DOWN);
	console_expect_row(&console, 0, "the end");
	console_expect(&console, "That was the lesson: 0 of 1 prediction right.");
	console_type(&console, PAGE_DOWN); /* this file stands in no course */
	console_expect_row(&console, -3, "no lesson comes after this one");
	console_type(&console, "\033OB");
	console_expect_row(&console, -3, "Enter: once more from step 1; F2: the other lessons");
	/* The prompt is the reader's, with the connection as it is. */
	console_type(&console, "signal PIPE ignore\rwrite \"A\"\r");
	console_expect(&console, "-1 EPIPE");
	console_close(&console);
}

static void test_free_commands_between(void **state)
{
	struct console console;

	(void)state;
	lesson_open(&console);
	console_type(&console, PAGE_DOWN PAGE_DOWN);
	console_expect(&console, "✔ expect server state CLOSE_WAIT");
	console_type(&console, "read\r");
	console_expect(&console, "read(4…) = 0");
	console_expect(&console, "Recv-Q 0");
	console_type(&console, PAGE_UP);
	console_expect_row(&console, 0, "THE PAST");
	console_type(&console, PAGE_DOWN PAGE_DOWN PAGE_DOWN);
	console_expect_row(&console, 0, "step");
	console_close(&console);
}

static void test_again(void **state)
{
	struct console console;
	pid_t server;

	(void)state;
	lesson_open(&console);
	console_type(&console, PAGE_DOWN PAGE_DOWN);
	console_expect(&console, "✔ expect server state CLOSE_WAIT");
	server = console_pid(&console, "server");
	console_type(&console, "again 2\r"); /* step 1 plays by itself, on a fresh lab */
	console_expect_row(&console, 0, "step 2 of 2");
	console_expect(&console, "What does write return?");
	console_expect_row(&console, 2, "● CLOSE_WAIT");
	assert_int_not_equal(console_pid(&console, "server"), server);
	console_type(&console, "again 3\r");
	console_expect_row(&console, -3, "steps 1 to 2");
	console_type(&console, "1" PAGE_DOWN);
	console_expect(&console, "✓ 1) 3, as before - as you said");
	console_close(&console);
}

/* What goes on by itself does not go on behind the back of a command that still waits. */
static void test_pace(void **state)
{
	struct console console;

	(void)state;
	lesson_open(&console);
	console_type(&console, PAGE_DOWN PAGE_DOWN);
	console_expect(&console, "✔ expect server state CLOSE_WAIT");
	console_type(&console, "wait 60s\rplay 200ms\r");
	console_expect_row(&console, 0, "every 0.2 s");
	/* Three times its due; what counts in the panels goes on counting. */
	for (long long until = now_ms() + 600; now_ms() < until;)
		console_pump(&console, 100);
	assert_non_null(strstr(console_row(&console, 0), "step 1 of 2"));
	console_type(&console, "\003"); /* gives up waiting */
	console_type(&console, "play 200ms\r");
	console_expect_row(&console, 0, "step 2 of 2");
	console_close(&console);
}

static void test_list(void **state)
{
	const char *args[] = {"lesson", NULL};
	struct console console;

	(void)state;
	console_open(&console, &(struct start){.args = args});
	console_expect(&console, "┏ lessons");
	console_expect(&console, "The second write");
	console_type(&console, "2"); /* it may become 25 */
	console_expect(&console, "2_  one more digit, or Enter");
	console_type(&console, "\r");
	console_expect_row(&console, 0, "The second write");
	console_expect_gone(&console, "┏ lessons");
	console_type(&console, F2);
	console_expect(&console, "┏ lessons");
	console_type(&console, "\033");
	console_expect_gone(&console, "┏ lessons");
	console_type(&console, "lesson no-such\r");
	console_expect_row(&console, -3, "no lesson `no-such`; `lesson` without a name lists them");
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk),  cmocka_unit_test(test_free_commands_between),
		cmocka_unit_test(test_again), cmocka_unit_test(test_pace),
		cmocka_unit_test(test_list),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("lesson", tests, lesson_write, lesson_remove);
}
