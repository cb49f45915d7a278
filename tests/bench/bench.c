/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench.c - clocks, medians, rows, and work done in a process of its own. */
#include "bench.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int failures;

int64_t bench_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

double bench_cpu(bool user)
{
	struct rusage usage;
	const struct timeval *time = user ? &usage.ru_utime : &usage.ru_stime;

	getrusage(RUSAGE_SELF, &usage);
	return (double)time->tv_sec * 1e6 + (double)time->tv_usec;
}

static int compare(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

double bench_median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* Read a whole result, for so long; false: it did not come. */
static bool result_read(int fd, void *result, size_t size, unsigned seconds)
{
	const int64_t end = bench_now() + seconds * NS_PER_S;
	struct pollfd readable = {.fd = fd, .events = POLLIN};
	size_t have = 0;

	while (have < size) {
		int64_t left = (end - bench_now()) / NS_PER_MS;
		ssize_t got;

		if (left <= 0 || poll(&readable, 1, (int)left) <= 0)
			return false;
		got = read(fd, (char *)result + have, size - have);
		if (got <= 0)
			return false;
		have += (size_t)got;
	}
	return true;
}

int bench_fork(int (*work)(const void *arg, void *result), const void *arg, void *result,
	       size_t size, unsigned seconds)
{
	int fds[2], status = 0;
	bool done;
	pid_t pid;

	memset(result, 0, size);
	if (pipe(fds))
		return -1;
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return -1;
	if (!pid) {
		close(fds[0]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* What it begins ends with it. */
		setpgid(0, 0);
		if (work(arg, result))
			_exit(1);
		_exit(write(fds[1], result, size) != (ssize_t)size);
	}
	close(fds[1]);
	done = result_read(fds[0], result, size, seconds);
	close(fds[0]);
	if (!done)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return done ? 0 : -1;
}

void bench_row(const char *name, double value, enum bench_budget kind, double budget,
	       const char *unit)
{
	const bool ok = kind == AT_MOST ? value <= budget : value >= budget;
	char number[32], limit[32] = "";

	snprintf(number, sizeof(number), "%.*f %s",
		 value < 10	? 2
		 : value < 1000 ? 1
				: 0,
		 value, unit);
	if (kind != NO_BUDGET)
		snprintf(limit, sizeof(limit), "%s %g %s", kind == AT_MOST ? "<=" : ">=", budget,
			 unit);
	printf("%-46s %14s  %-12s %s\n", name, number, limit,
	       kind == NO_BUDGET ? ""
	       : ok		 ? "ok"
				 : "MISS");
	fflush(stdout);
}

void bench_skip(const char *name, const char *why)
{
	printf("%-46s %14s  %s\n", name, "skipped", why);
}

void bench_fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("FAILED: ");
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
	failures++;
}

int bench_failures(void)
{
	return failures;
}
