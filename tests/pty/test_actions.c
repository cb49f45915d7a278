/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_actions.c - F4 as a person uses it: what is certain, why not, search, the other side. */
#include "console.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define ESC "\033"
#define F3 "\033OR"
#define F4 "\033OS"
#define END "\033OF"

/* The free lab, with a connection. */
static void lab_open(struct console *console)
{
	static const struct start plain;

	console_open(console, &plain);
	console_expect(console, "The free lab");
	console_type(console, "open\r");
	console_expect(console, "ESTABLISHED");
}

static void test_forecast(void **state)
{
	struct console console;

	(void)state;
	lab_open(&console);
	console_type(&console, "c close\r");
	console_expect(&console, "CLOSE_WAIT");
	console_type(&console, F4);
	console_expect(&console, "what the server can do now · CLOSE_WAIT");
	console_expect(&console, "the peer is closed: RST answers");
	console_expect(&console, "returns 0: the peer's FIN is the end of file");
	console_expect(&console, "the second: LAST_ACK");
	console_type(&console, F3);
	console_expect(&console, "what the client can do now");
	console_type(&console, "write"); /* not with a closed descriptor: the search finds why */
	console_expect(&console, "fd 3 is closed: it would fail with EBADF");
	console_expect_row(&console, -4, "/write_");
	console_type(&console, "\r");
	console_expect_row(&console, -3, "EBADF");
	console_close(&console);
}

static void test_search(void **state)
{
	struct console console;

	(void)state;
	lab_open(&console);
	console_type(&console, F4);
	console_expect(&console, "1 of ");
	console_type(&console, "zzz");
	console_expect(&console, "nothing is found");
	console_type(&console, "\b\b\b");
	console_expect(&console, "/_");
	console_type(&console, "\b");
	console_expect(&console, "letters search");
	console_type(&console, "/sigpipe");
	console_expect_gone(&console, "write \"hello\"  ");
	console_type(&console, ESC);
	console_expect(&console, "letters search");
	console_expect(&console, "drain");
	console_type(&console, "linger 0\r"); /* one that is to be changed goes on the prompt */
	console_expect_row(&console, -2, "server> set linger 0");
	console_type(&console, "\r");
	console_expect(&console, "setsockopt");
	console_type(&console, F4 END);
	console_expect(&console, "not on loopback: `link wire` first");
	console_type(&console, F4);
	console_expect_gone(&console, "what the server can do now");
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forecast),
		cmocka_unit_test(test_search),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("actions", tests, NULL, NULL);
}
