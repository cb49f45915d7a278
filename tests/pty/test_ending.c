/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_ending.c - however the program ends, the terminal is as it was and no process is left. */
#include "console.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct start plain;

/* Dead, but its new parent does not ask: the first process of a container often does not. */
static bool process_zombie(pid_t pid)
{
	char path[64], line[512] = "", *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	end = strrchr(line, ')');
	return end && !strncmp(end, ") Z", 3);
}

/* Wait until no process has this pid. */
static void expect_no_process(pid_t pid)
{
	long long until = now_ms() + PATIENCE_MS;

	assert_true(pid > 1);
	while ((!kill(pid, 0) || errno != ESRCH) && !process_zombie(pid)) {
		if (now_ms() > until)
			fail_msg("process %d is left", (int)pid);
		poll(NULL, 0, 5);
	}
}

/* A lab with a connection, and the pids of its actors. */
static void lab_open(struct console *console, const struct start *start, pid_t actors[2])
{
	console_open(console, start);
	console_expect_row(console, -2, "server>");
	console_type(console, "open\r");
	console_expect(console, "accept(3…) = 4");
	actors[0] = console_pid(console, "client");
	actors[1] = console_pid(console, "server");
}

static void lab_gone(struct console *console, const pid_t actors[2])
{
	expect_no_process(actors[0]);
	expect_no_process(actors[1]);
	console_close(console);
}

/* Signals that end it in good order: the exit status names them. */
static void test_orderly(void **state)
{
	static const int signals[] = {SIGTERM, SIGHUP, SIGQUIT};

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct console console;
		pid_t actors[2];
		int status;

		lab_open(&console, &plain, actors);
		kill(console.pid, signals[i]);
		status = console_wait(&console, PATIENCE_MS);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 128 + signals[i]);
		console_expect_restored(&console);
		lab_gone(&console, actors);
	}
}

static void test_interrupted_twice(void **state)
{
	struct console console;
	pid_t actors[2];

	(void)state;
	lab_open(&console, &plain, actors);
	console_type(&console, "half a line");
	console_expect_row(&console, -2, "half a line");
	kill(console.pid, SIGINT);
	console_expect_row(&console, -3, "once more");
	console_expect_gone(&console, "half a line");
	kill(console.pid, SIGINT);
	assert_int_equal(WEXITSTATUS(console_wait(&console, PATIENCE_MS)), 128 + SIGINT);
	console_expect_restored(&console);
	lab_gone(&console, actors);
}

/* Crashes: the terminal is restored and the wait status is the truth. */
static void test_crashes(void **state)
{
	static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS};

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct console console;
		pid_t actors[2];
		int status;

		lab_open(&console, &plain, actors);
		kill(console.pid, signals[i]);
		status = console_wait(&console, PATIENCE_MS);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[i]);
		console_expect_restored(&console);
		lab_gone(&console, actors);
	}
}

static void test_killed(void **state)
{
	struct console console;
	pid_t actors[2];
	int status;

	(void)state;
	lab_open(&console, &plain, actors);
	kill(console.pid, SIGKILL);
	status = console_wait(&console, PATIENCE_MS);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	console_expect_restored(&console);
	lab_gone(&console, actors);
}

/* The window is closed: an orderly end within a second, and never a busy loop on the way. */
static void test_closed_window(void **state)
{
	struct console console;
	pid_t actors[2];
	int status;

	(void)state;
	lab_open(&console, &plain, actors);
	close(console.slave);
	close(console.master);
	console.slave = console.master = -1;
	for (long long until = now_ms() + 5000; !console.ended;) {
		console.ended = waitpid(console.pid, &status, WNOHANG) == console.pid;
		assert_true(now_ms() < until);
		poll(NULL, 0, 5);
	}
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 128 + SIGHUP);
	lab_gone(&console, actors);
}

