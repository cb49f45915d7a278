/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_terminal.c - all sorts of terminals: small, resized, poor in colours, none at all. */
#include "console.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct start plain;

static void test_too_small(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &(struct start){.rows = 12, .columns = 50});
	console_expect(&console, "bothends needs 60 x 16");
	console_expect(&console, "this is 50 x 12");
	console_resize(&console, 5, 20);
	console_expect(&console, "16, this is 20 x 5");
	console_type(&console, "open\r"); /* it works all the same */
	console_resize(&console, 24, 80);
	console_expect(&console, "ESTABLISHED");
	console_resize(&console, 1, 1);
	console_type(&console, "c clo");
	console_resize(&console, 2, 3);
	console_type(&console, "se\r");
	console_resize(&console, 16, 60);
	console_expect(&console, "CLOSE_WAIT");
	console_resize(&console, 60, 200);
	console_expect(&console, "rcvbuf");
	console_expect_row(&console, -1, "F10 quit");
	console_type(&console, "\004");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_close(&console);
}

static void test_resize_while_typing(void **state)
{
	struct console console;
	char typed[64] = "";

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	for (int i = 0; i < 20; i++) {
		char letter[2] = {(char)('a' + i), '\0'};

		console_type(&console, letter);
		strcat(typed, letter);
		console_resize(&console, 16 + i * 7 % 40, 60 + i * 31 % 120);
		if (i % 5 == 4)
			console_expect_row(&console, -2, typed);
	}
	console_resize(&console, 24, 80);
	console_expect_row(&console, -2, typed);
	console_expect_row(&console, -1, "PgDn next");
	console_close(&console);
}

/* How many different colours of text and ground the screen uses, default ones apart. */
static void count_colours(struct console *console, int *indexed, int *high)
{
	*indexed = *high = 0;
	for (int y = 0; y < console->rows; y++)
		for (int x = 0; x < console->columns; x++) {
			VTermScreenCell cell = console_cell(console, y, x);
			VTermColor *both[] = {&cell.fg, &cell.bg};

			for (int i = 0; i < 2; i++) {
				if (VTERM_COLOR_IS_DEFAULT_FG(both[i]) ||
				    VTERM_COLOR_IS_DEFAULT_BG(both[i]))
					continue;
				if (!VTERM_COLOR_IS_INDEXED(both[i]))
					continue;
				++*indexed;
				*high += both[i]->indexed.idx >= 16;
			}
		}
}

static void test_colours(void **state)
{
	static const struct {
		const char *env[3];
		bool colours, many;
	} cases[] = {
		{{"TERM=xterm-256color", NULL}, true, true},
		{{"TERM=xterm-color", NULL}, true, false},
		{{"TERM=linux", NULL}, true, false},
		{{"TERM=vt100", NULL}, false, false},
		{{"TERM=xterm-256color", "NO_COLOR=1", NULL}, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct console console;
		int indexed, high;

		console_open(&console, &(struct start){.env = cases[i].env});
		console_expect_row(&console, -2, "server>");
		console_type(&console, "open\r");
		console_expect(&console, "accept(3…) = 4");
		count_colours(&console, &indexed, &high);
		if ((indexed > 0) != cases[i].colours || (high > 0) != cases[i].many)
			fail_console(&console, "%s %s: %d cells with colours, %d of them beyond 16",
				     cases[i].env[0], cases[i].env[1] ? cases[i].env[1] : "",
				     indexed, high);
		console_close(&console);
	}
}

static void test_ascii(void **state)
{
	const char *env[] = {"LC_ALL=C", NULL}, *args[] = {"--ascii", NULL};
	const struct start starts[] = {{.env = env}, {.args = args}};

	(void)state;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		struct console console;

		console_open(&console, &starts[i]);
		console_expect_row(&console, -2, "server>");
		console_type(&console, "open\r");
		console_expect(&console, "o ESTABLISHED");
		console_type(&console, "c close\r");
		console_expect(&console, "FIN_WAIT2 - orphan");
		if (!console_shows(&console, "no capture"))
			console_expect(&console, "F. ");
		if (!i) { /* what cannot be typed is not left out in silence */
			console_type(&console, "write \"\303\244");
			console_expect_row(&console, -3, "the locale has ASCII only");
			console_type(&console, "\003");
		}
		console_type(&console, "\033OP");
		console_expect(&console, "help");
		assert_false(console.high);
		console_close(&console);
	}
}

