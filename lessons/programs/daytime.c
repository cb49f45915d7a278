/* SPDX-License-Identifier: GPL-3.0-or-later */
/* daytime.c - the service of RFC 867: the server tells the time of day and closes, and the client
 * reads to the end. With a PORT it is the server alone, for `nc 127.0.0.1 PORT` and `ss -tano` in
 * another terminal; killed and started again within a minute, it fails: lesson 13. Lesson 12.
 *
 * Prints:
 *	read: 26
 *	read: 0
 */
#include "pair.h"

#include <time.h>

static void server(int listener)
{
	char line[64];
	time_t now;
	int fd;

	fd = accept(listener, NULL, NULL);
	if (fd < 0)
		fail("accept");
	now = time(NULL);
	snprintf(line, sizeof(line), "%.24s\r\n", ctime(&now));
	if (write(fd, line, strlen(line)) < 0)
		perror("write");
	close(fd);
}

static void client(uint16_t port)
{
	int fd = tcp_connect(port);
	char line[64];
	ssize_t n;

	while ((n = read(fd, line, sizeof(line))) > 0)
		report("read", n);
	report("read", n);
	close(fd);
}

int main(int argc, char **argv)
{
	uint16_t port = argc > 1 ? (uint16_t)atoi(argv[1]) : 0;
	int listener = tcp_listen(&port);

	if (argc > 1)
		for (;;)
			server(listener);
	if (fork() == 0) {
		server(listener);
		exit(EXIT_SUCCESS);
	}
	client(port);
	wait(NULL);
	return 0;
}
