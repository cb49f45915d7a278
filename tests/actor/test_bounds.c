/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_bounds.c - a lab that goes on for long keeps to its size, and ends without a trace. */
#include "play.h"

#include <poll.h>

#define ROUNDS 200

static void test_resets(void **state)
{
	struct play *p = *state;
	unsigned fds, children;

	play(p, "reset\n"
		"reset\n");
	fds = proc_count_fds(getpid());
	children = proc_children(getpid());
	play_assert_int(p, children, 2);
	for (int i = 0; i < ROUNDS; i++)
		play(p, i % 2 ? "reset\n" : "reset\nserver fork\nclient write \"x\"\nchild read\n");
	play(p, "expect client state ESTABLISHED\n"
		"expect server state ESTABLISHED\n");
	play_assert_int(p, proc_count_fds(getpid()), fds);
	play_assert_int(p, proc_children(getpid()), children);
}

static void test_forks(void **state)
{
	struct play *p = *state;
	unsigned fds;

	play(p, "open\n"
		"server fork\n"
		"child exit 1\n");
	fds = proc_count_fds(getpid());
	for (int i = 0; i < ROUNDS; i++)
		play(p, "server fork\n"
			"child exit 1\n"
			"expect child exited 1\n");
	play_assert_int(p, proc_count_fds(getpid()), fds);
	play_assert_int(p, proc_children(getpid()), 2);
	/* Zombies of a server that never waits; with it gone they are ours, and waited for. */
	play_assert_int(p, proc_children(play_pid(p, SIDE_SERVER)), ROUNDS + 1);
	play(p, "server kill\n"
		"expect server killed TERM\n");
	play_turns(p, 20 * NS_PER_MS);
	play_assert_int(p, proc_children(getpid()), 1);
}

/* More descriptors than the lab keeps: refused, not forgotten. */
static void test_descriptors(void **state)
{
	struct play *p = *state;
	struct err err = {0};
	int i;

	play(p, "open\n");
	for (i = 0; i < 100 && !play_line(p, "client dup", 10, &err); i++)
		;
	play_assert_int(p, i, 63);
	play_assert(p, strstr(err.text, "64 descriptors open"));
	play_refused(p, "client connect", "64 descriptors open");
	play_refused(p, "open", "64 descriptors open");
	play_refused(p, "open pipe", "64 descriptors open");
	play_refused(p, "client dup", "64 descriptors open");
	for (i = 0; i < 63; i++)
		play(p, "client close\n");
	play(p, "expect server state ESTABLISHED\n"
		"client close\n"
		"expect server state CLOSE_WAIT\n"
		"client close\n"
		"expect client close fails EBADF\n");
}

/* However a lab is left, nothing of it stays. */
static void free_and_count(const char *script)
{
	unsigned fds = proc_count_fds(getpid());
	struct play *p = play_new();
	pid_t pids[SIDE_COUNT];

	play(p, script);
	for (int side = 0; side < SIDE_COUNT; side++)
		pids[side] = play_pid(p, side);
	play_free(p);
	for (int side = 0; side < SIDE_COUNT; side++)
		if (pids[side])
			assert_int_equal(proc_letter(pids[side]), 0);
	assert_int_equal(proc_children(getpid()), 0);
	assert_int_equal(proc_count_fds(getpid()), fds);
}

static void test_nothing_stays(void **state)
{
	(void)state;
	free_and_count("");
	free_and_count("open");
	free_and_count("open\nserver fork\nchild read\nclient read\nserver read");
	free_and_count("open\nserver fork\nchild stop\nclient stop\nserver stop");
	free_and_count("open\nserver fork\nserver kill\nexpect server killed TERM\nchild read");
	free_and_count("open\nserver fork\nchild exit\nserver fork\nchild kill\nserver fork");
	free_and_count("open\nserver signal CHLD ignore\nserver fork\nchild exit\nserver fork");
	free_and_count("open\nclient write 100M");
	free_and_count("open socketpair\nopen pipe\nclient write 100k");
}

static long kilobytes(pid_t pid, const char *field)
{
	char text[64];

	return atol(proc_status(pid, field, text, sizeof(text)));
}

