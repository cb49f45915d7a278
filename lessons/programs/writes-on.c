/* SPDX-License-Identifier: GPL-3.0-or-later */
/* writes-on.c - a client that goes on writing after the end of the file: to a server that has
 * closed, and to one that has only shut down its own direction. Lesson 15.
 *
 * Prints:
 *	read: 0
 *	write: 3
 *	write: -1 EPIPE
 *	read: 0
 *	write: 3
 *	write: 3
 *	server: recv: 6
 */
#include "pair.h"

#include <signal.h>
#include <stdbool.h>

static void client(int fd, bool reset)
{
	char buf[16];
	ssize_t n;

	n = read(fd, buf, sizeof(buf));
	report("read", n);
	n = write(fd, "one", 3);
	report("write", n);
	if (reset)
		await(fd, 0); /* the answer to "one" */
	n = write(fd, "two", 3);
	report("write", n);
	close(fd);
}

int main(void)
{
	char buf[16];
	int fd[2];

	signal(SIGPIPE, SIG_IGN);
	tcp_pair(fd);
	close(fd[1]);
	client(fd[0], true);

	tcp_pair(fd);
	shutdown(fd[1], SHUT_WR);
	client(fd[0], false);
	report("server: recv", recv(fd[1], buf, 6, MSG_WAITALL));
	return 0;
}
