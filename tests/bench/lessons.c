/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lessons.c - the whole course, checked as `make test` does. */
#include "bench.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

void bench_lessons(void)
{
	const int64_t begun = bench_now();
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(127);
		execl(TEST_BUILD "/bothends", "bothends", "check", "-j2", (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) ||
	    (WEXITSTATUS(status) && WEXITSTATUS(status) != 3))
		bench_fail("a lesson does not hold: bothends check tells which");
	else if (WEXITSTATUS(status))
		bench_skip("every lesson, check -j2", "some cannot be played on this machine");
	else
		bench_row("every lesson, check -j2", (double)(bench_now() - begun) / NS_PER_S,
			  AT_MOST, 60, "s");
}
