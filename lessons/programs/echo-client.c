/* SPDX-License-Identifier: GPL-3.0-or-later */
/* echo-client.c - sends lines from the keyboard and prints what comes back. While it waits for the
 * keyboard it does not look at its socket. Lessons 18 and 22.
 *
 *	echo-client PORT	the client of `echo-server PORT`
 *	echo-client		plays keyboard and server, too: the server is killed after one line
 *
 * Prints:
 *	write: 6
 *	read: 6
 *	hello
 *	write: 13
 *	read: 0
 *	server terminated prematurely
 */
#include "echo.h"

static void client(FILE *keyboard, int fd)
{
	char line[4096], answer[4096];
	ssize_t n;

	while (fgets(line, sizeof(line), keyboard)) {
		report("write", write(fd, line, strlen(line)));
		n = read(fd, answer, sizeof(answer));
		report("read", n);
		if (n <= 0) {
			puts("server terminated prematurely");
			exit(EXIT_SUCCESS);
		}
		printf("%.*s", (int)n, answer);
	}
	exit(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
	uint16_t port = 0;
	int listener, fd, reading, keyboard;
	pid_t server;

	if (argc > 1)
		client(stdin, tcp_connect((uint16_t)atoi(argv[1])));
	listener = tcp_listen(&port);
	server = echo_once(listener);
	fd = tcp_connect(port);
	keyboard = keyboard_open(&reading);
	if (fork() == 0) {
		close(keyboard);
		client(fdopen(reading, "r"), fd);
	}
	type(keyboard, "hello\n");
	waitpid(server, NULL, 0);
	await(fd, POLLRDHUP); /* the FIN has come, and the client has not looked */
	type(keyboard, "another line\n");
	wait(NULL);
	return 0;
}
