/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program_command.c - the commands of the journal that are no calls: signals, waiting, and what
 * only the lab can do. */
#include "program.h"

#include <signal.h>
#include <string.h>

static void command_signal(struct program *program, const struct event *event, enum side side,
			   int number)
{
	struct process *process = process_find(program, side, 0);
	char act[96], constant[32], text[16];

	if (!process || number < 1 || number > 63)
		return;
	director_await_kernel(program, BY_ITSELF);
	program->processes[DIRECTOR].command = event;
	process_constant(process, constant, sizeof(constant));
	snprintf(act, sizeof(act), "signal_to(%s, %s)", constant,
		 signal_code(number, text, sizeof(text)));
	director_act(program, act, "");
	program->needs |= NEED_SIGNAL;
	process->sent |= 1ULL << number;
}

static void command_interrupt(struct program *program, const struct event *event, enum side side)
{
	struct process *process = process_find(program, side, 0);
	char act[64], constant[32];

	if (!process || !process->blocked)
		return;
	director_await_kernel(program, BY_ITSELF);
	program->processes[DIRECTOR].command = event;
	process_constant(process, constant, sizeof(constant));
	snprintf(act, sizeof(act), "interrupt(%s)", constant);
	director_act(program, act, "");
	program->needs |= NEED_INTERRUPT;
}

static void command_wait(struct program *program, const struct event *event, int64_t ns)
{
	const struct event *next =
		journal_after(program->journal, EVENT_COMMAND, SIDE_NONE, event->n);

	if (next && next->t - event->t < ns)
		ns = next->t - event->t;
	if (program->wire)
		return;
	program->processes[DIRECTOR].command = event;
	director_wait(program, ns, "");
	program->idle = event->t + ns;
}

/* Whoever dies inside a call does so before another's death could end that call. */
static void lost_first(struct program *program, const struct event *event)
{
	for (unsigned i = 1; i < program->nprocesses; i++) {
		struct process *process = &program->processes[i];
		const struct event *call =
			journal_after(program->journal, EVENT_CALL, process->side, event->n);
		const struct event *end =
			journal_after(program->journal, EVENT_PROCESS, process->side, event->n);

		if (process->blocked && process->alive && call && call->call.killed && end &&
		    end->process.what == PROCESS_KILLED && end->process.pid == process->pid &&
		    end->process.status == SIGKILL)
			process_doom(program, process, end);
	}
}

void walk_command(struct program *program, const struct event *event)
{
	const char *text = event->command.text ? event->command.text : "";
	struct command command = {0};
	struct err err = {0};

	for (unsigned i = 0; i < program->nprocesses; i++)
		program->processes[i].command = NULL;
	if (command_parse(text, strlen(text), SIDE_NONE, &command, &err))
		command.op = OP_NONE;
	program->command = event;
	for (unsigned i = 1; i < program->nprocesses; i++)
		if (event->side == SIDE_NONE || program->processes[i].side == event->side)
			program->processes[i].command = event;
	switch (command.op) {
	case OP_KILL:
		command_signal(program, event, command.side,
			       (int)command_num(&command, "SIGNAL", SIGTERM));
		break;
	case OP_STOP:
		command_signal(program, event, command.side, SIGSTOP);
		break;
	case OP_CONT:
		command_signal(program, event, command.side, SIGCONT);
		break;
	case OP_INTERRUPT:
		command_interrupt(program, event, command.side);
		break;
	case OP_WAIT:
		command_wait(program, event, command_num(&command, "TIME", 0));
		break;
	case OP_SYSCTL:
		director_note(program, event);
		break;
	case OP_RESET:
	case OP_LINK:
		program->processes[DIRECTOR].command = event;
		lost_first(program, event);
		break;
	default:
		if (command.wire)
			director_note(program, event);
		break;
	}
	command_clear(&command);
}
