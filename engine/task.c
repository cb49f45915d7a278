/* SPDX-License-Identifier: GPL-3.0-or-later */
/* task.c - one command at a time: begin it, carry it on, end it. */
#include "task.h"

#include "mem.h"
#include "wire.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define REPORT_WAIT (2 * NS_PER_S)

struct card {
	enum op op;
	bool side_free; /* the side must be able to make a call */
	enum progress (*go_on)(struct lab *lab, struct task *task);
};

static const struct card cards[] = {
	{OP_LINK, false, task_link},
	{OP_OPEN, false, task_open},
	{OP_RESET, false, task_reset},
	{OP_LISTEN, false, task_listen},
	{OP_CONNECT, false, task_connect},
	{OP_ACCEPT, true, task_simple_call},
	{OP_WRITE, true, task_simple_call},
	{OP_SEND, true, task_simple_call},
	{OP_READ, true, task_simple_call},
	{OP_RECV, true, task_simple_call},
	{OP_DRAIN, true, task_simple_call},
	{OP_POLL, true, task_simple_call},
	{OP_CLOSE, true, task_simple_call},
	{OP_SHUTDOWN, true, task_simple_call},
	{OP_DUP, true, task_simple_call},
	{OP_FORK, true, task_fork},
	{OP_SET, true, task_set},
	{OP_GET, true, task_get},
	{OP_SIGNAL, true, task_signal},
	{OP_KILL, false, task_kill},
	{OP_EXIT, true, task_exit},
	{OP_STOP, false, task_stop},
	{OP_CONT, false, task_stop},
	{OP_INTERRUPT, false, task_interrupt},
	{OP_WIRE_CUT, false, task_wire_cut},
	{OP_WIRE_MEND, false, task_wire_mend},
	{OP_WIRE_HOLD, false, task_wire_hold},
	{OP_WIRE_RELEASE, false, task_wire_release},
	{OP_WIRE_DROP, false, task_wire_release},
	{OP_WIRE_DUPLICATE, false, task_wire_release},
	{OP_WIRE_REORDER, false, task_wire_reorder},
	{OP_WIRE_DELAY, false, task_wire_delay},
	{OP_WIRE_LOSS, false, task_wire_loss},
	{OP_WIRE_UNREACHABLE, false, task_wire_unreachable},
	{OP_CRASH, false, task_crash},
	{OP_REBOOT, false, task_reboot},
	{OP_POWEROFF, false, task_poweroff},
	{OP_SYSCTL, false, task_sysctl},
	{OP_WAIT, false, task_wait},
	{OP_WAIT_UNTIL, false, task_expect},
	{OP_EXPECT, false, task_expect},
	{OP_EXPECT_NOT, false, task_expect},
};

static const struct card *card_find(enum op op)
{
	for (size_t i = 0; i < sizeof(cards) / sizeof(cards[0]); i++)
		if (cards[i].op == op)
			return &cards[i];
	return NULL;
}

enum progress task_refuse(struct task *task, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(task->err.text, sizeof(task->err.text), fmt, ap);
	va_end(ap);
	return TASK_REFUSED;
}

enum progress task_no_room(struct task *task, enum side side)
{
	return task_refuse(task, "the %s has %d descriptors open, as many as the lab keeps",
			   side_name(side), DESCS_MAX);
}

/* What stands between the two ends is in the way before anything that the other one could do. */
static const char *wire_way_on(const struct lab *lab, enum side side, enum call call)
{
	enum side peer = side_other(side);
	const struct wire *wire = lab->wire;
	bool takes = call != CALL_CONNECT && call != CALL_WRITE && call != CALL_SEND;

	if (!wire)
		return NULL;
	if (wire->host[peer].down)
		return peer == SIDE_CLIENT ? "the client's host is down (`client reboot`)"
					   : "the server's host is down (`server reboot`)";
	for (unsigned i = 0; i < wire->held.count; i++)
		if (!takes || wire->held.at[i].from == peer || call == CALL_ACCEPT)
			return "`wire release` lets go what is held";
	return wire->state.cut ? "`wire mend` ends the cut" : NULL;
}

