/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_explain.c - each number of the panels explains itself, by key, click and word; help is
 * searched. */
#include "console.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define F1 "\033OP"
#define F7 "\033[18~"
#define ESC_7 "\0337"
#define ESC "\033"
#define UP "\033OA"
#define DOWN "\033OB"
#define RIGHT "\033OC"
#define LEFT "\033OD"
#define PAGE_UP "\033[5~"
#define PAGE_DOWN "\033[6~"
#define HERE "arrows: the next number" /* the card's border */

static const struct start plain;

/* A pair with 5 bytes that the server has not read. */
static void explain_open(struct console *console, const struct start *start)
{
	console_open(console, start);
	console_expect_row(console, -2, "server>");
	console_type(console, "open\r");
	console_expect(console, "accept(3…) = 4");
	console_type(console, "client write \"hello\"\r");
	console_expect_row(console, 3, "Recv-Q 5 (was 0)");
}

static void test_keys(void **state)
{
	struct console console;

	(void)state;
	explain_open(&console, &plain);
	console_type(&console, F7);
	console_expect(&console, "┏ server: ESTABLISHED");
	console_expect_row(&console, 2, "▸● ESTABLISHED"); /* the cursor, on the focused side */
	console_type(&console, DOWN);
	console_expect(&console, "┏ server: Recv-Q, in bytes");
	console_expect(&console, "5 bytes have arrived that the process has not read");
	console_expect(&console, "rcv_nxt less copied_seq");
	console_expect(&console, "ss(8)");
	console_expect_row(&console, 3, "Recv-Q▸5");
	console_type(&console, RIGHT);
	console_expect(&console, "┏ server: Send-Q");
	console_type(&console, LEFT LEFT);
	console_expect(&console, "┏ client: Send-Q"); /* across the ladder */
	console_expect_row(&console, -2, "client>");
	console_type(&console, UP);
	console_expect(&console, "┏ client: ESTABLISHED");
	console_type(&console, UP);
	console_expect(&console, "┏ client: p"); /* what the frame tells */
	console_type(&console, ESC);
	console_expect_gone(&console, HERE);
	console_type(&console, ESC_7); /* where the terminal keeps F7 for itself */
	console_expect(&console, "┏ client: ESTABLISHED");
	/* A command ends it with its first letter, and is whole. */
	console_type(&console, "server read\r");
	console_expect(&console, "read(4…) = 5");
	console_expect_gone(&console, HERE);
	console_close(&console);
}

/* The card tells of the moment shown. */
static void test_past(void **state)
{
	struct console console;

	(void)state;
	explain_open(&console, &plain);
	console_type(&console, "explain recvq\r");
	console_expect(&console, "5 bytes have arrived");
	console_type(&console, PAGE_UP PAGE_UP PAGE_UP PAGE_UP);
	console_expect(&console, "0: the process has read all that has arrived");
	console_type(&console, PAGE_DOWN PAGE_DOWN PAGE_DOWN PAGE_DOWN);
	console_expect(&console, "5 bytes have arrived");
	console_close(&console);
}

static void test_mouse(void **state)
{
	struct console console;
	const char *row, *at;
	char click[64];
	int column = 1;

	(void)state;
	explain_open(&console, &plain);
	row = console_row(&console, 3);
	at = strstr(row, "Recv-Q 5");
	assert_non_null(at);
	for (const char *c = row; c < at + 7; c++) /* a column a character */
		column += (*c & 0xc0) != 0x80;
	snprintf(click, sizeof(click), "\033[<0;%d;4M\033[<0;%d;4m", column, column);
	console_type(&console, click);
	console_expect(&console, "┏ server: Recv-Q, in bytes");
	/* A click on the card is none on what is under it. */
	console_type(&console, "\033[<0;20;13M\033[<0;20;13m");
	console_type(&console, RIGHT);
	console_expect(&console, "┏ server: Send-Q");
	assert_false(console_shows(&console, "THE PAST"));
	console_close(&console);
}

