/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_typing.c - a newcomer's first minute: start, type, complete, look back, leave. */
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

#define PAGE_UP "\033[5~"
#define PAGE_DOWN "\033[6~"
#define END "\033[F"
#define END_KEYPAD "\033OF"
#define F1 "\033OP"
#define F4 "\033OS"
#define F10 "\033[21~"

static const struct start plain;

static void test_first_screen(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &plain);
	console_expect(&console, "the free lab");
	console_expect(&console, "The free lab");
	console_expect(&console, "F2");
	console_expect(&console, "client · pid");
	console_expect(&console, "server · pid");
	console_expect(&console, "no socket yet");
	console_expect_row(&console, -2, "server>");
	console_expect_row(&console, -1, "PgDn next");
	console_type(&console, "quit\r");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_expect_restored(&console);
	console_close(&console);
}

static void test_open_and_close(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, "open\r");
	console_expect_row(&console, 2, "● ESTABLISHED");
	console_type(&console, "c close\r");
	console_expect(&console, "● CLOSE_WAIT");
	console_expect(&console, "FIN_WAIT2 · orphan");
	console_expect(&console, "Recv-Q 1");
	console_expect(&console, "✗ closed");
	console_type(&console, "write \"123\"\r");
	console_expect(&console, "CLOSE · gone");
	console_type(&console, "write \"A\"\r");
	console_expect(&console, "✗ killed by SIGPIPE");
	/* A dead side says so, and what to do. */
	console_type(&console, "write \"B\"\r");
	console_expect_row(&console, -3, "server");
	console_type(&console, "\004");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_close(&console);
}

static void test_mistakes(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, "wriet \"x\"\r");
	console_expect_row(&console, -3, "write");
	console_expect(&console, "The free lab"); /* nothing has been journalled */
	console_type(&console, "x");
	console_expect_row(&console, -2, "server> x");
	console_type(&console, "\003"); /* Ctrl-C clears the line */
	console_expect_gone(&console, "server> x");
	console_type(&console, F10);
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_close(&console);
}

static void test_completion(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, "shutd\t");
	console_expect_row(&console, -2, "server> shutdown");
	console_type(&console, "\t");
	console_expect_row(&console, -3, "rdwr");
	console_type(&console, "w\t");
	console_expect_row(&console, -2, "server> shutdown wr");
	/* The hint says what is expected in words. */
	console_type(&console, "\003write ");
	console_expect_row(&console, -3, "DATA");
	console_close(&console);
}

static void test_utf8(void **state)
{
	struct console console;
	VTermPos cursor;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, "write \"a\xc3");
	console_type(&console, "\xa9\xe6\xbc\xa2\xe5"); /* cut inside characters */
	console_type(&console, "\xad\x97");
	console_expect_row(&console, -2, "server> write \"aé漢字");
	vterm_state_get_cursorpos(vterm_obtain_state(console.vt), &cursor);
	assert_int_equal(cursor.row, 22);
	assert_int_equal(cursor.col, 21);
	console_type(&console, "\033[D\177"); /* left over one that is two wide; rub one out */
	console_expect_row(&console, -2, "server> write \"aé字");
	vterm_state_get_cursorpos(vterm_obtain_state(console.vt), &cursor);
	assert_int_equal(cursor.col, 17);
	console_close(&console);
}

static void test_long_line(void **state)
{
	struct console console;
	VTermPos cursor;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, "write \"");
	for (int i = 0; i < 30; i++)
		console_type(&console, "abcdefg");
	console_type(&console, "THEEND");
	console_expect_row(&console, -2, "THEEND");
	vterm_state_get_cursorpos(vterm_obtain_state(console.vt), &cursor);
	assert_in_range(cursor.col, 8, 79);
	console_type(&console, "\001"); /* Ctrl-A */
	console_expect_row(&console, -2, "server> write \"abc");
	console_close(&console);
}