/* How a blocked side is set going again. */
static const char *way_on(const struct lab *lab, enum side side, enum call call)
{
	const char *way = wire_way_on(lab, side, call);
	bool client = side == SIDE_CLIENT;

	if (way)
		return way;
	switch (call) {
	case CALL_ACCEPT:
		return "`client connect`";
	case CALL_CONNECT:
		return "`server accept`";
	case CALL_WRITE:
	case CALL_SEND:
		return client ? "`server drain`" : "`client drain`";
	default:
		return client ? "let the server write or close" : "let the client write or close";
	}
}

static enum progress side_dead(const struct lab *lab, struct task *task, enum side side)
{
	const struct event *end = journal_latest(lab->journal, EVENT_PROCESS, side, UINT64_MAX);
	const char *again = side == SIDE_CLIENT	  ? "`client connect` starts another"
			    : side == SIDE_SERVER ? "`server listen` starts another"
						  : "`server fork` makes another";

	if (end && end->process.what == PROCESS_KILLED)
		return task_refuse(task, "the %s is dead, killed by %s: %s", side_name(side),
				   signal_name(end->process.status), again);
	return task_refuse(task, "the %s has exited: %s", side_name(side), again);
}

enum progress task_side_free(struct lab *lab, struct task *task, enum side side)
{
	struct actor *actor = &lab->actors[side];
	const char *name = side_name(side);
	char seconds[32];

	if (!actor->pid)
		return task_refuse(task, "there is no %s yet: `server fork` makes one", name);
	if (link_down(lab, side))
		return task_refuse(task, "the %s's host is down: `%s reboot` starts it again", name,
				   side == SIDE_CLIENT ? "client" : "server");
	if (!actor->alive)
		return side_dead(lab, task, side);
	if (actor->stopped)
		return task_refuse(task, "the %s is stopped: `%s cont` lets it go on", name, name);
	if (!actor->flight.active)
		return TASK_DONE;
	if (lab_now(lab) < task->began + task->patience) {
		task->wake = task->began + task->patience;
		return TASK_IDLE;
	}
	snprintf(seconds, sizeof(seconds), "%.1f s",
		 (double)(lab_now(lab) - actor->flight.sent) / NS_PER_S);
	return task_refuse(task, "the %s is blocked in %s for %s: %s, or `%s interrupt`", name,
			   call_name(actor->flight.call), seconds,
			   way_on(lab, side, actor->flight.call), name);
}

/* Is a report to come? One that stays out must not hold the command up for ever. */
static bool report_awaited(struct lab *lab, struct actor *actor)
{
	if (actor->nreport)
		return lab_now(lab) < actor->report_t + REPORT_WAIT;
	return desc_due(actor) && actor_free(actor);
}

enum progress task_revive(struct lab *lab, struct task *task, enum side side)
{
	const struct actor *actor = &lab->actors[side];

	if (side == SIDE_CHILD || !actor->pid || actor->alive || link_down(lab, side))
		return TASK_DONE;
	return actor_start(lab, side, &task->err) ? TASK_REFUSED : TASK_DONE;
}

/* The side of a command that makes a call. */
static enum progress task_side(struct lab *lab, struct task *task)
{
	const enum side side = task->command.side;

	/* What makes a socket where there is none starts a process where there is none. */
	if (task->command.op == OP_SET && task_revive(lab, task, side) == TASK_REFUSED)
		return TASK_REFUSED;
	return task_side_free(lab, task, side);
}

/* Everything sent has returned or is known to block, every report has come in. */
static bool task_settled(struct lab *lab)
{
	for (int side = 0; side < SIDE_COUNT; side++) {
		struct actor *actor = &lab->actors[side];

		if (actor->alive && !actor->stopped &&
		    ((actor->flight.active && !actor->flight.journalled) ||
		     report_awaited(lab, actor)))
			return false;
	}
	return true;
}

void task_send(struct lab *lab, enum side side, const struct actor_request *request,
	       const void *data, int fd)
{
	actor_send(lab, &lab->actors[side], request, data, fd);
}

static void task_end(struct task *task, int outcome)
{
	task->active = false;
	task->outcome = outcome;
	command_clear(&task->command);
}