static void test_word(void **state)
{
	struct console console;

	(void)state;
	explain_open(&console, &plain);
	console_type(&console, "explain snd_c\t");
	console_expect_row(&console, -2, "explain snd_cwnd");
	console_type(&console, "\r"); /* not on a panel of this size, and known all the same */
	console_expect(&console, "snd_cwnd");
	console_expect(&console, "bytes may be under way");
	console_type(&console, "\r"); /* Enter: all that help knows */
	console_expect(&console, "┏ help: snd_cwnd");
	console_expect_gone(&console, HERE);
	console_type(&console, ESC);
	console_expect(&console, HERE);
	console_type(&console, ESC);
	console_expect_gone(&console, HERE);
	console_type(&console, "explain SIGPIPE\r");
	console_expect(&console, "kills the process");
	console_type(&console, "explain nonsense\r");
	console_expect_row(&console, -3, "no number of the panels is called");
	console_close(&console);
}

/* 60 x 16 and 200 x 60: the card, and more numbers where there is room. */
static void test_sizes(void **state)
{
	struct console console;

	(void)state;
	explain_open(&console, &plain);
	console_type(&console, "explain recvq\r");
	console_expect(&console, "5 bytes have arrived");
	console_resize(&console, 16, 60);
	console_expect(&console, "Enter: the rest");
	console_resize(&console, 60, 200);
	console_expect(&console, "window and congestion");
	console_expect(&console, "cwnd     10");
	console_expect(&console, "memory");
	console_expect(&console, "┏ server: Recv-Q, in bytes");
	console_type(&console, ESC);
	console_expect_gone(&console, HERE);
	console_close(&console);
}

/* Up and down stay on their side, though a number of the other may be nearer. */
static void test_panels(void **state)
{
	const struct start narrow = {.rows = 32, .columns = 60};
	struct console console;

	(void)state;
	console_open(&console, &narrow);
	console_type(&console, "open\rserver write 1000\rserver fork\rfocus client\r");
	console_expect_row(&console, -2, "client>");
	console_expect(&console, "child");
	console_expect_row(&console, 5, "Recv-Q 1000  Send-Q 0"); /* of the client's tall panel */
	console_type(&console, F7);
	console_expect(&console, "┏ client: ESTABLISHED");
	console_type(&console, DOWN RIGHT);
	console_expect(&console, "┏ client: Send-Q");
	console_type(&console, UP);
	console_expect(&console, "┏ client: ESTABLISHED");
	console_close(&console);
}

static void test_search(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, F1);
	console_expect(&console, "/ looks for a word");
	console_expect(&console, " 1-18 of ");
	console_type(&console, "/copied");
	console_expect(&console, "/copied_");
	console_expect(&console, "not here");
	console_type(&console, "\177\177\177\177\177\177orphan\r");
	console_expect(&console, "n, N go on");
	console_expect(&console, "▸");
	console_type(&console, "n");
	console_type(&console, "N");
	console_expect(&console, "orphan");
	console_type(&console, "/zz");
	console_expect(&console, "/zz_");
	console_type(&console, ESC); /* the word is forgotten, the help stays */
	console_expect(&console, "/ looks for a word");
	console_type(&console, "/zzzz\r");
	console_expect(&console, "zzzz is not here");
	console_type(&console, ESC);
	console_expect_gone(&console, "zzzz is not here");
	/* A word nobody knows, of which some are a part. */
	console_type(&console, "help ime_wai\r");
	console_expect_row(&console, -3, "nothing is known about `ime_wai`");
	console_expect(&console, "TIME_WAIT");
	console_expect(&console, "n, N go on");
	console_type(&console, ESC);
	console_expect_gone(&console, "n, N go on");
	console_type(&console, "help recvq\r");
	console_expect(&console, "sock_diag's idiag_rqueue");
	console_resize(&console, 16, 60);
	console_expect(&console, " 1-10 of ");
	console_resize(&console, 24, 80);
	/* N leads back to where n came from. */
	console_type(&console, "help orphan\r");
	console_expect(&console, "┏ help: orphan");
	console_type(&console, "/sock\r");
	console_expect(&console, "▸    kernel");
	console_type(&console, "nn");
	console_expect(&console, "▸    told by");
	console_type(&console, "N");
	console_expect(&console, "▸             (include/net/sock.h)");
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),   cmocka_unit_test(test_past),
		cmocka_unit_test(test_mouse),  cmocka_unit_test(test_word),
		cmocka_unit_test(test_sizes),  cmocka_unit_test(test_search),
		cmocka_unit_test(test_panels),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
