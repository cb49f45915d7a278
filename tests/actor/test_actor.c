/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_actor.c - an actor has what it needs and nothing else, whatever the lab was started with. */
#include "play.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void assert_status(struct play *p, pid_t pid, const char *field, const char *want)
{
	char text[256];

	play_assert_text(p, proc_status(pid, field, text, sizeof(text)), want);
}

static void assert_bare(struct play *p, enum side side)
{
	static const char *const capabilities[] = {"CapInh", "CapPrm", "CapEff", "CapBnd",
						   "CapAmb"};
	pid_t pid = play_pid(p, side);

	/* The bounding set is root's to narrow; no_new_privs makes it useless for others. */
	for (size_t i = 0; i < 5; i++)
		if (!geteuid() || strcmp(capabilities[i], "CapBnd") != 0)
			assert_status(p, pid, capabilities[i], "0000000000000000");
	assert_status(p, pid, "NoNewPrivs", "1");
	assert_status(p, pid, "SigBlk", "0000000000000000");
	assert_status(p, pid, "SigIgn", "0000000000000000");
	/* SIGRTMIN, 34, is how a blocked call is interrupted. */
	assert_status(p, pid, "SigCgt", "0000000200000000");
}

static void test_capabilities_and_signals(void **state)
{
	struct play *p = *state;
	char text[64];

	play(p, "open\n"
		"server fork\n");
	assert_bare(p, SIDE_CLIENT);
	assert_bare(p, SIDE_SERVER);
	assert_bare(p, SIDE_CHILD);
	/* They are seen by name, and nobody's terminal is theirs. */
	play_assert_text(p, proc_status(play_pid(p, SIDE_CLIENT), "Name", text, sizeof(text)),
			 "client");
	play_assert_text(p, proc_status(play_pid(p, SIDE_SERVER), "Name", text, sizeof(text)),
			 "server");
	play_assert_text(p, proc_status(play_pid(p, SIDE_CHILD), "Name", text, sizeof(text)),
			 "child");
	assert_int_equal(getsid(play_pid(p, SIDE_CLIENT)), play_pid(p, SIDE_CLIENT));
}

/* The lab keeps what it works with; above all nothing that passes over file permissions. */
static void test_capabilities_of_the_lab(void **state)
{
	struct play *p = *state;
	char text[64];
	unsigned long long have,
		few = 1ULL << 12 | 1ULL << 13 | 1ULL << 21 | 1ULL << 19 | 1ULL << 5;

	have = strtoull(proc_status(getpid(), "CapEff", text, sizeof(text)), NULL, 16);
	play_assert_int(p, (long long)(have & ~few), 0);
	have = strtoull(proc_status(getpid(), "CapPrm", text, sizeof(text)), NULL, 16);
	play_assert_int(p, (long long)(have & ~few), 0);
}

static void test_descriptors(void **state)
{
	struct play *p = *state;
	char fds[4096];

	play(p, "client signal USR1 default\n"); /* it has started, then */
	play_assert_text(p, proc_fds(play_pid(p, SIDE_CLIENT), false, fds, sizeof(fds)),
			 "0 1 2 100 101 102 ");
	play(p, "open\n"
		"client write 100k\n" /* the pattern of a big write lies at 103 */
		"server fork\n");
	play_assert_text(p, proc_fds(play_pid(p, SIDE_CLIENT), false, fds, sizeof(fds)),
			 "0 1 2 3 100 101 102 103 ");
	play_assert_text(p, proc_fds(play_pid(p, SIDE_SERVER), false, fds, sizeof(fds)),
			 "0 1 2 3 4 100 101 102 ");
	play_assert_text(p, proc_fds(play_pid(p, SIDE_CHILD), false, fds, sizeof(fds)),
			 "0 1 2 3 4 100 101 102 ");
	proc_fds(play_pid(p, SIDE_CLIENT), true, fds, sizeof(fds));
	play_assert(p, strstr(fds, "0 /dev/null 1 /dev/null 2 /dev/null 3 socket:["));
	/* Each channel leaves one end in each process. */
	play(p, "client close\n"
		"open socketpair\n"
		"open pipe\n");
	play_assert_text(p, proc_fds(play_pid(p, SIDE_CLIENT), false, fds, sizeof(fds)),
			 "0 1 2 4 5 100 101 102 103 ");
}

/* Started as CI and service managers do: SIGPIPE ignored, everything blocked, descriptors open. */
static void bad_start(int descriptors)
{
	struct play *p;
	char fds[4096];
	sigset_t all;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGRTMIN, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	/* So many that the lab's own fall on the numbers that are the actors'. */
	while (open("/dev/zero", O_RDONLY) < descriptors - 1)
		;
	p = play_new();
	play(p, "open\n"
		"server fork\n");
	assert_bare(p, SIDE_CLIENT);
	assert_bare(p, SIDE_CHILD);
	proc_fds(play_pid(p, SIDE_SERVER), true, fds, sizeof(fds));
	play_assert(p, !strstr(fds, "/dev/zero"));
	play_assert_text(p, proc_fds(play_pid(p, SIDE_SERVER), false, fds, sizeof(fds)),
			 "0 1 2 3 4 100 101 102 ");
	play(p, "child exit 4\n"
		"expect child exited 4\n"
		"server read\n"
		"server interrupt\n"
		"expect server read fails EINTR\n"
		"client close\n"
		"expect server state CLOSE_WAIT\n"
		"server write \"x\"\n"
		"expect server gone\n"
		"server write \"y\"\n"
		"expect server killed SIGPIPE\n");
	play_free(p);
	_exit(0);
}

/* A process that dies of a signal is the lab's own affair: no core, no crash reporter. */
static void test_no_core(void **state)
{
	struct play *p = *state;
	char path[64], limits[4096], soft[16] = "", hard[16] = "";
	struct rlimit ours;
	const char *line;

	play(p, "open\n");
	snprintf(path, sizeof(path), "/proc/%d/limits", play_pid(p, SIDE_CLIENT));
	line = strstr(slurp(path, limits, sizeof(limits)), "Max core file size");
	play_assert(p, line && sscanf(line, "Max core file size %15s %15s", soft, hard) == 2);
	/* Who is allowed none at all cannot allow himself one. */
	getrlimit(RLIMIT_CORE, &ours);
	play_assert_text(p, soft, ours.rlim_max ? "1" : "0");
	play_assert_text(p, hard, ours.rlim_max ? "1" : "0");
	play(p, "client kill SEGV\n"
		"expect client killed SEGV\n");
}

static void test_bad_start(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	for (int descriptors = 90; descriptors < 102; descriptors++) {
		fflush(stdout);
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			bad_start(descriptors);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(test_capabilities_and_signals),
		PLAY_TEST(test_capabilities_of_the_lab),
		PLAY_TEST(test_descriptors),
		PLAY_TEST(test_no_core),
		cmocka_unit_test(test_bad_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