bool task_turn(struct lab *lab)
{
	struct task *task = lab->task;
	const struct card *card;
	enum progress progress;

	if (!task || !task->active || !task_settled(lab))
		return false;
	task->wake = NEVER;
	card = card_find(task->command.op);
	if (card->side_free && !task->free) {
		progress = task_side(lab, task);
		if (progress == TASK_DONE)
			task->free = true;
		else if (progress == TASK_REFUSED)
			task_end(task, -1);
		if (progress != TASK_DONE)
			return progress == TASK_REFUSED;
	}
	progress = card->go_on(lab, task);
	if (progress == TASK_DONE || progress == TASK_REFUSED)
		task_end(task, progress == TASK_DONE ? 0 : -1);
	return progress != TASK_IDLE;
}

int64_t task_deadline(const struct lab *lab)
{
	int64_t wake;

	if (!lab->task || !lab->task->active)
		return NEVER;
	wake = lab->task->wake;
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct actor *actor = &lab->actors[side];
		int64_t late = actor->report_t + REPORT_WAIT;

		if (actor->alive && actor->nreport && late > lab_now(lab) && late < wake)
			wake = late;
	}
	return wake;
}

void task_free(struct lab *lab)
{
	if (!lab->task)
		return;
	if (lab->task->active)
		command_clear(&lab->task->command);
	free(lab->task);
	lab->task = NULL;
}

/* At the prompt the focus stood for the side; the journal is read without a focus. */
static const char *command_with_side(const struct command *command, char *out, size_t size)
{
	const char *text = command->text ? command->text : "";
	size_t verb = strlen(command->verb ? command->verb : "");

	if (command->side == SIDE_NONE || !verb || !strncmp(command->verb, "wire", 4) ||
	    strncmp(text, command->verb, strcspn(command->verb, " ")) != 0)
		return text;
	snprintf(out, size, "%s %s", side_name(command->side), text);
	return strlen(text) + 16 < size ? out : text;
}

static void command_journal(struct lab *lab, const struct command *command)
{
	struct event event = {.kind = EVENT_COMMAND, .side = command->side};
	const struct event *stored;
	char text[512];

	/* What came before the command shall stand before it. */
	observe(lab, false);
	stage_flush(lab, true);
	event.t = lab_now(lab);
	event.command.text = command_with_side(command, text, sizeof(text));
	event.command.line = command->line;
	event.command.acts = command->acts;
	stored = journal_append(lab->journal, &event);
	if (command->acts)
		lab->acted = stored->n;
}

int lab_submit(struct lab *lab, const struct command *command, int64_t patience, struct err *err)
{
	struct task *task;

	if (lab_busy(lab))
		return err_set(err, "`%s` is still under way", lab->task->command.text);
	if (command->op == OP_NONE)
		return 0;
	if (!card_find(command->op))
		return err_set(err, "`%s` belongs to the screen", command->verb);
	if (command->wire && !lab->wire)
		return err_set(err, "`%s` needs two hosts and a wire between them: `link wire`",
			       command->verb);
	if (!lab->task)
		lab->task = xcalloc(1, sizeof(*lab->task));
	task = lab->task;
	*task = (struct task){.active = true, .patience = patience, .wake = NEVER, .held = 1};
	command_copy(&task->command, command);
	command_journal(lab, command);
	task->began = lab_now(lab);
	snapshot_grant(lab);
	lab_turn(lab);
	return 0;
}

bool lab_busy(const struct lab *lab)
{
	return lab->task && lab->task->active;
}

int lab_outcome(const struct lab *lab, struct err *err)
{
	if (!lab->task)
		return 0;
	if (lab->task->outcome && err)
		memcpy(err->text, lab->task->err.text, sizeof(err->text));
	return lab->task->outcome;
}

int lab_held(const struct lab *lab)
{
	return lab->task ? lab->task->held : 1;
}

void lab_cancel(struct lab *lab)
{
	if (!lab_busy(lab))
		return;
	if (lab->task->command.op == OP_POWEROFF)
		stage_host(lab, lab->task->command.side, HOST_SAID,
			   "poweroff given up: the host stays up");
	task_refuse(lab->task, "given up");
	task_end(lab->task, -1);
}
