/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage.c - events wait here until what happened before them is known too. */
#include "mem.h"
#include "wire.h"

#include <stdarg.h>
#include <stdlib.h>

/* Is a call under way whose own line would come too late if we went on now? */
static bool stage_waits(const struct lab *lab)
{
	for (int side = 0; side < SIDE_COUNT; side++)
		if (flight_young(&lab->actors[side].flight))
			return true;
	return false;
}

void stage_add(struct lab *lab, const struct event *event)
{
	/* In the middle of a transfer on the wire nothing comes in the wrong order. */
	if (event->kind == EVENT_SEGMENT && !lab->nstaged && lab->wire && lab->wire->bulk &&
	    !stage_waits(lab)) {
		journal_append(lab->journal, event);
		return;
	}
	if (lab->nstaged == lab->staged_room) {
		lab->staged_room = lab->staged_room ? lab->staged_room * 2 : 64;
		lab->staged = xrealloc(lab->staged, lab->staged_room * sizeof(*lab->staged));
	}
	lab->staged[lab->nstaged] = *event;
	event_own(&lab->staged[lab->nstaged++], &lab->staged_arena);
}

void stage_note(struct lab *lab, enum event_kind kind, enum side side, const char *fmt, ...)
{
	struct event event = {.kind = kind, .side = side, .t = lab_now(lab)};
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	event.note.text = text;
	if (kind == EVENT_LINK && lab->wire)
		event.note.wire = wire_told(lab->wire);
	stage_add(lab, &event);
}

void stage_host(struct lab *lab, enum side side, enum host_change change, const char *text)
{
	struct event event = {.kind = EVENT_HOST, .side = side, .t = lab_now(lab)};

	event.note.text = text;
	event.note.change = change;
	stage_add(lab, &event);
}

void stage_flush(struct lab *lab, bool force)
{
	if (!lab->nstaged || (!force && stage_waits(lab)))
		return;
	/* Nearly sorted, and equal times keep their order: insertion. */
	for (size_t i = 1; i < lab->nstaged; i++) {
		struct event event = lab->staged[i];
		size_t at = i;

		for (; at && lab->staged[at - 1].t > event.t; at--)
			lab->staged[at] = lab->staged[at - 1];
		lab->staged[at] = event;
	}
	for (size_t i = 0; i < lab->nstaged; i++)
		journal_append(lab->journal, &lab->staged[i]);
	lab->nstaged = 0;
	arena_free(&lab->staged_arena);
}
