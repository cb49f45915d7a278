/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forked-server.c - two processes: the server, and a client that connects
 * and closes. The server has not noticed, and writes. Lesson 1.
 *
 * Prints:
 *	write: 3, Success
 *	SO_ERROR: EPIPE
 *	SO_ERROR: 0
 */
#include "pair.h"

static void client(uint16_t port)
{
	int fd = tcp_connect(port);

	close(fd);
}

static void report_error(int fd)
{
	int error;
	socklen_t size = sizeof(error);

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	printf("SO_ERROR: %s\n", error ? strerrorname_np(error) : "0");
}

static void server(int listener)
{
	int fd = accept(listener, NULL, NULL);
	ssize_t n;

	await(fd, POLLRDHUP); /* the client has closed */
	errno = 0;
	n = write(fd, "123", 3);
	printf("write: %zd, %m\n", n);
	await(fd, 0); /* its kernel has answered: a RST */
	report_error(fd);
	report_error(fd);
}

int main(void)
{
	uint16_t port = 0;
	int listener = tcp_listen(&port);
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		server(listener);
		exit(EXIT_SUCCESS);
	}
	client(port);
	waitpid(pid, NULL, 0);
	return 0;
}
