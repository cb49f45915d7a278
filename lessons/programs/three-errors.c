/* SPDX-License-Identifier: GPL-3.0-or-later */
/* three-errors.c - a reset that finds three states: an end that has heard a
 * FIN, one that is connected, one that is still connecting. Lesson 7.
 *
 * Prints:
 *	SO_ERROR: 0
 *	send: 3
 *	send: -1 EPIPE
 *	read: -1 ECONNRESET
 *	send: -1 EPIPE
 *	connect: -1 ECONNREFUSED
 *	send: -1 EPIPE
 */
#include "pair.h"

static void close_wait(int peer, int fd)
{
	int error;
	socklen_t size = sizeof(error);
	ssize_t n;

	close(peer);
	await(fd, POLLRDHUP);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	printf("SO_ERROR: %d\n", error);
	n = send(fd, "123", 3, MSG_NOSIGNAL);
	report("send", n);
	await(fd, 0); /* the RST */
	n = send(fd, "A", 1, MSG_NOSIGNAL);
	report("send", n);
}

static void established(int peer, int fd)
{
	struct linger zero = {.l_onoff = 1, .l_linger = 0};
	char data[16];
	ssize_t n;

	setsockopt(peer, SOL_SOCKET, SO_LINGER, &zero, sizeof(zero));
	close(peer);
	await(fd, 0); /* the RST */
	n = read(fd, data, sizeof(data));
	report("read", n);
	n = send(fd, "A", 1, MSG_NOSIGNAL);
	report("send", n);
}

/* The port is bound, so that nobody else gets it, and nobody listens. */
static void syn_sent(void)
{
	struct sockaddr_in nobody = {.sin_family = AF_INET};
	socklen_t size = sizeof(nobody);
	int holder = socket(AF_INET, SOCK_STREAM, 0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	ssize_t n;

	nobody.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(holder, (struct sockaddr *)&nobody, size) ||
	    getsockname(holder, (struct sockaddr *)&nobody, &size))
		fail("bind");
	n = connect(fd, (struct sockaddr *)&nobody, sizeof(nobody));
	report("connect", n);
	n = send(fd, "A", 1, MSG_NOSIGNAL);
	report("send", n);
}

int main(void)
{
	int pair[2];

	tcp_pair(pair);
	close_wait(pair[0], pair[1]);
	tcp_pair(pair);
	established(pair[0], pair[1]);
	syn_sent();
	return 0;
}
