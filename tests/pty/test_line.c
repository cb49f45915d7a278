/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_line.c - the line mode on a terminal: edited, completed, interrupted; and no sequence. */
#include "console.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const dumb[] = {"TERM=dumb", NULL};
static const char *const plain_args[] = {"--plain", NULL};

static const struct start starts[] = {{.env = dumb}, {.args = plain_args}};

/* Wait until this is the last row that is not empty. */
static void expect_last(struct console *console, const char *text)
{
	long long until = now_ms() + PATIENCE_MS;

	for (;;) {
		int last = console->rows;

		while (last > 0 && !*console_row(console, last - 1))
			last--;
		if (last && !strcmp(console_row(console, last - 1), text))
			return;
		if (now_ms() > until)
			fail_console(console, "\"%s\" is not the last row", text);
		console_pump(console, 50);
	}
}

static void expect_prompt(struct console *console)
{
	expect_last(console, "server>");
}

/* The shell's prompt begins a line. */
static void expect_line_ended(struct console *console)
{
	long long until = now_ms() + PATIENCE_MS;

	while (console->raw_len < 3 || memcmp(console->raw + console->raw_len - 3, " \r\n", 3)) {
		if (now_ms() > until)
			fail_console(console, "the last line has no end");
		console_pump(console, 50);
	}
}

static void test_session(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct console console;

		console_open(&console, &starts[i]);
		console_watch(&console, "\033");
		expect_prompt(&console);
		console_type(&console, "op\t\r");
		console_expect(&console, "server> open");
		console_expect(&console, "accept(3");
		expect_prompt(&console);
		console_type(&console, "shutdown \t\t");
		console_expect(&console, "rd    rdwr  wr");
		console_type(&console, "wr\r");
		console_expect(&console, "shutdown(4, SHUT_WR) = 0");
		expect_prompt(&console);
		console_type(&console, "\r");
		console_expect(&console, "server, pid ");
		expect_prompt(&console);
		console_type(&console, "\033[A"); /* what was typed last */
		expect_last(&console, "server> shutdown wr");
		console_type(&console, "\003");
		console_expect(&console, "once more leaves");
		expect_prompt(&console);
		console_type(&console, "\004");
		assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
		assert_false(console.found);
		expect_line_ended(&console);
		console_expect_restored(&console);
		console_close(&console);
	}
}

/* News while something is half typed: it is not lost. */
static void test_news(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &starts[0]);
	expect_prompt(&console);
	console_type(&console, "open\r");
	console_expect(&console, "accept(3");
	expect_prompt(&console);
	console_type(&console, "set keepalive idle 1s interval 1s count 9\r");
	console_expect(&console, "TCP_KEEPCNT");
	expect_prompt(&console);
	console_type(&console, "write \"hal");
	/* The keepalive's probe comes by itself. */
	console_expect(&console, "server  sends . ack 1");
	console_expect(&console, "server> write \"hal");
	console_type(&console, "f\"\r");
	console_expect(&console, "write(4, \"half\", 4) = 4");
	console_type(&console, "quit\r");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_close(&console);
}

static void test_interrupt(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &starts[0]);
	expect_prompt(&console);
	console_type(&console, "wait 60s\r");
	console_expect(&console, "wait 60s");
	console_pump(&console, 100);
	console_type(&console, "\003");
	console_expect(&console, "given up: wait 60s");
	expect_prompt(&console);
	console_type(&console, "\003");
	assert_int_equal(WEXITSTATUS(console_wait(&console, PATIENCE_MS)), 128 + SIGINT);
	console_expect_restored(&console);
	console_close(&console);
}

/* Readline 8.2 ends the program when a search is ended in these ways behind its back. */
static void test_search(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &starts[0]);
	expect_prompt(&console);
	console_type(&console, "\022o\003");
	console_expect(&console, "interrupted; once more leaves");
	expect_prompt(&console);
	console_type(&console, "\022\030>\025open\r");
	console_expect(&console, "connect(");
	expect_prompt(&console);
	console_type(&console, "quit\r");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_close(&console);
}

static void test_signals(void **state)
{
	static const int ends[] = {SIGTERM, SIGHUP};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct console console;

		console_open(&console, &starts[i]);
		expect_prompt(&console);
		kill(console.pid, ends[i]);
		assert_int_equal(WEXITSTATUS(console_wait(&console, PATIENCE_MS)), 128 + ends[i]);
		console_expect_restored(&console);
		expect_line_ended(&console);
		console_close(&console);
	}
}

/* Emacs echoes and edits itself: then no readline. */
static void test_emacs(void **state)
{
	static const char *const env[] = {"TERM=dumb", "INSIDE_EMACS=29.1,comint", NULL};
	struct console console;

	(void)state;
	console_open(&console, &(struct start){.env = env});
	expect_prompt(&console);
	console_type(&console, "open\r");
	console_expect(&console, "server> open");
	console_expect(&console, "accept(3");
	expect_prompt(&console);
	console_type(&console, "quit\r");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_close(&console);
}

/* Text is wrapped to the terminal, also a new size of it. */
static void test_lesson(void **state)
{
	static const char *const args[] = {"lesson", "1", NULL};
	struct console console;

	(void)state;
	console_open(&console,
		     &(struct start){.env = dumb, .args = args, .columns = 40, .rows = 60});
	expect_prompt(&console);
	console_expect(&console, "The write that should have failed");
	console_expect(&console, "(`next` goes on)");
	console_type(&console, "next\r");
	console_expect(&console, "1 · A connection");
	expect_prompt(&console);
	console_type(&console, "next\r");
	console_expect(&console, "expect server recvq 0");
	expect_prompt(&console);
	console_type(&console, "next\r");
	console_expect(&console, "(1 to 3 answers;");
	expect_prompt(&console);
	console_type(&console, "2\r");
	console_expect(&console, "2) CLOSE_WAIT");
	console_expect(&console, "and you see");
	console_type(&console, "quit\r");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_session),	  cmocka_unit_test(test_news),
		cmocka_unit_test(test_interrupt), cmocka_unit_test(test_search),
		cmocka_unit_test(test_signals),	  cmocka_unit_test(test_emacs),
		cmocka_unit_test(test_lesson),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
