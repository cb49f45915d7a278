/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_time_limit.c - a lesson that takes too long is ended by `check` and by `run`, and told.
 *
 * The program is this one, copied beside an actor: its clock goes faster, and half an hour is soon
 * over. */
#include "cli.h"

#include "../scratch.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define BOUND 30000 /* ms: the lesson itself waits for twice as long */

static char dir[] = "/tmp/bothends-limit.XXXXXX";
static pid_t hasty; /* whose clock jumps, not that of the lab it forks */

/* Each look at the clock is later by more than a lesson may take. */
int clock_gettime(clockid_t clock, struct timespec *at)
{
	static time_t jumped;
	const int result = (int)syscall(SYS_clock_gettime, clock, at);

	if (getpid() == hasty)
		at->tv_sec += jumped += CHECK_TIME + 1;
	return result;
}

unsigned alarm(unsigned seconds)
{
	const struct itimerval soon = {.it_value.tv_usec = seconds == RUN_TIME ? 100000 : 0};

	setitimer(ITIMER_REAL, &soon, NULL);
	return 0;
}

static int stage(void **state)
{
	static const char lesson[] =
		"# T\n\n```lesson\nlink: loopback\nminutes: 1\nlevel: x\nsource: y\n"
		"```\n\n## S\n\n```lab\nopen\nwait 60s\n```\n"; /* the step: 10, the wait: 14 */
	FILE *file;

	(void)state;
	if (!mkdtemp(dir) || chdir(dir))
		return -1;
	if (scratch_copy("/proc/self/exe", "bothends") ||
	    scratch_copy(TEST_BUILD "/bothends-actor", "bothends-actor"))
		return -1;
	file = fopen("x.md", "we");
	return !file || fputs(lesson, file) < 0 || fclose(file) ? -1 : 0;
}

static int unstage(void **state)
{
	(void)state;
	return scratch_remove(dir);
}

/* What the program says of the lesson; its exit status. */
static int said(const char *word, char *text, size_t size)
{
	size_t len = 0;
	int ends[2], status;
	ssize_t n = 1;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		execl("./bothends", "bothends", word, "x.md", (char *)NULL);
		_exit(126);
	}
	close(ends[1]);
	while (n > 0 && len + 1 < size) {
		struct pollfd fd = {.fd = ends[0], .events = POLLIN};

		if (poll(&fd, 1, BOUND) <= 0) {
			kill(pid, SIGTERM);
			waitpid(pid, NULL, 0);
			fail_msg("%s: it goes on and on", word);
		}
		n = read(ends[0], text + len, size - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	text[len] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void test_check(void **state)
{
	char text[1024];
	int status;

	(void)state;
	status = said("check", text, sizeof(text));
	assert_string_equal(text, "1..1\nnot ok 1 - x\n# x.md:10: ended by a signal in this step\n"
				  "# x: not done after 120 s\n");
	assert_int_equal(status, EXIT_FAILED << 8);
}

static void test_run(void **state)
{
	char text[8192];
	int status;

	(void)state;
	status = said("run", text, sizeof(text));
	assert_non_null(strstr(text, "wait 60s\n"));
	assert_non_null(strstr(text, "\nx.md:14: not done after 1800 s\n"));
	assert_int_equal(status, EXIT_FAILED << 8);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_run),
	};

	if (argc > 1 && !strcmp(argv[1], "check")) {
		hasty = getpid();
		return cli_check(argc - 1, argv + 1);
	}
	if (argc > 1)
		return cli_run(argc - 1, argv + 1);
	return cmocka_run_group_tests_name("time_limit", tests, stage, unstage);
}
