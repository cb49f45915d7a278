/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scene.c - both ends as they were at an event: what the panels and the checks look at. */
#include "lab.h"

#include <string.h>

/* The newest event of a kind since the side's process started, or NULL. */
static const struct event *scene_since(const struct journal *journal, enum event_kind kind,
				       enum side side, uint64_t n, uint64_t started)
{
	const struct event *event = journal_latest(journal, kind, side, n);

	return event && event->n > started ? event : NULL;
}

/* A long journal has let go of the process's start: who has made calls since is alive. */
static void scene_presume(const struct journal *journal, enum side side, uint64_t n,
			  struct scene_side *end)
{
	const struct event *call = journal_latest(journal, EVENT_CALL, side, n);

	if (!call)
		return;
	end->started = end->alive = true;
	end->pid = call->call.pid;
}

/* A child shares the server's host. */
static bool scene_down(const struct journal *journal, enum side side, uint64_t n)
{
	enum side host = side == SIDE_CHILD ? SIDE_SERVER : side;
	const struct event *event = journal_list_latest(journal, LIST_POWER, host, n);

	return event && event->note.change == HOST_DOWN;
}

void scene_at(const struct journal *journal, uint64_t n, struct scene *scene)
{
	const struct event *link = journal_latest(journal, EVENT_LINK, SIDE_NONE, n);

	memset(scene, 0, sizeof(*scene));
	scene->n = n;
	scene->wire = link ? &link->note.wire : NULL;
	for (enum side side = SIDE_CLIENT; side < SIDE_COUNT; side++) {
		struct scene_side *end = &scene->side[side];
		const struct event *began = journal_list_latest(journal, LIST_STARTS, side, n);
		const struct event *stop = journal_list_latest(journal, LIST_STOPS, side, n);
		uint64_t started = began ? began->n : 0;

		end->process = journal_list_latest(journal, LIST_LIVES, side, n);
		end->stopped = stop && stop->process.what == PROCESS_STOPPED &&
			       !(end->process && end->process->n > stop->n);
		if (end->process) {
			end->started = true;
			end->pid = end->process->process.pid;
			end->alive = end->process->process.what == PROCESS_STARTED;
		} else if (journal_first(journal) > 1) {
			scene_presume(journal, side, n, end);
		}
		end->down = scene_down(journal, side, n);
		end->snapshot = scene_since(journal, EVENT_SNAPSHOT, side, n, started);
		end->state = scene_since(journal, EVENT_STATE, side, n, started);
		end->call = scene_since(journal, EVENT_CALL, side, n, started);
		end->blocked = scene_since(journal, EVENT_BLOCKED, side, n, started);
		if (end->blocked && (!end->alive || (end->call && end->call->n > end->blocked->n)))
			end->blocked = NULL;
	}
}
