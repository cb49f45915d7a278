/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal_view.h - what happened, a line an event. */
#ifndef JOURNAL_VIEW_H
#define JOURNAL_VIEW_H

#include "draw.h"
#include "lab.h"

#define JOURNAL_VIEW_MARGIN 9 /* columns before an event's text: its mark and its time */

struct journal_view {
	const struct journal *journal;
	uint64_t cursor;  /* the event the screen stands at; 0: now, the newest is at the bottom */
	uint64_t seen;	  /* with a cursor: lines after this one move none of those shown */
	uint64_t since;	  /* events after this one came with the last step */
	uint64_t decider; /* the event that decided the prediction; 0: none */
};

void journal_view_draw(const struct canvas *canvas, struct rect at,
		       const struct journal_view *view);
/* An event's text in the row `at`. A call that does not fit keeps its end: what it returned says
 * more than its last arguments. */
void journal_view_text(const struct canvas *canvas, struct rect at, enum style style,
		       const struct event *event, char *text);
/* The event drawn at row y; 0: none. */
uint64_t journal_view_at(struct rect at, const struct journal_view *view, int y);

/* Snapshots feed the panels and have no line: the others are steps of the cursor. The newest of
 * them at or before n, the next older and the next newer one; 0: there is none. */
uint64_t journal_view_latest(const struct journal *journal, uint64_t n);
uint64_t journal_view_before(const struct journal *journal, uint64_t n);
uint64_t journal_view_after(const struct journal *journal, uint64_t n);
/* The event behind n that says why: n itself, or where that is a snapshot what led to it. */
uint64_t journal_view_cause(const struct journal *journal, uint64_t n);
/* What the panels show when the cursor is on event n: everything up to the next event with a
 * line, the snapshots taken because of n included. */
uint64_t journal_view_scene(const struct journal *journal, uint64_t n);

#endif
