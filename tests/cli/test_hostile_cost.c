/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_hostile_cost.c - what a stranger's lesson can cost: bounded time and memory, and nothing of
 * it is left, however it ends.
 *
 * Each lesson wants as much as the language lets it ask for; `bothends check` plays it in a user
 * namespace with room for few others, and this process is told what all of it took.
 */
#include "leftover.h"

#include "../room.h"
#include "lab.h"
#include "mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define ROOM 48
/* The journal's bound, and half as much again. (An actor that writes much maps one megabyte over
 * and over, and is told as having all of it.) */
#define MOST_KB (400L << 10)
#define MOST_TIME (60 * NS_PER_S)

static char place[] = "/tmp/bothends-cost.XXXXXX", file[64], temporary[64];

#define HEAD(link)                                                                         \
	"# T\n\n```lesson\nlink: " link "\nminutes: 1\nlevel: x\nsource: y\n```\n\n## S\n" \
	"\n```lab\n"

/* The first line, then as many of the others as a lesson may have commands. */
static const struct cost {
	const char *name, *head, *first, *again;
	unsigned times;
} costs[] = {
	{"data by the megabyte", HEAD("loopback"), "open\n",
	 "client write 1M\nserver drain 1M\nexpect server drain = 1048576\n\n", 600},
	{"data in the journal", HEAD("loopback"), "open\n", "client write 64k\nserver read 1M\n\n",
	 990},
	{"a gigabyte that nobody reads", HEAD("loopback"), "open\n",
	 "client write 1024M\nclient interrupt\n\n", 5},
	{"a gigabyte by the cable", HEAD("wire"), "open\n",
	 "client write 300M\nserver drain 300M\nexpect server drain = 314572800 within 50s\n\n", 1},
	{"segments in mid-wire", HEAD("wire"), "open\nclient set nodelay on\nwire hold\n",
	 "client write \"x\"\n\n", 1900},
	{"buffers", HEAD("loopback"),
	 "sysctl tcp_wmem \"4096 67108864 67108864\"\nsysctl tcp_rmem \"4096 67108864 67108864\"\n",
	 "open\nclient set nonblock on\nclient write 1024M\n\n", 30},
	{"processes", HEAD("loopback"), "open\n", "server fork\nchild exit\n\n", 700},
	{"descriptors", HEAD("loopback"), "open\n", "client dup\nclient close\n\n", 900},
	{"pairs", HEAD("loopback"), "open\n", "reset\n\n", 100},
	{"hosts", HEAD("wire"), "open\n", "server crash\nserver reboot\n\n", 20},
	{"links", HEAD("wire"), "open\n", "link loopback\nlink wire\n\n", 20},
	{"signals", HEAD("loopback"), "open\nclient signal USR1 catch\n", "client kill USR1\n\n",
	 100},
	{"expectations that fail", HEAD("loopback"), "open\n",
	 "expect client recvq 7 within 1ms\n\n", 1900},
	{"a poll that sleeps for ever", HEAD("loopback"), "open\nclient poll\n",
	 "client write \"x\"\n\n", 100},
	{"a process that is stopped", HEAD("loopback"), "open\nclient stop\n",
	 "client write \"x\"\n\n", 100},
	{"more commands than there may be", HEAD("loopback"), "open\n", "client dup\n\n", 90000},
	{"mistakes", HEAD("loopback"), "open\n", "client dupp\n\n", 80000},
	{"steps", "# T\n", "", "## S\n\n```lab\nopen\n```\n\n", 40000},
	{"headings", "# T\n", "", "## S\n", 180000},
	{"choices", "# T\n\n## S\n\n```predict Q\n", "", "a :: client gone\n\n", 40000},
	{"sources", "# T\n\n```lesson\n", "", "source: y\n\n", 100000},
	{"listings", HEAD("loopback") "open\n```\n", "", "\n```c\n\t\t\t\t\n\n\n```\n", 50000},
	{"fences that do not end", "# T\n", "", "````` `\n~~~\n> ```c\n", 50000},
	{"lists", "# T\n", "", "- - - - - - - - - - - - x\n\n", 30000},
};

static void lesson_write(const struct cost *cost)
{
	struct strbuf text = {0};
	FILE *out = fopen(file, "we");

	assert_non_null(out);
	strbuf_printf(&text, "%s%s", cost->head, cost->first);
	for (unsigned i = 0; i < cost->times && text.len < (1U << 20) - 200; i++)
		strbuf_puts(&text, cost->again);
	strbuf_puts(&text, "```\n");
	assert_int_equal(fwrite(text.text, 1, text.len, out), text.len);
	assert_int_equal(fclose(out), 0);
	strbuf_free(&text);
}

