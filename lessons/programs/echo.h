/* SPDX-License-Identifier: GPL-3.0-or-later */
/* echo.h - what the echo clients need when they play the other end, too. */
#ifndef ECHO_H
#define ECHO_H

#include "pair.h"

#include <fcntl.h>
#include <signal.h>

/* A server in a process of its own, which echoes one line and is killed. Returns its pid. */
static inline pid_t echo_once(int listener)
{
	pid_t pid = fork();
	char line[4096];
	ssize_t n;
	int fd;

	if (pid < 0)
		fail("fork");
	if (pid > 0)
		return pid;
	fd = accept(listener, NULL, NULL);
	n = read(fd, line, sizeof(line));
	if (n < 0 || write(fd, line, (size_t)n) != n)
		fail("echo");
	raise(SIGKILL);
	exit(EXIT_FAILURE);
}

/* The writing end of a keyboard that nobody sits at; the other one goes to `reading`. */
static inline int keyboard_open(int *reading)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		fail("pipe");
	*reading = ends[0];
	return ends[1];
}

static inline void type(int keyboard, const char *line)
{
	if (write(keyboard, line, strlen(line)) < 0)
		fail("keyboard");
}

#endif
