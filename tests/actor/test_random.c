/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_random.c - valid commands in random order, on all sides, on both links: the lab never hangs,
 * never lies, never leaks, whatever is asked of it.
 *
 * test_random [SEED [SECONDS]]: other walks than the usual ones, for longer.
 */
#include "walk.h"

#include <stdio.h>

#define WALK_NS (1200 * NS_PER_MS)
#define WALKS 3
#define WAIT_MOST NS_PER_S	   /* beside a command's own times */
#define GIVEN_UP (400 * NS_PER_MS) /* then it is cancelled, as Ctrl-C would */
/* What each actor costs: a control socket, an epoll, a pidfd; the wire's hosts their namespace,
 * TUN, netlink, /proc file each, and the lab the way home. */
#define FDS_ACTORS 9
#define FDS_WIRE 9

static unsigned seconds_each;

static void line_check(struct play *p, const struct walk *walk, unsigned from, const char *line)
{
	struct err err = {0};
	int64_t begun = clock_ns(), took;
	bool refused = walk_line(p, line, PATIENCE, GIVEN_UP, &err);

	took = clock_ns() - begun;
	if ((refused && !err.text[0]) || strchr(err.text, '\n') || took > WAIT_MOST + GIVEN_UP) {
		print_message("# seed %u, walk %d: \"%s\" took %lld ms, refused %d: \"%s\"\n", from,
			      walk->kind, line, (long long)took / NS_PER_MS, refused, err.text);
		play_assert(p, !"refused without a word, with more than a line, or too late");
	}
}

static unsigned walk_one(enum walk_kind kind, unsigned from, int64_t ns)
{
	struct walk walk = {.kind = kind, .seed = from};
	unsigned played = 0, fds;
	struct play *p = play_new();
	int64_t until = clock_ns() + ns;
	char line[200], why[200];

	fds = proc_count_fds(getpid());
	if (kind == WALK_WIRE && !lab_feature(p->lab, FEATURE_TUN)->ok) {
		play_free(p);
		return 0;
	}
	if (kind == WALK_WIRE)
		play(p, "link wire");
	for (; clock_ns() < until; played++) {
		walk_command(&walk, line, sizeof(line));
		line_check(p, &walk, from, line);
		play_assert(p, proc_count_fds(getpid()) <=
				       fds + FDS_ACTORS + (kind == WALK_WIRE ? FDS_WIRE : 0));
	}
	if (!journal_sound(lab_journal(p->lab), why, sizeof(why))) {
		play_dump(p);
		print_message("# seed %u: %s\n", from, why);
		fail();
	}
	play_free(p);
	assert_int_equal(proc_children(getpid()), 0);
	return played;
}

static unsigned first = 1;

static void walks(enum walk_kind kind)
{
	unsigned fds = proc_count_fds(getpid());
	int64_t until = clock_ns() + seconds_each * NS_PER_S;
	unsigned played = 0, from = first;

	do
		played += walk_one(kind, from++, WALK_NS);
	while (seconds_each ? clock_ns() < until : from < first + WALKS);
	assert_int_equal(proc_count_fds(getpid()), fds);
	print_message("# %u commands, seeds %u to %u\n", played, first, from - 1);
	if (!played)
		skip();
}

static void test_walks(void **unused)
{
	(void)unused;
	walks(WALK_LOOPBACK);
}

static void test_walks_on_the_wire(void **unused)
{
	(void)unused;
	walks(WALK_WIRE);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walks),
		cmocka_unit_test(test_walks_on_the_wire),
	};

	if (argc > 1)
		first = (unsigned)atoi(argv[1]);
	if (argc > 2)
		seconds_each = (unsigned)atoi(argv[2]);
	cmocka_set_test_filter(getenv("TEST_ONLY"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
