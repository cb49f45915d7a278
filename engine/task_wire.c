/* SPDX-License-Identifier: GPL-3.0-or-later */
/* task_wire.c - the cable in the user's hand: hold, release, drop, cut, mend, ... */
#include "task.h"
#include "wire.h"

#include <string.h>

#define SEGMENT_WAIT (2 * NS_PER_S)
/* What has arrived already is only taken when nothing else comes, neither after it nor in answer to
 * what was delivered last: the longest a receiver puts off an ACK is 200 ms (TCP_DELACK_MAX,
 * include/net/tcp.h). */
#define REPEAT_WAIT (250 * NS_PER_MS)
#define TURN_LONG (2 * NS_PER_MS) /* a transfer may be released one by one: others have a turn */

static const char *of_side(enum side side)
{
	return side == SIDE_CLIENT ? " client" : side == SIDE_SERVER ? " server" : "";
}

static const char *from_side(enum side side)
{
	return side == SIDE_CLIENT   ? " from the client"
	       : side == SIDE_SERVER ? " from the server"
				     : "";
}

/* Its place among what shall happen to the next segments. */
static unsigned next_place(enum side side)
{
	return side == SIDE_CLIENT ? 0 : side == SIDE_SERVER ? 1 : WIRE_ANY;
}

/* Is anything stopped here that this sender's segments would have to wait for? */
static bool held_here(const struct wire *wire, enum side side)
{
	for (unsigned i = 0; i < wire->held.count; i++)
		if (side == SIDE_NONE || wire->held.at[i].from == side)
			return true;
	if (side == SIDE_NONE)
		return wire->state.hold[SIDE_CLIENT] || wire->state.hold[SIDE_SERVER];
	return wire->state.hold[side];
}

enum progress task_wire_cut(struct lab *lab, struct task *task)
{
	(void)task;
	lab->wire->state.cut = true;
	stage_note(lab, EVENT_LINK, SIDE_NONE, "cut");
	return TASK_DONE;
}

enum progress task_wire_hold(struct lab *lab, struct task *task)
{
	enum side side = task->command.side;

	for (enum side i = SIDE_CLIENT; i <= SIDE_SERVER; i++)
		if (side == SIDE_NONE || side == i)
			lab->wire->state.hold[i] = true;
	stage_note(lab, EVENT_LINK, SIDE_NONE, "hold%s", of_side(side));
	for (enum side i = SIDE_CLIENT; i <= SIDE_SERVER; i++)
		if (lab->wire->state.hold[i])
			wire_stop(lab, i);
	return TASK_DONE;
}

/* Whatever waits gets across first, in the order of its sending; repeats last. */
enum progress task_wire_mend(struct lab *lab, struct task *task)
{
	struct wire *wire = lab->wire;
	struct parcel *parcel, taken;

	(void)task;
	memset(&wire->state, 0, sizeof(wire->state));
	wire->state.on = true;
	memset(wire->drop_next, 0, sizeof(wire->drop_next));
	memset(wire->duplicate_next, 0, sizeof(wire->duplicate_next));
	memset(wire->reorder_next, 0, sizeof(wire->reorder_next));
	stage_note(lab, EVENT_LINK, SIDE_NONE, "mend");
	while (wire->late.count) {
		taken = parcel_take(&wire->late, &wire->late.at[0]);
		wire_release(lab, &taken, FATE_DELIVERED);
	}
	while ((parcel = parcel_next(lab, &wire->held, SIDE_NONE, true))) {
		taken = parcel_take(&wire->held, parcel);
		wire_release(lab, &taken, FATE_RELEASED);
	}
	return TASK_DONE;
}

enum progress task_wire_delay(struct lab *lab, struct task *task)
{
	int64_t delay = command_num(&task->command, "TIME", 0);

	lab->wire->state.delay = delay;
	if (delay)
		stage_note(lab, EVENT_LINK, SIDE_NONE, "delay %g ms", (double)delay / NS_PER_MS);
	else
		stage_note(lab, EVENT_LINK, SIDE_NONE, "delay off");
	return TASK_DONE;
}

enum progress task_wire_loss(struct lab *lab, struct task *task)
{
	int64_t percent = command_num(&task->command, "PERCENT", 0);

	lab->wire->state.loss = (uint8_t)percent;
	memset(lab->wire->draws, 0, sizeof(lab->wire->draws));
	stage_note(lab, EVENT_LINK, SIDE_NONE, "loss %d%%", (int)percent);
	return TASK_DONE;
}

enum progress task_wire_unreachable(struct lab *lab, struct task *task)
{
	const struct command *command = &task->command;
	enum unreachable what = command_has(command, "host")   ? UNREACHABLE_HOST
				: command_has(command, "net")  ? UNREACHABLE_NET
				: command_has(command, "port") ? UNREACHABLE_PORT
							       : UNREACHABLE_OFF;

	lab->wire->state.unreachable = (uint8_t)what;
	stage_note(lab, EVENT_LINK, SIDE_NONE, "unreachable %s",
		   what == UNREACHABLE_HOST   ? "host"
		   : what == UNREACHABLE_NET  ? "net"
		   : what == UNREACHABLE_PORT ? "port"
					      : "off");
	return TASK_DONE;
}

static void parcel_do(struct lab *lab, const struct parcel *parcel, enum op op)
{
	struct parcel taken = parcel_take(&lab->wire->held, parcel);

	if (op == OP_WIRE_DROP) {
		wire_lose(lab, &taken, FATE_DROPPED);
		return;
	}
	wire_deliver_copy(lab, &taken, FATE_RELEASED);
	if (op == OP_WIRE_DUPLICATE)
		wire_deliver_copy(lab, &taken, FATE_DUPLICATED);
	parcel_clear(&taken);
}

