/* SPDX-License-Identifier: GPL-3.0-or-later */
/* connects-first.c - a client connects and writes before the server has called accept: the kernels
 * make the connection between them. Lesson 34.
 *
 * Prints:
 *	connect: 0
 *	write: 5
 *	read: 5
 */
#include "pair.h"

static int client(struct sockaddr_in server)
{
	int fd, n;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	n = connect(fd, (struct sockaddr *)&server, sizeof(server));
	report("connect", n);
	report("write", write(fd, "hello", 5));
	return fd;
}

static void serve(int listener)
{
	char buf[64];
	ssize_t n;
	int fd;

	fd = accept(listener, NULL, NULL);
	n = read(fd, buf, sizeof(buf));
	report("read", n);
	close(fd);
}

int main(void)
{
	struct sockaddr_in server = {.sin_family = AF_INET};
	uint16_t port = 0;
	int listener = tcp_listen(&port), fd;

	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server.sin_port = htons(port);
	fd = client(server);
	serve(listener);
	close(fd);
	return 0;
}
