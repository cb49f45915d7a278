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
	const struct event *event = journal_latest(journal, EVENT_HOST, host, n);

	while (event && event->note.change == HOST_SAID)
		event = journal_before(journal, EVENT_HOST, host, event->n);
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
		const struct event *event = journal_latest(journal, EVENT_PROCESS, side, n);
		uint64_t started = 0;
		bool judged = false; /* whether `stopped` is known */

		for (; event; event = journal_before(journal, EVENT_PROCESS, side, event->n)) {
			enum process_change what = event->process.what;

			if (what == PROCESS_STOPPED || what == PROCESS_CONTINUED) {
				if (!judged && !end->process)
					end->stopped = what == PROCESS_STOPPED;
				judged = true;
			} else if (what != PROCESS_CAUGHT && !end->process) {
				end->process = event;
			}
			if (what == PROCESS_STARTED)
				break;
		}
		if (end->process) {
			end->started = true;
			end->pid = end->process->process.pid;
			end->alive = end->process->process.what == PROCESS_STARTED;
		}
		if (event)
			started = event->n;
		else if (!end->process && journal_first(journal) > 1)
			scene_presume(journal, side, n, end);
		end->down = scene_down(journal, side, n);
		end->snapshot = scene_since(journal, EVENT_SNAPSHOT, side, n, started);
		end->state = scene_since(journal, EVENT_STATE, side, n, started);
		end->call = scene_since(journal, EVENT_CALL, side, n, started);
		end->blocked = scene_since(journal, EVENT_BLOCKED, side, n, started);
		if (end->blocked && (!end->alive || (end->call && end->call->n > end->blocked->n)))
			end->blocked = NULL;
	}
}
