/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shuts-down.c - a server that says that it will send no more, and sends. Its
 * client is there all the time. Lesson 6.
 *
 * Prints:
 *	send: -1 EPIPE
 *	read: 2
 *	killed by SIGPIPE
 */
#include "pair.h"

static void client(int fd)
{
	if (write(fd, "hi", 2) != 2)
		fail("write");
}

static void server(int fd, int peer)
{
	char data[16];
	ssize_t n;

	if (write(fd, "bye", 3) != 3)
		fail("write");
	shutdown(fd, SHUT_WR);
	n = send(fd, "123", 3, MSG_NOSIGNAL);
	report("send", n);

	client(peer);
	n = read(fd, data, sizeof(data));
	report("read", n);

	n = write(fd, "123", 3);
	report("write", n);
}

int main(void)
{
	int pair[2];
	pid_t pid = fork();

	if (pid == 0) {
		tcp_pair(pair);
		server(pair[1], pair[0]);
		exit(EXIT_SUCCESS);
	}
	report_end(pid);
	return 0;
}