/* Run it with this as all three descriptors but standard error; its exit status and its words. */
static int run_without(const char *input, const char *output, char *said, size_t size)
{
	int pipe_fd[2], status;
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(pipe_fd), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(open(input, O_RDONLY), 0);
		dup2(open(output, O_WRONLY), 1);
		dup2(pipe_fd[1], 2);
		setenv("TERM", "xterm", 1);
		execl(TEST_BUILD "/bothends", "bothends", (char *)NULL);
		_exit(126);
	}
	close(pipe_fd[1]);
	while (len < size - 1 && (n = read(pipe_fd[0], said + len, size - 1 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	close(pipe_fd[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_no_terminal(void **state)
{
	const char *const terms[][2] = {{"TERM=nosuchterminal", NULL}, {"TERM", NULL}};
	struct console console;
	char said[1024];

	(void)state;
	assert_int_equal(run_without("/dev/null", "/dev/null", said, sizeof(said)), 2);
	assert_non_null(strstr(said, "terminal"));
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1); /* one line */
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		console_open(&console, &(struct start){.env = terms[i]});
		console_expect(&console, "TERM");
		console_expect(&console, "--plain");
		assert_int_equal(WEXITSTATUS(console_wait(&console, PATIENCE_MS)), 2);
		console_expect_restored(&console);
		console_close(&console);
	}
}

static void test_idle(void **state)
{
	struct console console;
	long long before, until = now_ms() + PATIENCE_MS;
	size_t bytes;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, "open\r");
	console_expect(&console, "accept(3…) = 4");
	/* Until nothing has come for a while: the last delayed ACK is over. */
	do {
		bytes = console.bytes;
		console_pump(&console, 300);
		if (now_ms() > until)
			fail_console(&console, "the screen never rests");
	} while (console.bytes != bytes);
	before = console_wakeups(&console);
	console_expect_quiet(&console, 2000);
	/* Where the machine tells it nothing, the engine has to look for itself. */
	assert_in_range(console_wakeups(&console) - before, 0,
			console_shows(&console, "no capture") ? 4 : 0);
	/* While an age is shown it counts once a second, no more. */
	console_type(&console, "read\r");
	console_expect(&console, "blocked in read(4…) 1 s");
	before = console_wakeups(&console);
	console_expect(&console, "blocked in read(4…) 4 s");
	assert_in_range(console_wakeups(&console) - before, 1, 12);
	console_close(&console);
}

/* What libraries write to standard error waits until the screen has gone. */
static void test_stderr(void **state)
{
	char path[] = "/tmp/bothends-inputrc.XXXXXX", variable[64];
	const char *env[] = {variable, NULL};
	struct console console;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	dprintf(fd, "set no-such-variable on\n\"\\C-xq\": \"write\"\n");
	close(fd);
	snprintf(variable, sizeof(variable), "INPUTRC=%s", path);
	console_open(&console, &(struct start){.env = env});
	console_expect_row(&console, -2, "server>");
	console_type(&console, "\030q"); /* the file is honoured */
	console_expect_row(&console, -2, "server> write");
	console_type(&console, "\003open\r");
	console_expect(&console, "accept(3…) = 4");
	assert_false(console_shows(&console, "no-such-variable"));
	console_type(&console, "\004");
	assert_int_equal(console_wait(&console, PATIENCE_MS), 0);
	console_expect(&console, "no-such-variable");
	unlink(path);
	console_close(&console);
}

static void test_mouse(void **state)
{
	struct console console;

	(void)state;
	console_open(&console, &plain);
	console_expect_row(&console, -2, "server>");
	console_type(&console, "\033[<0;5;4M\033[<0;5;4m"); /* on the client's panel */
	console_expect_row(&console, -2, "client>");
	console_type(&console, "open\r");
	console_expect(&console, "accept(3…) = 4");
	console_type(&console, "\033[<64;20;15M"); /* the wheel, up */
	console_expect_row(&console, 0, "THE PAST");
	console_type(&console, "\033[<65;20;15M\033[<65;20;15M");
	console_expect_gone(&console, "THE PAST");
	console_type(&console, "\033[<0;20;12M\033[<0;20;12m"); /* on a line of the journal */
	console_expect_row(&console, 0, "THE PAST");
	console_expect_row(&console, -1, "PgDn forward"); /* the last that is drawn */
	console_pump(&console, 200);
	/* What is not asked for, and half of something, holds nothing up. */
	console_type(&console, "\033[<2;5;4M");
	console_expect_quiet(&console, 200);
	console_type(&console, "\033[<2;5;4m\033[<0;1");
	kill(console.pid, SIGTERM);
	assert_int_equal(WEXITSTATUS(console_wait(&console, PATIENCE_MS)), 128 + SIGTERM);
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_too_small),   cmocka_unit_test(test_resize_while_typing),
		cmocka_unit_test(test_colours),	    cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_no_terminal), cmocka_unit_test(test_idle),
		cmocka_unit_test(test_stderr),	    cmocka_unit_test(test_mouse),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