static void test_paste(void **state)
{
	struct console console;
	size_t len = 100000;
	char *paste = malloc(len);

	(void)state;
	assert_non_null(paste);
	memset(paste, 'x', len);
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_send(&console, paste, len);
	console_expect_row(&console, -3, "too long");
	console_type(&console, "\003");
	console_expect_gone(&console, "xxx");
	/* The same in lines, none of them a command: the first mistake ends it. */
	for (size_t i = 50; i < len; i += 50)
		paste[i] = '\r';
	console_send(&console, paste, len);
	console_type(&console, "\003");
	console_expect_gone(&console, "> xxx");
	console_type(&console, "open\r");
	console_expect(&console, "ESTABLISHED");
	free(paste);
	console_close(&console);
}

/* Whatever bytes come: noise, half sequences, the marks of a paste that nobody asked for. */
static void test_noise(void **state)
{
	struct console console;
	unsigned seed = 1;
	char noise[20000];

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++) {
		do
			noise[i] = (char)((seed = seed * 1103515245 + 12345) >> 16);
		while (strchr("\004\032\r\n\0170", noise[i])); /* no end, no stop, no command */
	}
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, "\033[200~abc\033[201~");
	console_send(&console, noise, sizeof(noise));
	console_type(&console, "\003\033\003\003");
	console_type(&console, "\003open\r");
	console_expect_row(&console, 2, "ESTABLISHED");
	console_type(&console, "write \"1\"\r");
	/* Whichever descriptor: the noise may have picked an action from a list. */
	console_expect(&console, "\"1\", 1) = 1");
	console_close(&console);
}

/* A paste of commands plays them one after another. */
static void test_paste_of_commands(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, "open\rc close\rwait 20ms\rwrite \"123\"\rsignal PIPE ignore\r"
			       "write \"A\"\r");
	console_expect(&console, "-1 EPIPE");
	console_close(&console);
}

static void test_past(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, "open\r");
	console_expect_row(&console, 2, "ESTABLISHED");
	console_type(&console, "c close\r");
	console_expect(&console, "CLOSE_WAIT");
	console_expect(&console, "FIN_WAIT2 · orphan");
	/* Back to the moment before the close; how far that is depends on what is seen. */
	for (int i = 0; i < 20 && !strstr(console_row(&console, 2), "╎ ● ESTABLISHED"); i++) {
		long long until = now_ms() + PATIENCE_MS;
		char before[512];

		snprintf(before, sizeof(before), "%s", console_row(&console, 0));
		console_type(&console, PAGE_UP);
		while (!strcmp(before, console_row(&console, 0))) {
			assert_true(now_ms() < until);
			console_pump(&console, 50);
		}
		while (console_pump(&console, 20)) /* the rest of that frame */
			;
	}
	console_expect_row(&console, 0, "THE PAST");
	console_expect_row(&console, 2, "╎ ● ESTABLISHED");
	console_expect_gone(&console, "● CLOSE_WAIT");
	console_type(&console, PAGE_DOWN);
	console_expect_row(&console, 0, "THE PAST");
	console_type(&console, END);
	console_type(&console, END_KEYPAD);
	console_expect_gone(&console, "THE PAST");
	console_expect(&console, "FIN_WAIT2 · orphan");
	/* A command returns to now: what it does is seen. */
	console_type(&console, PAGE_UP PAGE_UP);
	console_expect_row(&console, 0, "THE PAST");
	console_type(&console, "write \"1\"\r");
	console_expect_gone(&console, "THE PAST");
	console_expect(&console, "CLOSE · gone");
	console_close(&console);
}

/* Whole seconds of an age that the screen shows; -1: it shows none. */
static int shown_age(struct console *console)
{
	for (int y = 0; y < console->rows; y++) {
		const char *row = console_row(console, y),
			   *at = strstr(row, "blocked in read(4…) ");

		if (at)
			return atoi(at + strlen("blocked in read(4…) "));
	}
	return -1;
}

static void test_blocked_age(void **state)
{
	struct console console;
	long long until;
	char typed[8] = "";

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, "open\r");
	console_expect(&console, "ESTABLISHED");
	console_type(&console, "read\r");
	console_expect(&console, "blocked in read(4…)");
	/* It counts while a line is being typed, a letter a second. */
	until = now_ms() + PATIENCE_MS;
	for (int age = 0; age < 3;) {
		if (shown_age(&console) > age) {
			age = shown_age(&console);
			typed[strlen(typed)] = (char)('a' + age);
			console_type(&console, (char[]){(char)('a' + age), '\0'});
			console_expect_row(&console, -2, typed);
		}
		if (now_ms() > until)
			fail_console(&console, "the age stands still at %d", age);
		console_pump(&console, 50);
	}
	console_type(&console, "\003interrupt\r");
	console_expect(&console, "EINTR");
	console_expect_gone(&console, "blocked in");
	console_close(&console);
}

