/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_hosts_leak.c - hosts that crash and come up again, over and over, each with an orphan in
 * FIN_WAIT1: no descriptor, no process and no network namespace stays behind.
 *
 * An orphan would keep its namespace for minutes. The kernel gives a namespace back some time after
 * its last user and tells nobody, and its own count (/proc/slabinfo) is the whole machine's. So the
 * test runs in a user namespace that has room for few: when all of that room can be had again,
 * nothing is left.
 *
 * CRASHES=1000 crashes that many instead of the usual number.
 */
#include "../room.h"
#include "play.h"

#include <stdio.h>
#include <sys/resource.h>

#define STATUS_SKIP 77
#define CRASHES 60
#define ROOM 24		      /* network namespaces */
#define LAB_ROOM 3	      /* of these the lab has for itself and its hosts */
#define BOUND (30 * NS_PER_S) /* for the kernel to give them back */

/* The kernel's own count; -1: not to be had. */
static int namespaces_counted(void)
{
	static char text[1 << 16];
	char *at = strstr(slurp("/proc/slabinfo", text, sizeof(text)), "\nnet_namespace ");

	return at ? atoi(at + strlen("\nnet_namespace ")) : -1;
}

/* The same when it has come down to what it was, or does not for a while: others count too. */
static int namespaces_settled(int before)
{
	int64_t until = clock_ns() + 3 * NS_PER_S;

	while (namespaces_counted() > before && clock_ns() < until)
		poll(NULL, 0, 20);
	return namespaces_counted();
}

/* There may be no room for a moment: the old hosts' is not given back yet. */
static void reboot(struct play *p, const char *line)
{
	int64_t until = clock_ns() + BOUND;
	struct err err = {0};

	while (play_line(p, line, strlen(line), &err)) {
		play_assert(p, strstr(err.text, "ENOSPC") != NULL);
		play_assert(p, clock_ns() < until);
		play_turns(p, 10 * NS_PER_MS);
	}
}

static void crash_both(struct play *p)
{
	play(p, "open\n"
		"wire hold\n"
		"client close\n"
		"server close\n"
		"expect client state FIN_WAIT1\n"
		"expect server state FIN_WAIT1\n"
		"client crash");
	reboot(p, "client reboot");
	play(p, "server crash");
	reboot(p, "server reboot");
	play(p, "wire mend");
}

static void crashes(void)
{
	const char *wanted = getenv("CRASHES");
	int crashes = wanted ? atoi(wanted) : CRASHES, before = namespaces_counted();
	unsigned fds, processes, fds_first = proc_count_fds(getpid());
	int64_t begun = clock_ns(), took;
	struct play *p;

	if (room_limit(geteuid(), ROOM)) {
		print_message("# no user namespace to count namespaces in: %s\n", strerror(errno));
		_exit(STATUS_SKIP);
	}
	p = play_new();
	play_needs_apart(p, FEATURE_TUN, STATUS_SKIP);
	play(p, "link wire");
	crash_both(p);
	play(p, "open");
	fds = proc_count_fds(getpid());
	processes = proc_children(getpid());
	for (int i = 0; i < crashes; i += 2)
		crash_both(p);
	play(p, "open");
	play_assert_int(p, proc_count_fds(getpid()), fds);
	play_assert_int(p, proc_children(getpid()), processes);
	play_assert_int(p, room_left(ROOM - LAB_ROOM, CLONE_NEWNET, BOUND), ROOM - LAB_ROOM);
	took = clock_ns() - begun;
	play_free(p);
	assert_int_equal(proc_children(getpid()), 0);
	assert_int_equal(proc_count_fds(getpid()), fds_first);
	/* The lab's own namespace is this process's too. */
	assert_int_equal(room_left(ROOM - 1, CLONE_NEWNET, BOUND), ROOM - 1);
	print_message("# %d crashes and reboots in %.1f s: %u descriptors, %u processes; network "
		      "namespaces of the whole machine %d, then %d\n",
		      crashes, (double)(took) / NS_PER_S, fds, processes, before,
		      namespaces_settled(before));
}

static void test_crashes(void **unused)
{
	int status;
	pid_t pid;

	(void)unused;
	fflush(stdout);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		setenv("CMOCKA_TEST_ABORT", "1", 1);
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		crashes();
		fflush(stdout);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_SKIP)
		skip();
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
