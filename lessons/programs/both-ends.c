/* SPDX-License-Identifier: GPL-3.0-or-later */
/* both-ends.c - writes to an end that has closed, or will not read: where the
 * kernel has both ends in hand, and where it has TCP between them. Lesson 4.
 *
 * Prints:
 *	write: -1 EPIPE
 *	write: -1 EPIPE
 *	write: 3
 *	killed by SIGPIPE
 */
#include "pair.h"

#include <signal.h>

static void socketpair_closed(void)
{
	int pair[2];
	ssize_t n;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		fail("socketpair");
	close(pair[0]);
	n = write(pair[1], "123", 3);
	report("write", n);
}

static void socketpair_not_reading(void)
{
	int pair[2];
	ssize_t n;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		fail("socketpair");
	shutdown(pair[0], SHUT_RD);
	n = write(pair[1], "123", 3);
	report("write", n);
}

static void tcp_not_reading(void)
{
	int pair[2];
	ssize_t n;

	tcp_pair(pair);
	shutdown(pair[0], SHUT_RD);
	n = write(pair[1], "123", 3);
	report("write", n);
}

static void pipe_closed(void)
{
	int end[2];
	ssize_t n;

	if (pipe(end))
		fail("pipe");
	close(end[0]);
	n = write(end[1], "abc", 3);
	report("write", n);
}

int main(void)
{
	pid_t pid;

	signal(SIGPIPE, SIG_IGN);
	socketpair_closed();
	socketpair_not_reading();
	tcp_not_reading();
	signal(SIGPIPE, SIG_DFL);
	pid = fork();
	if (pid == 0) {
		pipe_closed();
		exit(EXIT_SUCCESS);
	}
	report_end(pid);
	return 0;
}