/* A terminal that takes no more output, as a hung connection: it ends all the same. */
static void test_stuck_terminal(void **state)
{
	struct console console;
	pid_t actors[2];
	size_t waiting = 0, before;
	int status, rounds = 0;

	(void)state;
	lab_open(&console, &plain, actors);
	do { /* until the pty is full and the program stands in write */
		before = waiting;
		for (int i = 0; i < 40; i++) {
			console_resize(&console, 100 + i % 2, 200 + i % 2);
			kill(console.pid, SIGWINCH);
			poll(NULL, 0, 2);
		}
		assert_int_equal(ioctl(console.slave, TIOCOUTQ, &waiting), 0);
		ioctl(console.master, FIONREAD, &waiting);
	} while (waiting != before && ++rounds < 100);
	kill(console.pid, SIGTERM);
	for (long long until = now_ms() + 10000; !console.ended;) {
		console.ended = waitpid(console.pid, &status, WNOHANG) == console.pid;
		assert_true(now_ms() < until);
		poll(NULL, 0, 5);
	}
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 128 + SIGTERM);
	lab_gone(&console, actors);
}

static void block_all(void)
{
	sigset_t set;

	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
}

/* As service managers and CI start programs: it makes no difference. */
static void test_signals_blocked(void **state)
{
	struct console console;
	pid_t actors[2];

	(void)state;
	lab_open(&console, &(struct start){.child = block_all}, actors);
	console_type(&console, "c close\r");
	console_expect(&console, "CLOSE_WAIT");
	console_type(&console, "write \"1\"\r");
	console_expect(&console, "CLOSE · gone");
	console_type(&console, "write \"2\"\r");
	console_expect(&console, "✗ killed by SIGPIPE");
	kill(console.pid, SIGTERM);
	assert_int_equal(WEXITSTATUS(console_wait(&console, PATIENCE_MS)), 128 + SIGTERM);
	console_expect_restored(&console);
	expect_no_process(actors[0]);
	console_close(&console);
}

/* Under a shell with job control: stop, look at the terminal, go on. */
static void test_suspend(void **state)
{
	const char *args[] = {"-i", NULL}, *env[] = {"PS1=ready$ ", "ENV=", NULL};
	struct console console;
	struct termios now;
	long long until;

	(void)state;
	console_open(&console, &(struct start){.args = args, .env = env, .program = "/bin/sh"});
	console_expect(&console, "ready$");
	console_type(&console, TEST_BUILD "/bothends\r");
	console_expect_row(&console, -2, "server>");
	console_type(&console, "open\r");
	console_expect(&console, "accept(3…) = 4");
	console_type(&console, "half");
	console_expect_row(&console, -2, "server> half");
	console_type(&console, "\032"); /* Ctrl-Z */
	console_expect(&console, "ready$");
	console_expect_gone(&console, "server>");
	assert_false(console.alternate);
	until = now_ms() + PATIENCE_MS;
	do {
		assert_int_equal(tcgetattr(console.slave, &now), 0);
		assert_true(now_ms() < until);
		console_pump(&console, 5);
	} while (!(now.c_lflag & ISIG));
	console_type(&console, "fg\r");
	console_expect_row(&console, -2, "server> half");
	console_type(&console, "\003c close\r");
	console_expect(&console, "CLOSE_WAIT");
	console_type(&console, "\004");
	/* Until the shell has the terminal again: what is typed before is lost to it. */
	for (until = now_ms() + PATIENCE_MS; tcgetpgrp(console.master) != console.pid;) {
		assert_true(now_ms() < until);
		console_pump(&console, 5);
	}
	console_type(&console, "exit\n");
	console_wait(&console, PATIENCE_MS);
	console_close(&console);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orderly),		cmocka_unit_test(test_interrupted_twice),
		cmocka_unit_test(test_crashes),		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_closed_window),	cmocka_unit_test(test_stuck_terminal),
		cmocka_unit_test(test_signals_blocked), cmocka_unit_test(test_suspend),
	};

	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("ending", tests, NULL, NULL);
}
