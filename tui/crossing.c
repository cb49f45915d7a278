/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crossing.c - each segment once, as its newest fate leaves it.
 *
 *   journal   held 7 · held 7, sent 2 · delivered 8 · released 7 · held 9
 *   done      8, 7            in the order in which they crossed, or were lost
 *   wait      9               still on the wire
 */
#include "crossing.h"

#include <string.h>

#define FATES_MOST 4096 /* looked back at for what is still held */
#define SLOTS 8192	/* a power of two, twice as many */

/* Which segments have been met, and where their crossing is. */
struct met {
	uint32_t id[SLOTS];
	struct crossing *crossing[SLOTS]; /* NULL: there was no room for it */
	bool used[SLOTS];
};

bool fate_waits(enum fate fate)
{
	return fate == FATE_HELD || fate == FATE_DELAYED;
}

bool fate_ends(enum fate fate)
{
	return fate == FATE_DROPPED || fate == FATE_CUT || fate == FATE_LOST ||
	       fate == FATE_UNREACHABLE || fate == FATE_SILENCED;
}

static unsigned met_slot(const struct met *met, uint32_t id)
{
	unsigned slot = id * 2654435761U % SLOTS;

	while (met->used[slot] && met->id[slot] != id)
		slot = (slot + 1) % SLOTS;
	return slot;
}

static struct crossing *crossing_add(struct crossings *crossings, const struct event *event,
				     int room)
{
	struct crossing *crossing = NULL;

	if (event->kind == EVENT_SEGMENT && fate_waits(event->segment.fate)) {
		if (crossings->nwait < CROSSINGS_WAIT)
			crossing = &crossings->wait[crossings->nwait++];
	} else if (crossings->ndone < room) {
		crossing = &crossings->done[crossings->ndone++];
	}
	if (crossing)
		crossing->event = crossing->first = event;
	return crossing;
}

/* By their sending, which the newest fate does not tell; they are few and almost in order. */
static void crossings_sort(struct crossings *crossings)
{
	for (int i = 1; i < crossings->nwait; i++) {
		struct crossing one = crossings->wait[i];
		int j = i;

		for (; j && crossings->wait[j - 1].first->n < one.first->n; j--)
			crossings->wait[j] = crossings->wait[j - 1];
		crossings->wait[j] = one;
	}
}

void crossings_take(const struct journal *journal, uint64_t from, uint64_t upto, int room,
		    bool wire, struct crossings *crossings)
{
	const struct event *segment = journal_latest(journal, EVENT_SEGMENT, SIDE_NONE, upto);
	const struct event *icmp = journal_latest(journal, EVENT_ICMP, SIDE_NONE, upto), *event;
	struct met met;

	memset(met.used, 0, sizeof(met.used));
	crossings->ndone = crossings->nwait = 0;
	if (room > CROSSINGS_DONE)
		room = CROSSINGS_DONE;
	for (int looked = 0; looked < FATES_MOST && (wire || crossings->ndone < room); looked++) {
		unsigned slot;

		event = !segment || (icmp && icmp->n > segment->n) ? icmp : segment;
		if (!event || event->n <= from)
			break;
		if (event == icmp) {
			icmp = journal_before(journal, EVENT_ICMP, SIDE_NONE, event->n);
			crossing_add(crossings, event, room);
			continue;
		}
		segment = journal_before(journal, EVENT_SEGMENT, SIDE_NONE, event->n);
		slot = met_slot(&met, event->segment.id);
		if (met.used[slot]) {
			if (met.crossing[slot])
				met.crossing[slot]->first = event;
			continue;
		}
		met.used[slot] = true;
		met.id[slot] = event->segment.id;
		met.crossing[slot] = crossing_add(crossings, event, room);
	}
	crossings_sort(crossings);
}

int crossings_held(const struct crossings *crossings)
{
	int held = 0;

	for (int i = 0; i < crossings->nwait; i++)
		held += crossings->wait[i].event->segment.fate == FATE_HELD;
	return held;
}

struct pick crossing_pick(const struct crossing *crossing)
{
	const struct event *event = crossing->event;
	struct pick pick = {event->kind,
			    event->kind == EVENT_SEGMENT ? event->segment.id : event->n};

	return pick;
}

bool pick_same(struct pick one, struct pick other)
{
	return one.kind == other.kind && one.id == other.id;
}

int crossing_fates(const struct journal *journal, uint64_t from, uint64_t upto, struct pick pick,
		   const struct event **fates, int room)
{
	const struct event *event;
	int count = 0;

	if (pick.kind == EVENT_ICMP) {
		event = journal_at(journal, pick.id);
		if (event && event->kind == EVENT_ICMP && room)
			fates[count++] = event;
		return count;
	}
	event = pick.kind == EVENT_SEGMENT ? journal_latest(journal, EVENT_SEGMENT, SIDE_NONE, upto)
					   : NULL;
	for (int looked = 0; event && event->n > from && looked < FATES_MOST && count < room;
	     looked++) {
		if (event->segment.id == pick.id)
			fates[count++] = event;
		event = journal_before(journal, EVENT_SEGMENT, SIDE_NONE, event->n);
	}
	return count;
}
