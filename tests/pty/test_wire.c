/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_wire.c - the ladder as the place of action: hold, walk, open, release, drop, duplicate. */
#include "console.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define F4 "\033OS"
#define F5 "\033[15~"
#define ESC_5 "\0335"
#define ESC "\033"
#define UP "\033OA"
#define DOWN "\033OB"
#define SHIFT_DOWN "\033[1;2B"
#define ALT_UP "\033[1;3A"
#define END "\033OF"

static const char *const on_wire[] = {"--link", "wire", NULL};
static const struct start wire = {.args = on_wire};
static const struct start plain;

/* A connection over a wire that holds what is sent; false: this machine has no wire. */
static bool wire_open(struct console *console)
{
	console_open(console, &wire);
	console_expect_row(console, -2, "server>");
	if (console_shows(console, "the wire is not to be had")) {
		console_close(console);
		return false;
	}
	console_expect_row(console, 0, "wire");
	console_type(console, "open\r");
	console_expect_row(console, 2, "ESTABLISHED");
	console_expect(console, "accept(3…) = 4");
	console_type(console, "wire hold\r");
	console_expect_row(console, 0, "wire: hold");
	return true;
}

static void test_walk(void **state)
{
	struct console console;

	(void)state;
	if (!wire_open(&console))
		skip();
	console_type(&console, "c close\r");
	console_expect_row(&console, 2, "FIN_WAIT1");
	console_expect(&console, " ━ F. "); /* on its sender's side */
	console_expect(&console, "‖");
	console_type(&console, F5);
	console_expect_row(&console, -3, "Enter wire release segment");
	console_expect(&console, "▸");
	/* Opened, while the ladder stays in sight. */
	console_type(&console, "o");
	console_expect(&console, "client → server, F. ━");
	console_expect(&console, "192.0.2.1 → 192.0.2.2");
	console_expect(&console, "right"); /* the checksum */
	console_type(&console, UP);
	console_expect(&console, "client → server, . ━");
	console_type(&console, DOWN);
	console_expect(&console, "client → server, F. ━");
	console_type(&console, ESC);
	console_expect_gone(&console, "┏ segment");
	/* Let go: what it does is told as a command. */
	console_type(&console, "\r");
	console_expect(&console, "> wire release segment");
	console_expect(&console, "released");
	console_expect(&console, "● CLOSE_WAIT");
	/* The keys are on the next that is held: the ACK of the FIN. */
	console_expect(&console, "‖─ . ");
	console_expect_row(&console, -3, "Enter wire release segment");
	console_type(&console, "d");
	console_expect(&console, "> wire drop segment");
	console_expect(&console, "✗─ . ");
	console_type(&console, ESC);
	console_expect_gone(&console, "o open");
	console_close(&console);
}

static void test_duplicate(void **state)
{
	struct console console;

	(void)state;
	if (!wire_open(&console))
		skip();
	console_type(&console, "write \"abc\"\r");
	console_expect(&console, "‖ P. 3");
	console_type(&console, SHIFT_DOWN);
	console_expect_row(&console, -3, "2 duplicate");
	console_type(&console, "2");
	console_expect(&console, "> wire duplicate segment");
	console_expect(&console, "◀◀");
	/* What already crossed is not to be held any more. */
	console_type(&console, ALT_UP ALT_UP ALT_UP ALT_UP ALT_UP ALT_UP);
	console_expect_row(&console, -3, "was delivered");
	console_type(&console, "r");
	console_expect_row(&console, -3, "is not held: it was delivered");
	/* A command ends the walk with its first letter: no key is taken from it. */
	console_type(&console, "wire mend\r");
	console_expect(&console, "> wire mend");
	console_expect_gone(&console, "wire: hold");
	console_expect_gone(&console, "o open");
	console_close(&console);
}

/* Click on the held segment, then on it again, then on what can be done with it. */
static void test_mouse(void **state)
{
	struct console console;
	char click[64];
	int row, column;
	const char *at;

	(void)state;
	if (!wire_open(&console))
		skip();
	console_type(&console, "c close\r");
	console_expect(&console, " ━ F. ");
	for (row = 1; row < 9 && !strstr(console_row(&console, row), " ━ F. "); row++)
		;
	snprintf(click, sizeof(click), "\033[<0;40;%dM\033[<0;40;%dm", row + 1, row + 1);
	console_type(&console, click);
	console_expect_row(&console, -3, "wire release segment");
	console_type(&console, click);
	console_expect(&console, "client → server, F. ━");
	at = strstr(console_row(&console, 21), "d drop");
	assert_non_null(at);
	column = (int)(at - console_row(&console, 21)) + 1;
	snprintf(click, sizeof(click), "\033[<0;%d;22M\033[<0;%d;22m", column + 2, column + 2);
	console_type(&console, click);
	console_expect(&console, "> wire drop segment");
	console_expect(&console, "✗");
	console_close(&console);
}

