/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_ended.c - a lab on a held wire, both ends orphans in FIN_WAIT1, is ended by a signal or
 * loses its terminal: no process and no namespace is left. Either orphan would keep its host alive
 * for minutes.
 */
#include "../room.h"
#include "leftover.h"

#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define ROOM 24
#define SKIP 77
#define BOUND (20 * NS_PER_S)

static const char script[] = "link wire\n"
			     "open\n"
			     "server fork\n"
			     "wire hold\n"
			     "client write \"hello\"\n"
			     "client close\n"
			     "server close\n"
			     "child close\n"
			     "child stop\n"
			     "expect client state FIN_WAIT1\n"
			     "expect server state FIN_WAIT1\n";

static void give_up(const char *what, const char *seen)
{
	print_message("# %s%s%s\n", what, *seen ? ": " : "", seen);
	fflush(stdout);
	_exit(1);
}

/* Read what the lab writes until it has said this; false: it has ended before. */
static bool read_until(int fd, const char *words, char *seen, size_t size)
{
	int64_t end = room_clock() + BOUND;
	size_t len = 0;

	seen[0] = '\0';
	while (!strstr(seen, words)) {
		struct pollfd one = {.fd = fd, .events = POLLIN};
		ssize_t got;

		if (room_clock() > end)
			give_up("it does not come so far", seen);
		if (poll(&one, 1, 100) < 1)
			continue;
		if (len > size / 2) { /* what was long ago */
			memmove(seen, seen + len / 2, len - len / 2 + 1);
			len -= len / 2;
		}
		got = read(fd, seen + len, size - 1 - len);
		if (got <= 0)
			return false;
		for (ssize_t i = 0; i < got; i++)
			if (!seen[len + (size_t)i])
				seen[len + (size_t)i] = ' ';
		len += (size_t)got;
		seen[len] = '\0';
	}
	return true;
}

static void lab_ended(pid_t lab)
{
	int64_t end = room_clock() + BOUND;
	int status;

	while (waitpid(lab, &status, WNOHANG) == 0) {
		if (room_clock() > end)
			give_up("it does not end", "");
		poll(NULL, 0, 5);
	}
	if (!leftover_no_process())
		give_up("a process is left", "");
	if (!leftover_no_namespace())
		give_up("a namespace is left", "");
}

/* `run` waits at the end of its script. */
static void end_run(const char *file, int signal)
{
	static char seen[1 << 16];
	int64_t end = room_clock() + BOUND;
	pid_t lab;
	int out[2];

	do { /* what was given back shortly before may not be free yet */
		if (room_clock() > end)
			_exit(SKIP);
		if (pipe(out))
			give_up("pipe", strerror(errno));
		lab = fork();
		if (lab == 0) {
			sigset_t none;

			sigemptyset(&none);
			sigprocmask(SIG_SETMASK, &none, NULL);
			dup2(out[1], 1);
			dup2(open("/dev/null", O_WRONLY), 2);
			execl(TEST_BUILD "/bothends", "bothends", "run", file, (char *)NULL);
			_exit(78);
		}
		close(out[1]);
		if (read_until(out[0], "> wait", seen, sizeof(seen)))
			break;
		close(out[0]);
		waitpid(lab, NULL, 0);
	} while (true);
	if (!strstr(seen, "✔ expect server state FIN_WAIT1"))
		give_up("both should be in FIN_WAIT1", seen);
	kill(lab, signal);
	lab_ended(lab);
	close(out[0]);
}

/* The lab itself, in a terminal that goes away. */
static void end_terminal(void)
{
	static char seen[1 << 17];
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	const char *line = script;
	int terminal;
	pid_t lab = forkpty(&terminal, NULL, NULL, &size);

	if (lab == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		setenv("TERM", "xterm", 1);
		execl(TEST_BUILD "/bothends", "bothends", (char *)NULL);
		_exit(78);
	}
	if (lab < 0)
		give_up("forkpty", strerror(errno));
	if (!read_until(terminal, "server>", seen, sizeof(seen)))
		give_up("no prompt", seen);
	for (const char *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		if (write(terminal, line, (size_t)(end - line)) < 0 || write(terminal, "\r", 1) < 0)
			give_up("write", strerror(errno));
	}
	/* The server's FIN; the client's went before. */
	if (!read_until(terminal, "F. 1 ack 1  held", seen, sizeof(seen)))
		give_up("both should be in FIN_WAIT1", seen);
	close(terminal);
	lab_ended(lab);
}

/* In a process of its own: it changes what it is. */
static int everything(uid_t as)
{
	static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGKILL};
	char file[] = "/tmp/bothends-ended.XXXXXX", text[1024];
	int fd = mkstemp(file);

	snprintf(text, sizeof(text), "%swait 60s\n", script);
	if (fd < 0 || room_file_put(file, text))
		return 1;
	close(fd);
	if (leftover_begin(as, ROOM)) {
		unlink(file);
		return SKIP;
	}
	end_terminal(); /* first: while all the room is free */
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		end_run(file, signals[i]);
	unlink(file);
	return 0;
}

static void try_as(uid_t as)
{
	int status;
	pid_t pid;

	if (access("/dev/net/tun", R_OK | W_OK)) {
		print_message("# /dev/net/tun: %s\n", strerror(errno));
		skip();
	}
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		int result = everything(as);

		fflush(stdout);
		_exit(result);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == SKIP) {
		print_message("# no user namespace, or no wire, to try it in\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void ended_as_root(void **state)
{
	(void)state;
	try_as(0);
}

static void ended_as_user(void **state)
{
	(void)state;
	try_as(1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ended_as_root),
		cmocka_unit_test(ended_as_user),
	};

	setenv("LC_ALL", "C.UTF-8", 1); /* the marks looked for are not ASCII's */
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests_name("ended", tests, NULL, NULL);
}
