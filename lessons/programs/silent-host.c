/* SPDX-License-Identifier: GPL-3.0-or-later */
/* silent-host.c - a client writes to a host that has vanished, waits for its answer, and writes
 * once more. Lessons 25 and 26.
 *
 * Prints:
 *	write: 5
 *	read: -1 ETIMEDOUT
 *	killed by SIGPIPE
 */
#include "pair.h"

#include <netinet/tcp.h>

static void client(int fd)
{
	char buf[64];
	ssize_t n;

	n = write(fd, "hello", 5);
	report("write", n);
	n = read(fd, buf, sizeof(buf));
	report("read", n); /* ETIMEDOUT */
	n = write(fd, "again", 5);
	report("write", n); /* is this ever reached? */
}

/* A limit of 0.3 s (lesson 32), as tcp_retries2 means a quarter of an hour. */
static void be_impatient(int fd)
{
	unsigned limit = 300;

	if (setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof(limit)))
		fail("setsockopt");
}

int main(void)
{
	int fd[2];
	pid_t pid;

	tcp_pair(fd);
	be_impatient(fd[0]);
	cable_cut(fd[1]);
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		client(fd[0]);
		exit(EXIT_SUCCESS);
	}
	report_end(pid);
	return 0;
}
