/* SPDX-License-Identifier: GPL-3.0-or-later */
/* after-the-reboot.c - the server's host has lost its memory, and the client writes three times.
 * Lesson 31.
 *
 * Prints:
 *	write: 3
 *	write: -1 ECONNRESET
 *	killed by SIGPIPE
 */
#include "pair.h"

static void client(int fd)
{
	ssize_t n;

	n = write(fd, "one", 3);
	report("write", n);
	await(fd, 0); /* the RST has come */
	n = write(fd, "two", 3);
	report("write", n);
	n = write(fd, "three", 5);
	report("write", n); /* is this ever reached? */
}

int main(void)
{
	int fd[2];
	pid_t pid;

	tcp_pair(fd);
	host_reboot(fd);
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
