/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program_walk.c - the journal's events as turns.
 *
 *   COMMAND  a comment before whatever it causes; kill, stop, interrupt, wait: a turn of the
 *            director's
 *   CALL     CALL(7, write(4, "123", 3))             a turn of the process
 *   BLOCKED  BLOCKS(8, read(3, data, 4096), 12)      entered at turn 8, back at turn 12
 *   PROCESS  until(9, SERVER, "ZX")                  the director sees it happen
 *   SEGMENT, STATE                                   where they came late, by the kernel's own
 *                                                    clock, the director waits
 */
#include "program.h"

#define CALL_MOST 3600000000 /* µs that are believed */

/* Room for what one event may take, its waits and starts included. */
static bool walk_full(const struct program *program)
{
	return program->turns + 8 > PROGRAM_TURNS || program->notes >= PROGRAM_TURNS;
}

static void walk_event(struct program *program, const struct event *event)
{
	unsigned before = program->turns;

	switch (event->kind) {
	case EVENT_COMMAND:
		walk_command(program, event);
		break;
	case EVENT_CALL:
		walk_call(program, event);
		break;
	case EVENT_BLOCKED:
		walk_blocked(program, event);
		break;
	case EVENT_PROCESS:
		walk_process(program, event);
		break;
	case EVENT_LINK:
		program->wire = event->note.wire.on;
		program->wired |= program->wire;
		program->open = program->wire || journal_first(program->journal) > 1;
		break;
	case EVENT_SEGMENT:
	case EVENT_STATE:
		program->moved = event->t;
		break;
	default:
		break;
	}
	if (program->turns != before) {
		int64_t end = event->t;

		if (event->kind == EVENT_CALL && !event->call.was_blocked && event->call.us > 0 &&
		    event->call.us < CALL_MOST)
			end += event->call.us * 1000;
		if (program->idle < end)
			program->idle = end;
	}
}

void program_walk(struct program *program)
{
	const struct journal *journal = program->journal;

	program->nprocesses = 1;
	program->open = journal_first(journal) > 1;
	program->processes[DIRECTOR].side = SIDE_NONE;
	for (uint64_t n = journal_first(journal); n && n <= journal_last(journal); n++) {
		const struct event *event = journal_at(journal, n);

		/* A stranger's may tell of an end of all days. */
		if (!event || event->t < 0 || event->t > INT64_MAX / 4)
			continue;
		if (walk_full(program))
			program->left += event->kind == EVENT_CALL;
		else
			walk_event(program, event);
	}
	for (unsigned i = 1; i < program->nprocesses; i++)
		process_unblock(program, &program->processes[i], 0, "blocked to the end");
	if (program->needs & NEED_UNTIL && program->needs & NEED_BLOCKS)
		program->needs |= NEED_UNTIL_BLOCKED;
}
