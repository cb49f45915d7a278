/* SPDX-License-Identifier: GPL-3.0-or-later */
/* leftover.c - the processes and namespaces that a lab has left, if any. */
#include "leftover.h"

#include "../room.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int room_all;

int leftover_begin(uid_t as, int room)
{
	sigset_t child;

	room_all = room;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) || room_limit(as, room) ? -1 : 0;
}

bool leftover_no_process(void)
{
	struct timespec second = {.tv_sec = 1};
	int64_t end = room_clock() + 5 * NS_PER_S;
	sigset_t child;
	pid_t pid;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	for (;;) {
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (pid < 0 && errno == ECHILD)
			return true;
		if (room_clock() > end)
			break;
		sigtimedwait(&child, NULL, &second);
	}
	if (system("ps -e -o pid,ppid,stat,comm >&2 || true"))
		fputs("no ps\n", stderr);
	return false;
}

bool leftover_no_namespace(void)
{
	return room_left(room_all, CLONE_NEWUSER | CLONE_NEWNET, 20 * NS_PER_S) == room_all;
}
