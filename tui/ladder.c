/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ladder.c - the segments between the two ends.
 *
 *     1.10 ───── F. ────▶      what crossed or was lost, in that order
 *     1.10 ◀───── . ─────
 *   ▌ 2.41 ─ P. lost ✗         ▌ what the last step brought
 *          ⋮ +0.21 s           where the kernel let time pass, not the reader: a row or more,
 *   ▌ 2.62 ─── P. 3 ───▶       by the length of it
 *     2.62       ‖ . ──        at the bottom what waits in mid-wire, however much came since
 */
#include "ladder.h"

#include "legend.h"
#include "page.h"
#include "rung.h"

#include <stdio.h>
#include <string.h>

#define LINES_MOST 1024
#define GAP_LEAST (100 * NS_PER_MS)
#define GAP_ONE (200 * NS_PER_MS) /* a row; twice as long: two, four times: three, ... */

/* One row, counted from the bottom: an item of the crossings or the time above it. */
struct line {
	int item; /* from the bottom: what waits, then what is done; -1: the count of what waits */
	int gap;  /* from 1: the row of the gap above the item; 0: the item itself; -1: empty */
	int gaps; /* rows this gap has */
};

struct lines {
	struct crossings crossings;
	struct line line[LINES_MOST];
	int count;
	int skipped; /* scrolled out below */
	int more;    /* waiting, without a row of their own */
};

static const struct crossing *lines_item(const struct lines *lines, int item)
{
	const struct crossings *all = &lines->crossings;

	if (item < 0 || item >= all->nwait + all->ndone)
		return NULL;
	return item < all->nwait ? &all->wait[item] : &all->done[item - all->nwait];
}

/* The same bytes once more: a retransmission, a probe. */
static bool event_again(const struct event *event, const struct event *older)
{
	return older->kind == EVENT_SEGMENT && event->kind == EVENT_SEGMENT &&
	       older->side == event->side && older->conn == event->conn &&
	       older->segment.seq == event->segment.seq &&
	       older->segment.len == event->segment.len &&
	       !((older->segment.flags ^ event->segment.flags) & (TH_S | TH_F | TH_R));
}

/* Whether the reader did something between two events: then the time is the reader's. */
static bool acted_between(const struct journal *journal, uint64_t older, uint64_t newer)
{
	const struct event *command = journal_list_after(journal, LIST_ACTS, SIDE_NONE, older);

	return command && command->n < newer;
}

/* The time that the kernel let pass before this item; 0: none worth telling. */
static int64_t lines_gap(const struct ladder *ladder, const struct lines *lines, int item)
{
	const struct crossing *one = lines_item(lines, item), *older = lines_item(lines, item + 1);
	const struct event *event = one->event;
	int64_t gap;

	if (item < lines->crossings.nwait || !older)
		return 0;
	gap = event->t - older->event->t;
	if (gap < GAP_LEAST)
		return 0;
	/* Of what is sent again: since it was sent last. */
	for (int i = item + 1; i < item + 16 && (older = lines_item(lines, i)); i++)
		if (event_again(event, older->event))
			return event->t - older->event->t;
	older = lines_item(lines, item + 1);
	return acted_between(ladder->journal, older->event->n, event->n) ? 0 : gap;
}

static int gap_rows(int64_t gap, int height)
{
	int most = height < 12 ? 1 : height / 4, rows = gap ? 1 : 0;

	/* Rounded: 0.4 s is two rows also when it came a little early. */
	for (int64_t step = GAP_ONE * 141 / 100; gap > step && rows < most; step *= 2)
		rows++;
	return rows;
}

static void lines_add(struct lines *lines, int item, int gap, int gaps)
{
	if (lines->count < LINES_MOST)
		lines->line[lines->count++] = (struct line){item, gap, gaps};
}

static int lines_find(const struct lines *lines, struct pick pick)
{
	const struct crossing *crossing;

	for (int item = 0; (crossing = lines_item(lines, item)); item++)
		if (pick_same(crossing_pick(crossing), pick))
			return item;
	return -1;
}

/* Whether what the last step brought has room enough with an empty row behind each. */
static bool lines_spaced(const struct ladder *ladder, const struct lines *lines, int height)
{
	const struct crossings *all = &lines->crossings;
	int count = all->nwait;

	for (int i = 0; i < all->ndone && all->done[i].event->n > ladder->since; i++)
		count++;
	return ladder->spaced && !ladder->walked && 2 * count <= height + 1;
}

