/* SPDX-License-Identifier: GPL-3.0-or-later */
/* half-open.c - a client writes to a host that has been rebooted, and reads. Lesson 30.
 *
 * Prints:
 *	write: 5
 *	read: -1 ECONNRESET
 */
#include "pair.h"

static void client(int fd)
{
	char buf[64];
	ssize_t n;

	n = write(fd, "hello", 5);
	report("write", n);
	n = read(fd, buf, sizeof(buf));
	report("read", n);
}

int main(void)
{
	int fd[2];

	tcp_pair(fd);
	host_reboot(fd);
	client(fd[0]);
	return 0;
}