static const char *op_word(enum op op)
{
	return op == OP_WIRE_RELEASE ? "release" : op == OP_WIRE_DROP ? "drop" : "duplicate";
}

/* Nothing is on hold: the next N will be dropped, or delivered twice. */
static enum progress next_ones(struct lab *lab, struct task *task, int64_t wanted)
{
	struct wire *wire = lab->wire;
	enum side side = task->command.side;
	enum op op = task->command.op;
	unsigned *next = op == OP_WIRE_DROP ? wire->drop_next : wire->duplicate_next;

	if (op == OP_WIRE_RELEASE)
		return task_refuse(task, "nothing%s is on hold: `wire hold%s` stops what is sent",
				   from_side(side), of_side(side));
	if (command_has(&task->command, "all"))
		return task_refuse(task, "nothing is on hold; say how many of the next to %s%s",
				   op_word(op), op == OP_WIRE_DROP ? ", or `wire cut`" : "");
	next[next_place(side)] += (unsigned)wanted;
	stage_note(lab, EVENT_LINK, SIDE_NONE, "%s the next %d%s", op_word(op), (int)wanted,
		   from_side(side));
	return TASK_DONE;
}

static enum progress this_one(struct lab *lab, struct task *task, uint32_t id)
{
	struct parcels *held = &lab->wire->held;
	enum side side = task->command.side;

	if (command_has(&task->command, "N") || command_has(&task->command, "all"))
		return task_refuse(task, "either a number of segments, or `segment ID`");
	for (unsigned i = 0; i < held->count; i++)
		if (held->at[i].id == id) {
			if (side != SIDE_NONE && held->at[i].from != side)
				return task_refuse(task, "segment %u is the %s's", id,
						   side_name(held->at[i].from));
			parcel_do(lab, &held->at[i], task->command.op);
			return TASK_DONE;
		}
	if (!held->count)
		return task_refuse(task, "segment %u is not held in mid-wire: none is", id);
	return task_refuse(task,
			   "segment %u is not held in mid-wire: the oldest that is has the "
			   "number %u",
			   id, held->at[0].id);
}

/* The next that may be taken now; NULL: wait until task->wake. */
static struct parcel *held_next(struct lab *lab, struct task *task)
{
	enum side side = task->command.side;
	struct parcel *parcel = parcel_next(lab, &lab->wire->held, side, false);
	int64_t ripe;

	if (parcel)
		return parcel;
	parcel = parcel_next(lab, &lab->wire->held, side, true);
	if (!parcel)
		return NULL;
	ripe = parcel->t > lab->wire->moved ? parcel->t : lab->wire->moved;
	ripe += REPEAT_WAIT;
	if (lab_now(lab) >= ripe)
		return parcel;
	if (ripe < task->wake)
		task->wake = ripe;
	return NULL;
}

static enum progress too_few(struct task *task, int64_t wanted)
{
	enum side side = task->command.side;

	if (!task->count)
		return task_refuse(task, "no segment%s has come to be held within 2 s",
				   from_side(side));
	return task_refuse(task, "only %d of %d segments have come to be held within 2 s",
			   task->count, (int)wanted);
}

enum progress task_wire_release(struct lab *lab, struct task *task)
{
	const struct command *command = &task->command;
	const struct arg *id = command_arg(command, "ID");
	int64_t wanted = command_num(command, "N", 1), end = task->began + SEGMENT_WAIT;
	int64_t begun = lab_now(lab);
	struct parcel *parcel;

	observe(lab, false); /* read the wire empty */
	if (id)
		return this_one(lab, task, (uint32_t)id->num);
	if (!task->count && !held_here(lab->wire, command->side))
		return next_ones(lab, task, wanted);
	if (command_has(command, "all")) {
		/* Not what is sent in answer to it. */
		for (unsigned count = lab->wire->held.count; count--;)
			if ((parcel = parcel_next(lab, &lab->wire->held, command->side, true)))
				parcel_do(lab, parcel, command->op);
		return TASK_DONE;
	}
	task->wake = end;
	while (task->count < wanted && (parcel = held_next(lab, task))) {
		parcel_do(lab, parcel, command->op);
		task->count++;
		observe(lab, false);
		if (lab_now(lab) - begun > TURN_LONG) {
			task->wake = lab_now(lab);
			return TASK_IDLE;
		}
	}
	if (task->count == wanted)
		return TASK_DONE;
	return lab_now(lab) < end ? TASK_IDLE : too_few(task, wanted);
}

/* The second held segment goes first. */
enum progress task_wire_reorder(struct lab *lab, struct task *task)
{
	enum side side = task->command.side;
	struct wire *wire = lab->wire;
	struct parcel *parcel, first;

	observe(lab, false);
	if (!held_here(wire, side)) {
		wire->reorder_next[next_place(side)] = true;
		stage_note(lab, EVENT_LINK, SIDE_NONE, "the next%s lets the one after it overtake",
			   from_side(side));
		return TASK_DONE;
	}
	parcel = parcel_next(lab, &wire->held, side, false);
	if (parcel) {
		struct parcel *second;

		first = parcel_take(&wire->held, parcel);
		second = parcel_next(lab, &wire->held, first.from, false);
		if (second) {
			parcel_do(lab, second, OP_WIRE_RELEASE);
			wire_release(lab, &first, FATE_RELEASED);
			return TASK_DONE;
		}
		parcel_put(&wire->held, &first);
		task->count = 1;
	}
	task->wake = task->began + SEGMENT_WAIT;
	return lab_now(lab) < task->wake ? TASK_IDLE : too_few(task, 2);
}
