/* SPDX-License-Identifier: GPL-3.0-or-later */
/* echo-client-poll.c - the echo client that waits for keyboard and socket together, and so learns
 * of the server's end without typing a line. Lesson 20.
 *
 *	echo-client-poll PORT	the client of `echo-server PORT`
 *	echo-client-poll	plays keyboard and server, too: the server is killed after one line
 *
 * Prints:
 *	hello
 *	read: 0
 *	server terminated prematurely
 */
#include "echo.h"

#include <stdbool.h>

/* What has come from the server: false when it was the last. */
static bool answered(int fd)
{
	char answer[4096];
	ssize_t n = read(fd, answer, sizeof(answer));

	if (n > 0) {
		printf("%.*s", (int)n, answer);
		fflush(stdout);
		return true;
	}
	report("read", n);
	return false;
}

/* What was typed: false at the end of the keyboard's file. */
static bool typed(int keyboard, int fd)
{
	char line[4096];
	ssize_t n = read(keyboard, line, sizeof(line));

	return n > 0 && send(fd, line, (size_t)n, MSG_NOSIGNAL) == n;
}

static void client(int keyboard, int fd)
{
	struct pollfd fds[] = {{keyboard, POLLIN, 0}, {fd, POLLIN, 0}};

	while (poll(fds, 2, -1) > 0) {
		if (fds[1].revents && !answered(fd))
			break;
		if (fds[0].revents && !typed(keyboard, fd)) {
			shutdown(fd, SHUT_WR); /* the answers still come */
			fds[0].fd = -1;
		}
	}
	if (fds[0].fd >= 0)
		puts("server terminated prematurely");
}

int main(int argc, char **argv)
{
	uint16_t port = 0;
	int listener, reading, keyboard;

	if (argc > 1) {
		client(STDIN_FILENO, tcp_connect((uint16_t)atoi(argv[1])));
		return 0;
	}
	listener = tcp_listen(&port);
	echo_once(listener);
	keyboard = keyboard_open(&reading);
	type(keyboard, "hello\n");
	client(reading, tcp_connect(port));
	wait(NULL);
	return 0;
}
