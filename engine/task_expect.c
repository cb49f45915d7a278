/* SPDX-License-Identifier: GPL-3.0-or-later */
/* task_expect.c - wait, wait until, expect and expect not. */
#include "task.h"

#define LOOK_MOST (10 * NS_PER_MS)
#define FORCE_AFTER (50 * NS_PER_MS) /* doubled each time */

enum progress task_wait(struct lab *lab, struct task *task)
{
	int64_t until = task->began + command_num(&task->command, "TIME", 0);

	if (lab_now(lab) >= until)
		return TASK_DONE;
	task->wake = until;
	return TASK_IDLE;
}

static enum progress expect_end(struct lab *lab, struct task *task, int held, const char *saw)
{
	struct event event = {.kind = EVENT_EXPECT, .side = SIDE_NONE, .t = lab_now(lab)};

	task->held = event.expect.held = held;
	event.expect.text = task->command.text;
	event.expect.line = task->command.line;
	event.expect.saw = saw;
	stage_add(lab, &event);
	stage_flush(lab, true);
	return TASK_DONE;
}

/* The kernel is looked at again and again while a condition is awaited: what it does by itself
 * (a timer, a delayed ACK without a capture) wakes nobody. The evidence goes into the journal:
 * a whole snapshot at the start, at the end and now and then. */
enum progress task_expect(struct lab *lab, struct task *task)
{
	struct command *command = &task->command;
	struct judge judge = {
		.journal = lab->journal, .segments_since = lab->acted, .capture = link_sees(lab)};
	int64_t now = lab_now(lab), end = task->began + command->within;
	bool last = now >= end, not = command->op == OP_EXPECT_NOT;
	enum verdict verdict;
	char saw[256] = "";

	if (task->step == 0 || last ||
	    now - task->began >= FORCE_AFTER << (task->step < 20 ? task->step : 20)) {
		observe(lab, true);
		/* A report may be due for a descriptor whose connection is gone. */
		if (task->step++ == 0)
			return TASK_AGAIN;
	} else {
		observe(lab, false);
	}
	stage_flush(lab, true);
	judge.upto = journal_last(lab->journal);
	verdict = condition_judge(&command->cond, &judge, NULL, saw, sizeof(saw));
	if (verdict == VERDICT_UNAVAILABLE)
		return expect_end(lab, task, -1, saw);
	if (verdict == VERDICT_TRUE)
		return expect_end(lab, task, not ? 0 : 1, saw);
	if (last)
		return expect_end(lab, task, not ? 1 : 0, saw);
	/* Soon at first, then every few milliseconds. */
	task->wake = now + (now - task->began < LOOK_MOST ? NS_PER_MS : LOOK_MOST);
	if (task->wake > end)
		task->wake = end;
	return TASK_IDLE;
}
