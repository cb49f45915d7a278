/* SPDX-License-Identifier: GPL-3.0-or-later */
/* last-descriptor.c - when close sends a FIN and when not: a second descriptor by dup, one in a
 * child process, and a shutdown that asks for neither. Lesson 17.
 *
 * Prints:
 *	dup, one close: -1 EAGAIN
 *	dup, the last close: 0
 *	fork: 3
 *	fork, the child is gone: -1 EAGAIN
 *	fork, the server closes: 0
 *	shutdown by the child: 0
 *	server: write: -1 EPIPE
 */
#include "pair.h"

#include <signal.h>

static char buf[16];

/* What the other end has for a reader, without waiting: EAGAIN says that there was no FIN. */
static void peer_looks(const char *when, int fd)
{
	report(when, recv(fd, buf, sizeof(buf), MSG_DONTWAIT));
}

static void client_has_two(int fd, int peer)
{
	int copy;

	copy = dup(fd);
	close(fd);
	peer_looks("dup, one close", peer);
	close(copy);
	report("dup, the last close", read(peer, buf, sizeof(buf)));
}

static void child(int fd)
{
	ssize_t n = write(fd, "bye", 3);

	_exit(n == 3 ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void server_forks(int listener, int peer)
{
	int fd = accept(listener, NULL, NULL);

	if (fork() == 0)
		child(fd); /* writes the answer and exits */
	wait(NULL);
	report("fork", read(peer, buf, sizeof(buf)));
	peer_looks("fork, the child is gone", peer);
	close(fd);
	report("fork, the server closes", read(peer, buf, sizeof(buf)));
}

static void server_is_shut_down(int listener, int peer)
{
	int fd = accept(listener, NULL, NULL);

	if (fork() == 0) {
		shutdown(fd, SHUT_WR);
		_exit(EXIT_SUCCESS);
	}
	wait(NULL);
	report("shutdown by the child", read(peer, buf, sizeof(buf)));
	report("server: write", write(fd, "1", 1));
}

int main(void)
{
	uint16_t port = 0;
	int listener = tcp_listen(&port), fd = tcp_connect(port);

	signal(SIGPIPE, SIG_IGN);
	client_has_two(fd, accept(listener, NULL, NULL));
	server_forks(listener, tcp_connect(port));
	server_is_shut_down(listener, tcp_connect(port));
	return 0;
}