static void test_help_and_actions(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, F1);
	console_expect(&console, "┏ help");
	console_expect(&console, "PgDn");
	console_type(&console, PAGE_DOWN PAGE_DOWN PAGE_DOWN);
	console_expect(&console, "open [tcp|socketpair|pipe]");
	console_type(&console, "\033");
	console_expect_gone(&console, "┏ help");
	console_type(&console, "?");
	console_expect(&console, "what the server can do now");
	console_expect(&console, "▶1  open");
	console_type(&console, "\r");
	console_expect(&console, "accept(3…) = 4");
	console_type(&console, "\0334"); /* Esc 4 for a terminal without F4 */
	console_expect(&console, "what the server can do now");
	console_type(&console, "1"); /* something is to be filled in: it goes on the prompt */
	console_expect_row(&console, -2, "server> write \"hello\"");
	console_type(&console, "\r");
	console_expect(&console, "write(4…) = 5");
	console_type(&console, F4);
	console_expect(&console, "what the server can do now");
	console_close(&console);
}

static void test_history(void **state)
{
	char home[] = "/tmp/bothends-pty.XXXXXX", state_home[64], path[128];
	const char *env[] = {state_home, NULL};
	struct console console;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(home));
	snprintf(state_home, sizeof(state_home), "XDG_STATE_HOME=%s", home);
	for (int run = 0; run < 2; run++) {
		console_open(&console, &(struct start){.env = env});
		console_expect_row(&console, -2, "server>");
		if (!run) {
			console_type(&console, "wait 1ms\r");
			console_expect(&console, "wait 1ms");
		}
		console_type(&console, "\033[A"); /* up */
		console_expect_row(&console, -2, "server> wait 1ms");
		console_type(&console, "\003\004");
		assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
		console_close(&console);
	}
	/* What is no history is one line, and the lab goes on. */
	snprintf(path, sizeof(path), "%s/bothends/history", home);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	console_open(&console, &(struct start){.env = env});
	console_expect(&console, "history:");
	console_type(&console, "open\r");
	console_expect(&console, "ESTABLISHED");
	console_close(&console);
	assert_int_equal(unlink(path), 0);
	/* Hostile lines are no more than text. */
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("\033]0;pwn\007\n", file);
	fclose(file);
	console_open(&console, &(struct start){.env = env});
	console_watch(&console, "\033]0;pwn");
	console_expect_row(&console, -2, "server>");
	console_type(&console, "\033[A");
	console_expect_row(&console, -2, "]0;pwn");
	assert_false(console.found);
	console_close(&console);
	unlink(path);
	snprintf(path, sizeof(path), "%s/bothends", home);
	rmdir(path);
	rmdir(home);
}

/* Bytes from a peer never reach the terminal as they are. */
static void test_hostile_data(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &plain);
	console_watch(&console, "\033]0;pwn");
	console_expect_row(&console, -2, "server>");
	console_type(&console, "open\r");
	console_expect(&console, "ESTABLISHED");
	console_type(&console, "write \"\\033]0;pwn\\007\\377\\200\\233\"\r");
	console_expect(&console, "write(4…) = 11");
	console_type(&console, "c read\r");
	console_expect(&console, "read(3…) = 11");
	console_expect(&console, "\\033]0;pwn\\a");
	assert_false(console.found);
	assert_string_equal(console.title, "");
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_screen), cmocka_unit_test(test_open_and_close),
		cmocka_unit_test(test_mistakes),     cmocka_unit_test(test_completion),
		cmocka_unit_test(test_utf8),	     cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_paste),	     cmocka_unit_test(test_paste_of_commands),
		cmocka_unit_test(test_noise),	     cmocka_unit_test(test_past),
		cmocka_unit_test(test_blocked_age),  cmocka_unit_test(test_help_and_actions),
		cmocka_unit_test(test_history),	     cmocka_unit_test(test_hostile_data),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("typing", tests, NULL, NULL);
}