/* Rows from the bottom up, at least a screenful, and as far as the one picked. */
static void lines_make(const struct ladder *ladder, int height, struct lines *lines)
{
	const struct crossings *all = &lines->crossings;
	int first = 0, picked = -1, at = -1, count;
	bool spaced;

	crossings_take(ladder->journal, ladder->from, ladder->upto,
		       ladder->walked ? CROSSINGS_DONE : height, ladder->wire, &lines->crossings);
	lines->count = lines->skipped = lines->more = 0;
	spaced = lines_spaced(ladder, lines, height);
	count = all->nwait + all->ndone;
	if (ladder->walked) {
		picked = lines_find(lines, ladder->pick);
	} else if (all->nwait > height) {
		first = lines->more = all->nwait - height + 1; /* the oldest are released first */
		lines_add(lines, -1, 0, 0);
	}
	for (int item = first; item < count && (lines->count < height || item <= picked + 1);
	     item++) {
		int gaps;

		if (item == picked)
			at = lines->count;
		lines_add(lines, item, 0, 0);
		gaps = gap_rows(lines_gap(ladder, lines, item), height);
		for (int gap = gaps; gap; gap--)
			lines_add(lines, item, gap, gaps);
		if (spaced && !gaps)
			lines_add(lines, item, -1, 0);
	}
	if (at >= height)
		lines->skipped = at - height + (at + 1 < lines->count ? 2 : 1);
	if (lines->skipped > lines->count - height)
		lines->skipped = lines->count > height ? lines->count - height : 0;
}

static void line_draw(const struct canvas *canvas, struct rect row, const struct ladder *ladder,
		      const struct lines *lines, const struct line *line)
{
	const struct crossing *crossing = lines_item(lines, line->item);
	enum rung_mark mark;

	if (!crossing) {
		rung_draw_more(canvas, row, lines->more);
		return;
	}
	if (line->gap < 0)
		return;
	if (line->gap) {
		rung_draw_gap(canvas, row, lines_gap(ladder, lines, line->item),
			      line->gap == (line->gaps + 1) / 2);
		return;
	}
	mark = ladder->walked && pick_same(crossing_pick(crossing), ladder->pick) ? RUNG_PICKED
	       : crossing->event->n == ladder->mark				  ? RUNG_DECIDER
	       : crossing->event->n > ladder->since				  ? RUNG_NEW
										  : RUNG_PLAIN;
	rung_draw(canvas, row, crossing, mark, !ladder->spaced);
}

/* The row of the newest: time runs downwards from beside the states until all rows are used. */
static int lines_bottom(const struct lines *lines, struct rect at)
{
	return at.y + (lines->count < at.h ? lines->count : at.h - 1);
}

static void ladder_blind(const struct canvas *canvas, struct rect at, const struct ladder *ladder)
{
	struct page page = {0};

	page_start(&page, at.w - 2, canvas->utf8);
	page_text(&page, 0, STYLE_ERROR, "segments not seen");
	page_text(&page, 0, STYLE_DIM, ladder->reason ? ladder->reason : "");
	page_draw(canvas, &page, (struct rect){at.y, at.x + 1, at.h, at.w - 2}, 0);
	page_free(&page);
}

void ladder_draw(const struct canvas *canvas, struct rect at, const struct ladder *ladder)
{
	struct lines lines;
	int edge = at.x + at.w - 1;

	lines_make(ladder, at.h, &lines);
	if (!ladder->capture)
		ladder_blind(canvas, at, ladder);
	else if (!lines.count)
		legend_draw(canvas, at, ladder->wire);
	for (int i = 0; i < at.h && i + lines.skipped < lines.count; i++)
		line_draw(canvas, (struct rect){lines_bottom(&lines, at) - i, at.x, 1, at.w},
			  ladder, &lines, &lines.line[i + lines.skipped]);
	if (lines.skipped)
		draw_glyph(canvas, at.y + at.h - 1, edge, STYLE_CHANGED, GLYPH_DOWN);
}

struct pick ladder_at(struct rect at, const struct ladder *ladder, int y)
{
	struct pick none = {EVENT_NONE, 0};
	const struct crossing *crossing;
	struct lines lines;
	int i;

	lines_make(ladder, at.h, &lines);
	i = lines_bottom(&lines, at) - y + lines.skipped;
	if (y < at.y || y > lines_bottom(&lines, at) || i >= lines.count)
		return none;
	/* A click on the count is one on what it stands for. */
	crossing = lines_item(&lines, lines.line[i].item < 0 ? lines.more - 1 : lines.line[i].item);
	return crossing ? crossing_pick(crossing) : none;
}

struct pick ladder_walk(const struct ladder *ladder, int by)
{
	struct pick none = {EVENT_NONE, 0};
	struct ladder whole = *ladder;
	struct lines lines;
	int item, count;

	whole.walked = true;
	lines_make(&whole, 1, &lines);
	count = lines.crossings.nwait + lines.crossings.ndone;
	if (!count)
		return none;
	item = lines_find(&lines, ladder->pick);
	if (item < 0) {
		item = lines.crossings.nwait ? lines.crossings.nwait - 1 : 0;
		by = 0;
	}
	item -= by;
	item = item < 0 ? 0 : item >= count ? count - 1 : item;
	return crossing_pick(lines_item(&lines, item));
}