/* On loopback segments are opened too; the rest says what it takes. */
static void test_loopback(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, ESC_5);
	console_expect_row(&console, -3, " Esc leave  no segment is here yet");
	console_type(&console, " ");
	console_expect_row(&console, -3, "no segment is here yet");
	console_type(&console, "q");
	console_type(&console, "open\r");
	console_expect_row(&console, 2, "ESTABLISHED");
	if (console_shows(&console, "segments not seen")) {
		console_close(&console);
		skip();
	}
	console_type(&console, F5 "r");
	console_expect_row(&console, -3, "on loopback nothing can be held: `link wire`");
	console_type(&console, UP UP " ");
	console_expect(&console, "client → server, S ━");
	console_expect(&console, "SYN a connection begins");
	console_type(&console, END);
	console_expect(&console, "MSS");
	console_type(&console, ESC);
	console_expect_gone(&console, "┏ segment");
	console_type(&console, F4 "crash");
	console_expect(&console, "▶   crash");
	console_type(&console, "\r");
	console_expect_row(&console, -3, "not on loopback: `link wire` first");
	console_close(&console);
}

static void test_hosts(void **state)
{
	struct console console;

	(void)state;
	if (!wire_open(&console))
		skip();
	console_type(&console, "c crash\r");
	console_expect_row(&console, 1, "host down");
	console_expect_row(&console, 2, "✗ HOST DOWN");
	console_expect_row(&console, 7, "░░░░");
	console_type(&console, "c reboot\r");
	console_expect_gone(&console, "HOST DOWN");
	console_close(&console);
}

/* The cable's end is not given to everybody on this machine. */
static bool tun_is_kept(void)
{
	struct stat info;

	return geteuid() == 0 && !stat("/dev/net/tun", &info) && !(info.st_mode & S_IWOTH);
}

static void be_nobody(void)
{
	if (setgid(65534) || setuid(65534))
		_exit(99);
}

/* The tree may lie in a home that is closed to others. */
static bool nobody_reaches(void)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		be_nobody();
		_exit(access(TEST_BUILD "/bothends", X_OK) != 0);
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && !WEXITSTATUS(status);
}

static void test_no_wire(void **state)
{
	const struct start nobody = {.args = on_wire, .child = be_nobody};
	struct console console;

	(void)state;
	if (!tun_is_kept())
		skip();
	if (!nobody_reaches()) {
		print_message("# uid 65534 does not reach %s\n", TEST_BUILD);
		skip();
	}
	console_open(&console, &nobody);
	console_expect(&console, "the wire is not to be had here: ");
	console_expect_row(&console, 0, "loopback");
	console_type(&console, "open\r");
	console_expect_gone(&console, "the wire is not to be had");
	console_type(&console, "link wire\r");
	console_expect(&console, "the wire is not to be had here: ");
	console_close(&console);
}

/* A lesson of the wire is not played on another link: it starts afresh, up to this step. */
static void test_lesson_link(void **state)
{
	struct console console;

	(void)state;
	if (!wire_open(&console))
		skip();
	console_type(&console, "lesson 36\r");
	console_expect(&console, "PgDn or Space: begin");
	console_type(&console, " ");
	console_expect_row(&console, 0, "wire   step 1 of 3");
	console_type(&console, "link loopback\r");
	console_expect_row(&console, 0, "loopback   step 1 of 3");
	console_expect(&console, "link    loopback");
	console_expect_row(&console, -3, "You changed the lab");
	console_type(&console, " ");
	console_expect_row(&console, -3, "a fresh pair");
	console_expect_row(&console, 0, "wire   step 1 of 3");
	console_type(&console, " ");
	console_expect_row(&console, 0, "wire: hold  step 1 of 3");
	console_expect_row(&console, -3, "PgDn or Space: the next step");
	console_type(&console, F5);
	console_expect_row(&console, -3, " 2 duplicate");
	console_type(&console, "\033[6~"); /* a question, and its digits are answers */
	console_expect_row(&console, 0, "step 2 of 3");
	console_expect_row(&console, -3, " + duplicate");
	console_type(&console, "2");
	console_expect(&console, "▶ 2) ");
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk),	    cmocka_unit_test(test_duplicate),
		cmocka_unit_test(test_mouse),	    cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_lesson_link), cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_no_wire),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
