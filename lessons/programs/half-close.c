/* SPDX-License-Identifier: GPL-3.0-or-later */
/* half-close.c - a client that says it will send no more: one reads the answer, the other leaves
 * before it has. Lesson 8.
 *
 * Prints:
 *	client: read: 1
 *	server: read: 0
 *	server: write: 1
 *	server: read: 0
 *	server: write: 1
 *	server: send: -1 EPIPE
 */
#include "pair.h"

#include <stdbool.h>

static void client_reads(uint16_t port)
{
	int fd = tcp_connect(port);
	char buf[16];
	ssize_t n;

	shutdown(fd, SHUT_WR);
	n = read(fd, buf, sizeof(buf));
	report("client: read", n);
	exit(EXIT_SUCCESS);
}

static void client_leaves(uint16_t port)
{
	int fd = tcp_connect(port);

	shutdown(fd, SHUT_WR);
	await(fd, POLLIN); /* the answer is here, and stays unread */
	exit(EXIT_SUCCESS);
}

static void server(int fd, pid_t client, bool reset)
{
	char buf[16];
	ssize_t asked = read(fd, buf, sizeof(buf)), told = write(fd, "1", 1);

	waitpid(client, NULL, 0);
	report("server: read", asked);
	report("server: write", told);
	if (reset) {
		await(fd, 0);
		report("server: send", send(fd, "2", 1, MSG_NOSIGNAL));
	}
	close(fd);
}

static void play(void (*client)(uint16_t), bool reset)
{
	uint16_t port = 0;
	int listener = tcp_listen(&port);
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid == 0)
		client(port);
	server(accept(listener, NULL, NULL), pid, reset);
	close(listener);
}

int main(void)
{
	play(client_reads, false);
	play(client_leaves, true);
	return 0;
}
