/* SPDX-License-Identifier: GPL-3.0-or-later */
/* loses-its-data.c - a client that writes more than the server's kernel takes at once, and closes:
 * first as everybody does, then with a linger time of zero. Lesson 10.
 *
 * Prints:
 *	write: 16384
 *	read: 0
 *	all bytes have come
 *	write: 16384
 *	read: -1 ECONNRESET
 *	bytes are missing
 */
#include "pair.h"

static char data[16384];

static void client_closes(int fd)
{
	ssize_t n;

	n = write(fd, data, sizeof(data));
	report("write", n);
	close(fd);
}

static void client_aborts(int fd)
{
	struct linger l = {.l_onoff = 1, .l_linger = 0};
	ssize_t n = write(fd, data, sizeof(data));

	report("write", n);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
	close(fd);
}

static void server(int fd)
{
	size_t total = 0;
	char buf[1024];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		total += (size_t)n;
	report("read", n);
	puts(total == sizeof(data) ? "all bytes have come" : "bytes are missing");
	close(fd);
}

int main(void)
{
	uint16_t port = 0;
	int listener = tcp_listen(&port), size = 4096, fd, peer;

	setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	fd = tcp_connect(port);
	peer = accept(listener, NULL, NULL);
	client_closes(fd);
	server(peer);
	fd = tcp_connect(port);
	peer = accept(listener, NULL, NULL);
	client_aborts(fd);
	server(peer);
	return 0;
}
