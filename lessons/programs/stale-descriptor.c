/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stale-descriptor.c - a server that goes on using a descriptor after it has
 * closed it: first the number is nobody's, then another client's. Lesson 5.
 *
 * Prints:
 *	write: -1 EBADF
 *	write: 6
 *	second client's read: 6
 *	close: 0
 *	second client's read: 0
 */
#include "pair.h"

static void client_reads(int fd)
{
	char data[16];
	ssize_t n = read(fd, data, sizeof(data));

	report("second client's read", n);
}

int main(void)
{
	uint16_t port = 0;
	int listener = tcp_listen(&port);
	int first = tcp_connect(port), second = tcp_connect(port);
	int fd, other;
	ssize_t n;

	fd = accept(listener, NULL, NULL);
	close(fd);
	n = write(fd, "123", 3);
	report("write", n);

	other = accept(listener, NULL, NULL);
	n = write(fd, "secret", 6);
	report("write", n);
	client_reads(second);

	n = close(fd);
	report("close", n);
	client_reads(second);

	close(first);
	return other == fd ? EXIT_SUCCESS : EXIT_FAILURE;
}
