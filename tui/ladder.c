/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ladder.c - the segments between the two ends.
 *
 *     1.10 ───── F. ────▶      time, an arrow from the sender to the receiver, flags as
 *     1.10 ◀───── . ─────      tcpdump(8) writes them, and the length of the data;
 *   ▌ 2.41 ◀── P. len 3 ─      ▌ what the last step brought
 *   ▌ 2.41 ───── R ─────▶
 *
 * A narrow ladder leaves out the times, a wide one adds the sequence numbers. A segment that did
 * not arrive ends in ✗, one that is held in ‖.
 */
#include "ladder.h"

#include "page.h"

#include <stdio.h>
#include <string.h>

#define ROWS 128

enum style ladder_style(const struct event *event)
{
	unsigned flags;

	if (event->kind == EVENT_ICMP)
		return STYLE_RST;
	flags = event->segment.flags;
	return flags & TH_R	    ? STYLE_RST
	       : flags & TH_F	    ? STYLE_FIN
	       : flags & TH_S	    ? STYLE_SYN
	       : event->segment.len ? STYLE_DATA
				    : STYLE_SEGMENT;
}

/* The newest event of the two kinds before n. */
static const struct event *ladder_before(const struct journal *journal, uint64_t n)
{
	const struct event *segment = journal_before(journal, EVENT_SEGMENT, SIDE_NONE, n);
	const struct event *icmp = journal_before(journal, EVENT_ICMP, SIDE_NONE, n);

	return !segment || (icmp && icmp->n > segment->n) ? icmp : segment;
}

/* The newest events that fit, oldest first; of a segment with several fates only the last. */
static int ladder_rows(const struct ladder *ladder, int room, const struct event *rows[ROWS])
{
	const struct event *event = ladder_before(ladder->journal, ladder->upto + 1);
	int count = 0;

	if (room > ROWS)
		room = ROWS;
	for (; event && event->n > ladder->from && count < room;
	     event = ladder_before(ladder->journal, event->n)) {
		bool known = false;

		for (int i = 0; event->kind == EVENT_SEGMENT && i < count && !known; i++)
			known = rows[i]->kind == EVENT_SEGMENT &&
				rows[i]->segment.id == event->segment.id;
		if (!known)
			rows[count++] = event;
	}
	for (int i = 0; i < count / 2; i++) {
		const struct event *other = rows[i];

		rows[i] = rows[count - 1 - i];
		rows[count - 1 - i] = other;
	}
	return count;
}

/* As tcpdump(8) tells them. */
static void ladder_numbers(const struct event *event, char *out, size_t size)
{
	char end[16] = "", ack[24] = "", len[24] = "";

	if (event->segment.len) {
		snprintf(end, sizeof(end), ":%u", event->segment.seq + event->segment.len);
		snprintf(len, sizeof(len), " len %u", event->segment.len);
	}
	if (event->segment.flags & TH_A)
		snprintf(ack, sizeof(ack), " ack %u", event->segment.ack);
	snprintf(out, size, " seq %u%s%s%s win %u", event->segment.seq, end, ack, len,
		 event->segment.win);
}

static void ladder_label(const struct event *event, int room, char *out, size_t size)
{
	char flags[16], more[96] = "";
	int used;

	if (event->kind == EVENT_ICMP) {
		snprintf(out, size, "icmp %s", event->icmp.type ? event->icmp.type : "");
		return;
	}
	flags_format(event->segment.flags, flags, sizeof(flags));
	if (room >= 34)
		ladder_numbers(event, more, sizeof(more));
	else if (event->segment.len)
		snprintf(more, sizeof(more), room >= 16 ? " len %u" : " %u", event->segment.len);
	used = snprintf(out, size, "%s%s", flags, more);
	if (event->segment.sent > 1 && used + 6 < room)
		snprintf(out + used, size - (size_t)used, " x%u", event->segment.sent);
}

static enum glyph ladder_tip(const struct event *event, bool right)
{
	enum fate fate = event->kind == EVENT_SEGMENT ? event->segment.fate : FATE_DELIVERED;

	switch (fate) {
	case FATE_HELD:
	case FATE_DELAYED:
		return GLYPH_STOPPED;
	case FATE_DROPPED:
	case FATE_CUT:
	case FATE_LOST:
	case FATE_UNREACHABLE:
	case FATE_SILENCED:
		return GLYPH_DEAD;
	default:
		return right ? GLYPH_RIGHT : GLYPH_LEFT;
	}
}

static void ladder_row(const struct canvas *canvas, struct rect at, const struct event *event,
		       const struct ladder *ladder)
{
	enum side to = event->kind == EVENT_ICMP ? event->icmp.to : event->segment.to;
	enum style style = ladder_style(event);
	bool right = to != SIDE_CLIENT;
	int x = at.x + 1, width = at.w - 1, columns, left;
	char label[112];

	if (event->n == ladder->mark)
		draw_glyph(canvas, at.y, at.x, STYLE_DECIDER, GLYPH_DECIDER);
	else if (event->n > ladder->since)
		draw_glyph(canvas, at.y, at.x, STYLE_CHANGED, GLYPH_CHANGED);
	if (at.w >= 18) {
		draw_printf(canvas, at.y, x, 6, STYLE_TIME, "%6.2f", (double)event->t / 1e9);
		x += 7;
		width -= 7;
	}
	if (width < 4)
		return;
	ladder_label(event, width - 4, label, sizeof(label));
	columns = draw_columns(canvas, label);
	if (columns > width - 4)
		columns = width - 4;
	draw_run(canvas, at.y, x, width, style, GLYPH_HLINE);
	left = x + (width - columns) / 2;
	draw_text(canvas, at.y, left - 1, 1, style, " ");
	draw_clip(canvas, at.y, left, columns, style, label);
	draw_text(canvas, at.y, left + columns, 1, style, " ");
	draw_glyph(canvas, at.y, right ? x + width - 1 : x, style, ladder_tip(event, right));
}

void ladder_draw(const struct canvas *canvas, struct rect at, const struct ladder *ladder)
{
	const struct event *rows[ROWS];
	int count = ladder_rows(ladder, at.h, rows);
	struct rect row = {at.y + at.h - count, at.x, 1, at.w};
	struct page page = {0};

	if (!ladder->capture) {
		page_start(&page, at.w - 2, canvas->utf8);
		page_text(&page, 0, STYLE_ERROR, "segments not seen");
		page_text(&page, 0, STYLE_DIM, ladder->reason ? ladder->reason : "");
		page_draw(canvas, &page, (struct rect){at.y, at.x + 1, at.h, at.w - 2}, 0);
		page_free(&page);
	}
	for (int i = 0; i < count; i++, row.y++)
		ladder_row(canvas, row, rows[i], ladder);
}

uint64_t ladder_at(struct rect at, const struct ladder *ladder, int y)
{
	const struct event *rows[ROWS];
	int count = ladder_rows(ladder, at.h, rows), i = y - (at.y + at.h - count);

	return i >= 0 && i < count ? rows[i]->n : 0;
}
