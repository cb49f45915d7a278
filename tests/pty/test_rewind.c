/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_rewind.c - through the past of a live lab, while its kernel goes on. */
#include "console.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PAGE_UP "\033[5~"
#define PAGE_DOWN "\033[6~"
#define LEFT "\033OD"
#define RIGHT "\033OC"
#define HOME "\033OH"
#define END "\033OF"

/* Open with a connection on which something was said; false: no capture here. */
static bool rewind_open(struct console *console)
{
	static const char *const env[] = {"XDG_STATE_HOME=/proc/nonexistent", NULL};
	const struct start start = {.env = env};

	console_open(console, &start);
	console_expect(console, "quit");
	console_type(console, "open\r");
	console_expect(console, "● ESTABLISHED");
	if (console_shows(console, "segments not seen")) {
		console_close(console);
		return false;
	}
	console_type(console, "c write \"hello\"\r");
	console_expect(console, "Recv-Q 5");
	console_type(console, "s read\r");
	console_expect_gone(console, "Recv-Q 5");
	console_type(console, "c close\r");
	console_expect(console, "FIN_WAIT2 · orphan");
	console_expect(console, "FIN_WAIT1 → FIN_WAIT2");
	return true;
}

static void click(struct console *console, int y, int x)
{
	char text[64];

	snprintf(text, sizeof(text), "\033[<0;%d;%dM\033[<0;%d;%dm", x + 1, y + 1, x + 1, y + 1);
	console_type(console, text);
}

/* The row above the journal in which this stands; fails when there is none. */
static int ladder_row(struct console *console, const char *text)
{
	for (int row = 1; row < 9; row++)
		if (strstr(console_row(console, row), text))
			return row;
	fail_console(console, "\"%s\" is not on the ladder", text);
	return -1;
}

/* Command by command back and forth: both ends, the queues, the poll events. */
static void test_commands(void **state)
{
	struct console console;

	(void)state;
	if (!rewind_open(&console))
		skip();
	console_expect(&console, "poll IN OUT RDHUP");
	console_type(&console, LEFT);
	console_expect_row(&console, 0, "THE PAST");
	console_expect(&console, "╎ ● ESTABLISHED");
	console_expect_gone(&console, "RDHUP");
	console_type(&console, LEFT);
	console_expect(&console, "Recv-Q 5");
	console_type(&console, LEFT);
	console_expect_gone(&console, "Recv-Q 5");
	console_type(&console, LEFT);
	console_expect(&console, "no socket yet");
	console_type(&console, LEFT);
	console_expect_row(&console, 0, "THE PAST 1 of");
	console_type(&console, LEFT);
	console_expect_row(&console, -3, "nothing before this");
	console_type(&console, RIGHT RIGHT RIGHT);
	console_expect(&console, "Recv-Q 5");
	console_type(&console, HOME);
	console_expect_row(&console, 0, "THE PAST 1 of");
	console_type(&console, END);
	console_expect_gone(&console, "THE PAST");
	console_expect(&console, "poll IN OUT RDHUP");
	/* Where something is typed the arrows are the line's. */
	console_type(&console, "rea" LEFT LEFT LEFT "s " END "d\r");
	console_expect(&console, "> s read");
	console_close(&console);
}

/* A child that is killed from outside is journalled; the past stands still meanwhile. */
static void test_goes_on(void **state)
{
	struct console console;
	char rows[24][512];
	pid_t pid;

	(void)state;
	if (!rewind_open(&console))
		skip();
	pid = console_pid(&console, "client");
	console_type(&console, PAGE_UP PAGE_UP PAGE_UP);
	console_expect_row(&console, 0, "THE PAST");
	while (console_pump(&console, 100))
		;
	for (int y = 1; y < 24; y++)
		snprintf(rows[y], sizeof(rows[y]), "%s", console_row(&console, y));
	assert_int_equal(kill(pid, SIGKILL), 0);
	console_expect_row(&console, 0, "new ");
	while (console_pump(&console, 100))
		;
	for (int y = 1; y < 24; y++)
		assert_string_equal(rows[y], console_row(&console, y));
	/* Down to nothing and back. */
	console_resize(&console, 2, 5);
	console_resize(&console, 16, 60);
	console_expect_row(&console, 0, "THE PAST");
	console_resize(&console, 24, 80);
	console_expect_row(&console, 1, rows[1]);
	for (int y = 1; y < 24; y++)
		console_expect_row(&console, y, rows[y]);
	console_type(&console, END);
	console_expect_gone(&console, "THE PAST");
	console_expect(&console, "killed");
	console_close(&console);
}

/* A click on an arrow leads to when it crossed, a second opens it. */
static void test_clicks(void **state)
{
	struct console console;
	int row;

	(void)state;
	if (!rewind_open(&console))
		skip();
	row = ladder_row(&console, " S. ");
	click(&console, row, 40);
	console_expect_row(&console, 0, "THE PAST");
	console_expect_gone(&console, "P. 5");
	console_expect_row(&console, -3, "Enter open");
	click(&console, row, 40); /* it has moved away from here */
	console_expect(&console, "server → client, S.");
	console_type(&console, "\033");
	console_expect_gone(&console, "server → client, S.");
	console_type(&console, "\r");
	console_expect(&console, "server → client, S.");
	console_type(&console, "\033");
	console_expect_gone(&console, "server → client, S.");
	console_type(&console, END);
	console_expect_gone(&console, "THE PAST");
	console_expect(&console, "FIN_WAIT2 · orphan");
	console_type(&console, "s write \"x\"\r"); /* the keys are the prompt's again */
	console_expect(&console, "> s write \"x\"");
	console_expect(&console, "gone");
	/* A line of the journal, and the newest: that is now. */
	click(&console, 12, 20);
	console_expect_row(&console, 0, "THE PAST");
	console_expect_row(&console, -3, "PgDn, PgUp");
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_goes_on),
		cmocka_unit_test(test_clicks),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("rewind", tests, NULL, NULL);
}
