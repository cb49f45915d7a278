/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program_process.c - what becomes of the processes: the director starts, ends and awaits them. */
#include "program.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* What ends a process, where no command and no call of its own has done so: its exit, or the lab,
 * for a fresh pair or a dead host. */
void process_doom(struct program *program, struct process *process, const struct event *event)
{
	const int number = event->process.status;
	const struct event *last =
		journal_before(program->journal, EVENT_CALL, event->side, event->n);
	char act[96], constant[32], name[16];

	if (process->doomed)
		return;
	process->doomed = true;
	if (event->process.what == PROCESS_EXITED) {
		body_command(process);
		snprintf(act, sizeof(act), "LAST(%u, _exit(%d));", turn_new(program, process, ""),
			 number & 0xff);
		program->needs |= NEED_LAST;
		body_line(&process->body, act, "");
	} else if (!(process->sent & 1ULL << number) && !(last && call_kills(program, last))) {
		process_constant(process, constant, sizeof(constant));
		snprintf(act, sizeof(act), "signal_to(%s, %s)", constant,
			 signal_code(number, name, sizeof(name)));
		program->needs |= NEED_SIGNAL;
		director_act(program, act, "");
	}
}

/* The director waits until the process is in one of these states: proc_pid_stat(5). */
static void director_until(struct program *program, const struct process *process,
			   const char *states, const char *status, const char *text)
{
	struct process *director = &program->processes[DIRECTOR];
	char constant[32];
	char *members = xasprintf(", .call = \"%s\", .ret = %s%s", text, status,
				  program->open ? ", .how = OPEN" : ""),
	     *line;
	unsigned n;

	process_constant(process, constant, sizeof(constant));
	n = turn_new(program, director, members);
	line = xasprintf("until(%u, %s, \"%s\");", n, constant, states);
	body_line(director_body(program), line, text);
	program->needs |= NEED_UNTIL;
	free(line);
	free(members);
}

static void walk_ended(struct program *program, struct process *process, const struct event *event)
{
	const int number = event->process.status;
	char text[64], status[16];

	if (event->process.what == PROCESS_EXITED) {
		if (process->blocked)
			return;
		process_doom(program, process, event);
		snprintf(text, sizeof(text), "exited with status %d", number & 0xff);
		snprintf(status, sizeof(status), "%d << 8", number & 0xff);
		director_until(program, process, "ZX", status, text);
	} else {
		if (number < 1 || number > 63)
			return;
		process_doom(program, process, event);
		snprintf(text, sizeof(text), "killed by %s", signal_name(number));
		director_until(program, process, "ZX", signal_code(number, status, sizeof(status)),
			       text);
	}
	process_unblock(program, process, 0, "blocked");
	process->alive = false;
}

/* The server may hear of its child's end before the lab does. */
static void child_first(struct program *program, const struct event *event)
{
	const struct event *command =
		journal_after(program->journal, EVENT_COMMAND, SIDE_NONE, event->n);
	const struct event *end =
		journal_after(program->journal, EVENT_PROCESS, SIDE_CHILD, event->n);
	struct process *child = end ? process_find(program, SIDE_CHILD, end->process.pid) : NULL;

	if (!child || child->blocked || (command && command->n < end->n))
		return;
	if (end->process.what == PROCESS_EXITED ||
	    (end->process.what == PROCESS_KILLED && end->process.status > 0 &&
	     end->process.status < 64))
		process_doom(program, child, end);
}

static void walk_caught(struct program *program, const struct process *process,
			const struct event *event)
{
	struct process *director = &program->processes[DIRECTOR];
	const int number = event->process.status;
	char constant[32], members[96], line[80], text[40];

	if (number < 1 || number > 64 || !(program->needs & NEED_CATCHES))
		return;
	if (number == SIGCHLD)
		child_first(program, event);
	snprintf(text, sizeof(text), "caught %s", signal_name(number));
	snprintf(members, sizeof(members), ", .call = \"%s\"%s", text,
		 program->open ? ", .how = OPEN" : "");
	process_constant(process, constant, sizeof(constant));
	snprintf(line, sizeof(line), "catches(%u, %s);", turn_new(program, director, members),
		 constant);
	body_line(director_body(program), line, text);
	program->needs |= NEED_CAUGHT;
}

static void walk_started(struct program *program, const struct event *event)
{
	struct process *process;

	if (process_find(program, event->side, event->process.pid))
		return; /* fork(2) has told */
	process = director_start(program, event->side, event->process.pid);
	/* What the command under way does is for the new one, too. */
	if (process && !process->first)
		process->command = program->command;
}

void walk_process(struct program *program, const struct event *event)
{
	struct process *process = process_find(program, event->side, event->process.pid);

	if (event->process.what == PROCESS_STARTED) {
		walk_started(program, event);
		return;
	}
	if (!process)
		return;
	switch (event->process.what) {
	case PROCESS_KILLED:
	case PROCESS_EXITED:
		walk_ended(program, process, event);
		break;
	case PROCESS_STOPPED:
		director_until(program, process, "T", "0", "stopped by SIGSTOP");
		break;
	case PROCESS_CONTINUED:
		director_until(program, process, "RSDZX", "0", "continued");
		break;
	case PROCESS_CAUGHT:
		walk_caught(program, process, event);
		break;
	default:
		break;
	}
}
