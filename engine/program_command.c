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

/* The end that a process comes to by this command, which may be told of after its effects: a peer's
 * read can return before the lab hears of the death. NULL: none. */
static const struct event *end_of(const struct program *program, const struct process *process,
				  const struct event *event)
{
	const struct event *end =
		journal_after(program->journal, EVENT_PROCESS, process->side, event->n);

	return end && end->process.pid == process->pid ? end : NULL;
}

static void command_exit(struct program *program, const struct event *event, enum side side)
{
	struct process *process = process_find(program, side, 0);
	const struct event *end = process ? end_of(program, process, event) : NULL;

	if (end && !process->blocked && end->process.what == PROCESS_EXITED)
		process_doom(program, process, end);
}

/* The lab ends its processes, the newest side first. Whoever dies inside a call does so before
 * another's death could end that call; whose call returns still lives then. */
static void command_reset(struct program *program, const struct event *event, bool lost)
{
	for (int side = SIDE_COUNT; side-- > 0;) {
		struct process *process = process_find(program, (enum side)side, 0);
		const struct event *end = process ? end_of(program, process, event) : NULL;
		const struct event *call =
			journal_after(program->journal, EVENT_CALL, (enum side)side, event->n);

		if (!end || end->process.what != PROCESS_KILLED || end->process.status != SIGKILL)
			continue;
		if (process->blocked ? lost && call && call->call.killed : !lost)
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
		command_reset(program, event, true);
		command_reset(program, event, false);
		break;
	case OP_EXIT:
		command_exit(program, event, command.side);
		break;
	default:
		if (command.wire)
			director_note(program, event);
		break;
	}
	command_clear(&command);
}
