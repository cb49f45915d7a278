/* SPDX-License-Identifier: GPL-3.0-or-later */
/* task_process.c - commands that act on a process, not on its descriptors; and sysctl. */
#include "task.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ASK_EVERY (10 * NS_PER_MS) /* an interrupt is repeated until the call has returned */
#define STOP_WAIT NS_PER_S

static int signal_send(const struct actor *actor, int number)
{
	if (actor->pidfd < 0)
		return kill(actor->pid, number);
	return (int)syscall(SYS_pidfd_send_signal, actor->pidfd, number, NULL, 0);
}

static enum progress process_missing(struct lab *lab, struct task *task)
{
	const struct actor *actor = &lab->actors[task->command.side];
	const char *name = side_name(task->command.side);

	if (!actor->pid)
		return task_refuse(task, "there is no %s yet: `server fork` makes one", name);
	return task_refuse(task, "the %s has already ended: `reset` starts anew", name);
}

enum progress task_signal(struct lab *lab, struct task *task)
{
	const struct command *command = &task->command;
	struct actor_request request = {.op = CALL_SIGACTION, .fd = -1};

	if (task->step++)
		return TASK_DONE;
	request.a = (int32_t)command_num(command, "SIGNAL", SIGPIPE);
	request.b = command_has(command, "default")   ? DISP_DEFAULT
		    : command_has(command, "ignore")  ? DISP_IGNORE
		    : command_has(command, "restart") ? DISP_CATCH_RESTART
						      : DISP_CATCH;
	task_send(lab, command->side, &request, NULL, -1);
	return TASK_AGAIN;
}

/* After a signal that ends the process, the command ends when the process has. */
enum progress task_kill(struct lab *lab, struct task *task)
{
	struct actor *actor = &lab->actors[task->command.side];
	int number = (int)command_num(&task->command, "SIGNAL", SIGTERM);

	if (!actor->alive)
		return task->step ? TASK_DONE : process_missing(lab, task);
	if (!task->step++ && signal_send(actor, number))
		return task_refuse(task, "kill(%d, %s): %s", actor->pid, signal_name(number),
				   strerror(errno));
	process_check(lab);
	if (!actor->alive || lab_now(lab) > task->began + BLOCKED_AFTER)
		return TASK_DONE;
	task->wake = lab_now(lab) + NS_PER_MS;
	return TASK_IDLE;
}

enum progress task_exit(struct lab *lab, struct task *task)
{
	const struct command *command = &task->command;
	struct actor *actor = &lab->actors[command->side];
	struct actor_request request = {.op = ACTOR_EXIT, .fd = -1};

	if (!actor->alive)
		return TASK_DONE;
	if (!task->step++) {
		request.a = (int32_t)command_num(command, "STATUS", 0);
		task_send(lab, command->side, &request, NULL, -1);
		/* It never answers: its end does. */
		actor->flight.active = false;
	}
	process_check(lab);
	if (!actor->alive || lab_now(lab) > task->began + STOP_WAIT)
		return TASK_DONE;
	task->wake = lab_now(lab) + NS_PER_MS;
	return TASK_IDLE;
}

enum progress task_stop(struct lab *lab, struct task *task)
{
	struct actor *actor = &lab->actors[task->command.side];
	bool stop = task->command.op == OP_STOP;

	if (!actor->alive)
		return task->step ? TASK_DONE : process_missing(lab, task);
	if (!task->step++ && signal_send(actor, stop ? SIGSTOP : SIGCONT))
		return task_refuse(task, "kill(%d, %s): %s", actor->pid,
				   stop ? "SIGSTOP" : "SIGCONT", strerror(errno));
	process_check(lab);
	if (actor->stopped == stop || lab_now(lab) > task->began + STOP_WAIT)
		return TASK_DONE;
	task->wake = lab_now(lab) + NS_PER_MS;
	return TASK_IDLE;
}

enum progress task_interrupt(struct lab *lab, struct task *task)
{
	struct actor *actor = &lab->actors[task->command.side];
	const char *name = side_name(task->command.side);

	if (!actor->alive)
		return task->step ? TASK_DONE : process_missing(lab, task);
	if (!actor->flight.active)
		return task->step ? TASK_DONE
				  : task_refuse(task, "the %s is not blocked in a call", name);
	if (actor->stopped)
		return task_refuse(task, "the %s is stopped: `%s cont` lets it go on", name, name);
	/* The signal may come just before the call blocks: again until it has returned. */
	task->step++;
	signal_send(actor, SIGRTMIN);
	task->wake = lab_now(lab) + ASK_EVERY;
	return TASK_IDLE;
}

enum progress task_sysctl(struct lab *lab, struct task *task)
{
	const struct arg *name = command_arg(&task->command, "NAME");
	const struct arg *value = command_arg(&task->command, "VALUE");
	char now[128];

	if (link_sysctl(lab, name->text, value ? value->text : NULL, now, sizeof(now), &task->err))
		return TASK_REFUSED;
	stage_note(lab, EVENT_HOST, SIDE_NONE, "%s = %s", name->text, now);
	return TASK_DONE;
}
