/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_killed.c - the lab killed with SIGKILL at many moments leaves nothing behind.
 *
 * A moment is a system call of the lab: it runs under ptrace and is killed at its first, fourth,
 * seventh ... until it ends before its turn. This process is the subreaper, so whatever survives
 * the lab becomes its child; and it runs in a user namespace with room for few namespaces, so that
 * those that are not given back are soon missed.
 */
#include "../room.h"
#include "leftover.h"

#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define MOMENTS 30000 /* system calls; a whole run has fewer */

/* Idle, blocked, stopped and forked processes: not all of them could end by themselves. */
static const char on_loopback[] = "open\n"
				  "server fork\n"
				  "client write \"hello\"\n"
				  "child read\n"
				  "child read\n"
				  "expect child blocked in read\n"
				  "client stop\n"
				  "expect client recvq 0\n"
				  "server kill\n"
				  "expect server killed SIGTERM\n"
				  "client cont\n"
				  "client write \"hello\"\n"
				  "expect child read = 5\n";

/* Segments in mid-wire, an orphan that no host could get rid of by itself, a host that crashed. */
static const char on_wire[] = "link wire\n"
			      "open\n"
			      "wire hold\n"
			      "client write \"hello\"\n"
			      "client close\n"
			      "server read\n"
			      "expect server blocked in read\n"
			      "expect client state FIN_WAIT1\n"
			      "server crash\n"
			      "server reboot\n"
			      "wire mend\n"
			      "expect client gone\n";

/* A run on the wire takes four networks, and the kernel is slow to give them back. */
static const struct trial {
	const char *script;
	int room;  /* namespaces of each kind */
	int every; /* runs between two looks at that room */
	int steps; /* the next moment is one and this part of it later */
} loopback = {on_loopback, 16, 8, 40}, wire = {on_wire, 48, 8, 16}, *trial;

/* In the process that tries it there is no cmocka to fail into. */
static void fail_at(int64_t moment, const char *what)
{
	print_message("# killed at system call %lld or shortly before: %s\n", (long long)moment,
		      what);
	fflush(stdout);
	_exit(1);
}

static void none_left(int64_t moment)
{
	if (!leftover_no_process())
		fail_at(moment, "a process is left");
}

static void room_check(int64_t moment)
{
	if (!leftover_no_namespace())
		fail_at(moment, "a namespace is left");
}

/* Run the script and kill the lab at this system call. */
enum ending { KILLED, ENDED_BEFORE, NO_ROOM };
static enum ending run_and_kill(const char *file, int64_t moment)
{
	int64_t calls = 0;
	int status, signo = 0;
	pid_t lab = fork();

	if (lab == 0) {
		int null = open("/dev/null", O_RDWR);
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		/* Leaks cannot be looked for under ptrace. */
		setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			_exit(77);
		execl(TEST_BUILD "/bothends", "bothends", "run", "--json", file, (char *)NULL);
		_exit(78);
	}
	if (lab < 0)
		fail_at(moment, strerror(errno));
	for (;;) {
		if (waitpid(lab, &status, 0) != lab)
			fail_at(moment, strerror(errno));
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			/* Namespaces given back shortly before are not free yet. */
			if (WIFEXITED(status) && WEXITSTATUS(status) == 3)
				return NO_ROOM;
			if (WIFSIGNALED(status) || WEXITSTATUS(status))
				fail_at(moment, "left alone, it does not end with exit status 0");
			return ENDED_BEFORE;
		}
		signo = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
		if (!signo && ++calls > moment)
			break;
		ptrace(PTRACE_SYSCALL, lab, NULL, signo);
	}
	kill(lab, SIGKILL);
	while (waitpid(lab, &status, 0) == lab && !WIFSIGNALED(status) && !WIFEXITED(status))
		;
	return KILLED;
}

/* The same, once there is room for it. */
static bool run_in_room(const char *file, int64_t moment)
{
	const int64_t end = room_clock() + 20 * NS_PER_S;
	enum ending ending;

	while ((ending = run_and_kill(file, moment)) == NO_ROOM) {
		none_left(moment);
		if (room_clock() > end)
			fail_at(moment, "no namespace becomes free");
		poll(NULL, 0, 20);
	}
	none_left(moment);
	return ending == KILLED;
}

/* In a process of its own: it changes what it is. Exit status 0, 1 or 77 (cannot be tried). */
static int everything(uid_t as)
{
	char file[] = "/tmp/bothends-killed.XXXXXX";
	int64_t moment, runs = 0;
	int fd;

	fd = mkstemp(file);
	if (fd < 0 || room_file_put(file, trial->script))
		return 1;
	close(fd);
	if (leftover_begin(as, trial->room)) {
		unlink(file);
		return 77;
	}
	for (moment = 1; moment < MOMENTS; moment += 1 + moment / trial->steps) {
		bool killed = run_in_room(file, moment);

		if (++runs % trial->every == 0 || !killed)
			room_check(moment);
		if (!killed)
			break;
	}
	unlink(file);
	print_message("# killed at %lld moments, the last one system call %lld\n", (long long)runs,
		      (long long)moment);
	return moment < MOMENTS && runs > 20 ? 0 : 1;
}

static void try_as(uid_t as)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		int result = everything(as);

		fflush(stdout);
		_exit(result);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77) {
		print_message("# no user namespace to try it in\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void killed_as_root(void **state)
{
	(void)state;
	trial = &loopback;
	try_as(0);
}

static void killed_as_user(void **state)
{
	(void)state;
	trial = &loopback;
	try_as(1000);
}

static void try_wire_as(uid_t as)
{
	trial = &wire;
	if (access("/dev/net/tun", R_OK | W_OK)) {
		print_message("# no /dev/net/tun to try it with\n");
		skip();
	}
	try_as(as);
}

static void killed_wire_as_root(void **state)
{
	(void)state;
	try_wire_as(0);
}

static void killed_wire_as_user(void **state)
{
	(void)state;
	try_wire_as(1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed_as_root),
		cmocka_unit_test(killed_as_user),
		cmocka_unit_test(killed_wire_as_root),
		cmocka_unit_test(killed_wire_as_user),
	};

	return cmocka_run_group_tests_name("killed", tests, NULL, NULL);
}
