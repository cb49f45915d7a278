/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_random.c - valid commands in random order, on all sides: the lab never hangs, never lies,
 * never leaks, whatever is asked of it.
 *
 * test_random [SEED [SECONDS]]: other walks than the usual ones, for longer.
 */
#include "play.h"

#include <stdio.h>

#define WALK_NS (1200 * NS_PER_MS)
#define WALKS 3
#define WAIT_MOST NS_PER_S /* beside a command's own times */

/* %S a side, %N a small number, %P a port, %Z a size, %G a signal, %T a short time, %C a condition.
 * Rows that end much stand once, the others more often. */
static const char *const commands[] = {
	"open",
	"open",
	"open",
	"open socketpair",
	"open pipe",
	"reset",
	"link loopback",
	"server listen",
	"server listen %P",
	"server listen %P backlog %N",
	"server accept",
	"server accept",
	"client connect",
	"client connect",
	"client connect %P",
	"client connect nonblock",
	"%S write \"abc\"",
	"%S write \"abc\"",
	"%S write %Z",
	"%S send \"x\" nosignal",
	"%S send %Z dontwait nosignal",
	"%S send \"!\" oob nosignal",
	"%S read",
	"%S read %N",
	"%S recv dontwait",
	"%S recv %N peek dontwait",
	"%S drain",
	"%S drain %N",
	"%S poll in %T",
	"%S poll in out rdhup",
	"%S close",
	"%S close",
	"server close listen",
	"%S shutdown wr",
	"%S shutdown rd",
	"%S shutdown rdwr",
	"%S dup",
	"server fork",
	"server fork",
	"%S set linger %N",
	"%S set linger off",
	"%S set keepalive idle 1s interval 1s count %N",
	"%S set rcvtimeo %T",
	"%S set sndtimeo %T",
	"%S set user-timeout %T",
	"%S set nodelay on",
	"%S set cork on",
	"%S set cork off",
	"%S set nonblock on",
	"%S set nonblock off",
	"%S set rcvbuf %Z",
	"%S set sndbuf %Z",
	"%S set linger2 %Ns",
	"%S set reuseaddr on",
	"%S get error",
	"%S get info",
	"%S get linger",
	"%S signal PIPE ignore",
	"%S signal PIPE ignore",
	"%S signal %G catch",
	"%S signal %G catch restart",
	"%S signal %G default",
	"server signal CHLD ignore",
	"%S kill %G",
	"%S kill KILL",
	"%S exit %N",
	"%S stop",
	"%S cont",
	"%S cont",
	"%S interrupt",
	"%S interrupt",
	"%S interrupt",
	"sysctl tcp_fin_timeout %N",
	"sysctl tcp_rmem",
	"wait %T",
	"wait until %C within %T",
	"expect %C within %T",
	"expect not %C for %T",
};

static const char *const sides[] = {"client", "server", "child"};
static const char *const sizes[] = {"1", "1k", "64k", "300k", "1M"};
static const char *const signals[] = {"USR1", "TERM", "PIPE", "CHLD", "INT"};
static const char *const conditions[] = {
	"client state ESTABLISHED", "server state CLOSE_WAIT",	"child gone",
	"client recvq > 0",	    "server read = 0",		"client write fails EPIPE",
	"server blocked in read",   "client poll IN OUT",	"client timer on",
	"server info rto > 1",	    "client exited 1",		"child killed TERM",
	"segment from client F.",   "3 segments from server .", "server sendq 0",
};

static unsigned seed;

static unsigned pick(unsigned count)
{
	return (unsigned)rand_r(&seed) % count;
}
#define PICK(table) table[pick(sizeof(table) / sizeof((table)[0]))]

static void command_make(char *out, size_t size)
{
	char part[64];
	size_t len = 0;

	for (const char *at = PICK(commands); *at && len + 1 < size; at++) {
		snprintf(part, sizeof(part), "%c", *at);
		if (*at == '%') {
			switch (*++at) {
			case 'S':
				snprintf(part, sizeof(part), "%s", PICK(sides));
				break;
			case 'N':
				snprintf(part, sizeof(part), "%u", 1 + pick(9));
				break;
			case 'P':
				snprintf(part, sizeof(part), "%u", 7001 + pick(4));
				break;
			case 'Z':
				snprintf(part, sizeof(part), "%s", PICK(sizes));
				break;
			case 'G':
				snprintf(part, sizeof(part), "%s", PICK(signals));
				break;
			case 'T':
				snprintf(part, sizeof(part), "%ums", 1 + pick(30));
				break;
			default:
				snprintf(part, sizeof(part), "%s", PICK(conditions));
				break;
			}
		}
		len += (size_t)snprintf(out + len, size - len, "%s", part);
	}
}

static unsigned walk(unsigned from, int64_t ns)
{
	struct play *p = play_new();
	int64_t until = clock_ns() + ns;
	unsigned played = 0, fds;
	char line[200], why[200];

	seed = from;
	fds = proc_count_fds(getpid());
	for (; clock_ns() < until; played++) {
		struct err err = {0};
		int64_t begun = clock_ns();

		command_make(line, sizeof(line));
		if (play_line(p, line, strlen(line), &err) && !err.text[0]) {
			print_message("# seed %u: \"%s\" is refused without a word\n", from, line);
			play_assert(p, err.text[0]);
		}
		if (strchr(err.text, '\n'))
			play_assert(p, !strchr(err.text, '\n'));
		if (clock_ns() - begun > WAIT_MOST + PATIENCE) {
			print_message("# seed %u: \"%s\" took %lld ms\n", from, line,
				      (long long)(clock_ns() - begun) / NS_PER_MS);
			play_assert(p, clock_ns() - begun <= WAIT_MOST + PATIENCE);
		}
		/* What each actor costs: a control socket, an epoll, a pidfd. */
		play_assert(p, proc_count_fds(getpid()) <= fds + 9);
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
static int64_t seconds;

static void test_walks(void **unused)
{
	unsigned fds = proc_count_fds(getpid());
	int64_t until = clock_ns() + seconds * NS_PER_S;
	unsigned played = 0, from = first;

	(void)unused;
	do
		played += walk(from++, WALK_NS);
	while (seconds ? clock_ns() < until : from < first + WALKS);
	assert_int_equal(proc_count_fds(getpid()), fds);
	print_message("# %u commands, seeds %u to %u\n", played, first, from - 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walks),
	};

	if (argc > 1)
		first = (unsigned)atoi(argv[1]);
	if (argc > 2)
		seconds = atoi(argv[2]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