static pid_t check_start(void)
{
	const pid_t pid = fork();

	if (pid == 0) {
		const int null = open("/dev/null", O_RDWR);
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		setenv("TMPDIR", temporary, 1);
		dup2(null, 0);
		dup2(null, 1);
		execl(TEST_BUILD "/bothends", "bothends", "check", file, (char *)NULL);
		_exit(126);
	}
	assert_true(pid > 0);
	return pid;
}

static bool directory_empty(const char *path)
{
	DIR *dir = opendir(path);
	unsigned entries = 0;

	while (dir && readdir(dir))
		entries++;
	closedir(dir);
	return entries == 2;
}

static void stage(void)
{
	static bool set;

	if (!set && leftover_begin(geteuid(), ROOM)) {
		print_message("# no user namespace: %s\n", strerror(errno));
		skip();
	}
	set = true;
}

static void test_costs(void **state)
{
	(void)state;
	stage();
	for (size_t i = 0; i < sizeof(costs) / sizeof(costs[0]); i++) {
		const int64_t began = room_clock();
		struct rusage took;
		int64_t t;
		int status;

		lesson_write(&costs[i]);
		assert_true(wait4(check_start(), &status, 0, &took) > 0);
		t = room_clock() - began;
		print_message("# %-32s %5.1f s %6ld KB, status %d\n", costs[i].name,
			      (double)t / NS_PER_S, took.ru_maxrss, status >> 8);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 3);
		assert_true(t < MOST_TIME);
#ifndef __SANITIZE_ADDRESS__
		assert_true(took.ru_maxrss < MOST_KB);
#endif
		assert_true(leftover_no_process());
	}
	assert_true(directory_empty(temporary));
	assert_true(leftover_no_namespace());
}

/* The number of descendants of this process: whoever names it, or one of them, as the parent. */
static unsigned descendants(pid_t of)
{
	char path[64];
	unsigned count = 0;
	FILE *children;
	int child;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", of, of);
	children = fopen(path, "re");
	while (children && fscanf(children, "%d", &child) == 1)
		count += 1 + descendants(child);
	if (children)
		fclose(children);
	return count;
}

/* Killed while a lesson is at work on the wire: two hosts with a warden each, a forked server, an
 * orphan held in mid-wire. */
static void test_killed(void **state)
{
	static const struct cost cost = {
		"killed", HEAD("wire"),
		"open\nserver fork\nwire hold\nclient write \"x\"\nclient close\n", "wait 60s\n",
		1};
	const struct cost on_loopback = {"killed", HEAD("loopback"),
					 "open\nserver fork\nchild read\nclient dup\n",
					 "wait 60s\n", 1};

	(void)state;
	stage();
	for (int i = 0; i < 6; i++) {
		const int64_t end = room_clock() + 20 * NS_PER_S;
		const bool wire = i % 2 && !access("/dev/net/tun", R_OK | W_OK);
		pid_t pid;

		lesson_write(wire ? &cost : &on_loopback);
		pid = check_start();
		/* Its worker, client, server, child. */
		while (descendants(pid) < 4) {
			int status = 0;
			const bool ended = waitpid(pid, &status, WNOHANG) == pid;

			/* The kernel is slow to give back what the last test has taken. */
			if (ended && WIFEXITED(status) && WEXITSTATUS(status) == 3)
				pid = check_start();
			else if (ended || room_clock() > end)
				fail_msg("round %d: not at work, status %d", i, status);
			poll(NULL, 0, 1);
		}
		poll(NULL, 0, i * 3);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_true(leftover_no_process());
	}
	assert_true(directory_empty(temporary));
	assert_true(leftover_no_namespace());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_costs),
		cmocka_unit_test(test_killed),
	};
	int failed;

	if (!mkdtemp(place))
		return 1;
	snprintf(file, sizeof(file), "%s/x.md", place);
	snprintf(temporary, sizeof(temporary), "%s/tmp", place);
	if (mkdir(temporary, 0700))
		return 1;
	failed = cmocka_run_group_tests_name("hostile_cost", tests, NULL, NULL);
	unlink(file);
	rmdir(temporary);
	rmdir(place);
	return failed;
}
