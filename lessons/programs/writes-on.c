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
	uint16_t port = 0;
	int listener = tcp_listen(&port), fd, peer;
	char buf[16];

	signal(SIGPIPE, SIG_IGN);
	fd = tcp_connect(port);
	peer = accept(listener, NULL, NULL);
	close(peer);
	client(fd, true);

	fd = tcp_connect(port);
	peer = accept(listener, NULL, NULL);
	shutdown(peer, SHUT_WR);
	client(fd, false);
	report("server: recv", recv(peer, buf, 6, MSG_WAITALL));
	return 0;
}