/* A write of a gigabyte costs no gigabyte. */
static void test_big_data(void **state)
{
	struct play *p = *state;
	const struct event *read;

	play(p, "open\n"
		"server read 1M\n"
		"client write 1024M\n"
		"expect client blocked in write\n");
	read = play_returned(p, SIDE_SERVER, CALL_READ);
	play_assert(p, read->call.ret > 0 && read->call.len <= 65536);
	play_assert(p, !memcmp(read->call.data, "abcdefghijklmnopqrstuvwxyzabcd", 30));
	play_assert(p, kilobytes(play_pid(p, SIDE_CLIENT), "VmHWM") < 16 * 1024);
	play_assert(p, kilobytes(play_pid(p, SIDE_SERVER), "VmHWM") < 16 * 1024);
}

/* What is written as text comes whole: 64 KiB is the longest line. */
static void test_long_data(void **state)
{
	struct play *p = *state;
	static char line[65536];
	const struct event *read;
	size_t len = sizeof(line);
	struct err err = {0};

	memset(line, 'q', len);
	memcpy(line, "client write \"", 14);
	line[len - 1] = '"';
	play(p, "open\n");
	if (play_line(p, line, len, &err))
		fail_msg("%s", err.text);
	play(p, "server read 100k\n");
	read = play_returned(p, SIDE_SERVER, CALL_READ);
	play_assert_int(p, read->call.ret, (long long)len - 15);
	play_assert_int(p, (long long)read->call.len, (long long)len - 15);
	play_assert(p, ((const char *)read->call.data)[len - 16] == 'q');
}

static void test_journal_bound(void **state)
{
	struct lab_options options = {.actor = TEST_BUILD "/bothends-actor", .journal_bound = 4096};
	struct play p = {0};
	struct err err = {0};
	const struct journal *journal;

	(void)state;
	p.lab = lab_new(&options, &err);
	assert_non_null(p.lab);
	journal = lab_journal(p.lab);
	play(&p, "open\n");
	while (journal_last(journal) < 12000)
		play(&p, "client write \"x\"\n"
			 "server read\n"
			 "expect server read = \"x\"\n");
	play_assert(&p, journal_first(journal) > 6000);
	play_assert(&p, journal_last(journal) - journal_first(journal) <= 4096 + 1024);
	/* What the judge needs is there although the beginning is not. */
	play(&p, "expect client state ESTABLISHED\n"
		 "client close\n"
		 "expect server state CLOSE_WAIT\n");
	lab_free(p.lab);
}

/* Nothing can change: nothing wakes. */
static void test_idle(void **state)
{
	struct play *p = *state;
	struct pollfd one = {.fd = lab_fd(p->lab), .events = POLLIN};
	uint64_t n;

	play_turns(p, 200 * NS_PER_MS);
	play_assert_int(p, poll(&one, 1, 300), 0);
	play(p, "open\n"
		"client write \"x\"\n"
		"server read\n"
		"client read\n"); /* blocked: its age is the screen's to count */
	play_turns(p, 200 * NS_PER_MS);
	n = journal_last_n(p);
	play_assert_int(p, timer_armed(), 0);
	play_assert_int(p, poll(&one, 1, 300), 0);
	play_assert_int(p, lab_turn(p->lab), 0);
	play_assert_int(p, (long long)journal_last_n(p), (long long)n);
	/* A timer of the kernel's is waited for, once. */
	play(p, "client interrupt\n"
		"client close\n"
		"expect client timer timewait over 50s\n"
		"server close\n"
		"expect client state TIME_WAIT\n");
	play_turns(p, 200 * NS_PER_MS);
	play_assert(p, timer_armed() > 50 * NS_PER_S);
	play_assert_int(p, poll(&one, 1, 300), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY_TEST(test_resets),
		PLAY_TEST(test_forks),
		PLAY_TEST(test_descriptors),
		cmocka_unit_test(test_nothing_stays),
		PLAY_TEST(test_big_data),
		PLAY_TEST(test_long_data),
		cmocka_unit_test(test_journal_bound),
		PLAY_TEST(test_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
