/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rung.c - one row of the ladder.
 *
 *     1.10 ───── F. ────▶      it arrived: time, flags as tcpdump(8) writes them, length of data
 *     1.10 ──────── F. ▶▶      it arrived twice
 *     1.10 ── F. ×4 ‖          it is held in mid-wire, and has been sent four times
 *     1.10 ─── P. 3 »╌╌╌╌      it is on its way, delayed
 *     1.10 ─ F. lost ✗         it will not arrive
 *     1.10 ◀╌ no host ╌╌╌╌     the router's word (icmp host-unreachable where there is room)
 *          ⋮ +0.41 s           nobody sent anything for so long
 *
 * A narrow row leaves out the time, a wide one adds the sequence numbers.
 */
#include "rung.h"

#include <stdio.h>
#include <string.h>

#define TIMES_FROM 18	/* columns from which the time is shown */
#define NUMBERS_FROM 34 /* ... all the numbers, of the arrow's own */
#define BYTES_FROM 20	/* ... or which bytes it carries */

/* How far an arrow goes, and how it ends. */
struct arrow {
	bool right;
	int reach; /* columns from the sender's side */
	enum glyph line, tip;
	bool twice, on; /* two tips; dots go on behind the tip */
};

enum style rung_style(const struct event *event)
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

/* As tcpdump(8) tells them; in few columns the window is what can be done without. */
static void rung_numbers(const struct event *event, int room, char *out, size_t size)
{
	char end[16] = "", ack[24] = "", len[24] = "";
	int used;

	if (event->segment.len) {
		snprintf(end, sizeof(end), ":%u", event->segment.seq + event->segment.len);
		snprintf(len, sizeof(len), " len %u", event->segment.len);
	}
	if (event->segment.flags & TH_A)
		snprintf(ack, sizeof(ack), " ack %u", event->segment.ack);
	used = snprintf(out, size, " seq %u%s%s%s win %u", event->segment.seq, end, ack, len,
			event->segment.win);
	if (used > room)
		snprintf(out, size, " seq %u%s%s%s", event->segment.seq, end, ack, len);
}

/* One more word, where it fits. */
static void label_add(const struct canvas *canvas, int room, char *label, size_t size,
		      const char *word)
{
	size_t used = strlen(label);

	if (*word && draw_columns(canvas, label) + 1 + draw_columns(canvas, word) <= room)
		snprintf(label + used, size - used, " %s", word);
}

/* "icmp host-unreachable", or "no host" where that is all there is room for. */
static void rung_icmp(const struct canvas *canvas, const char *type, int room, char *out,
		      size_t size)
{
	const char *rest = strstr(type, "-unreachable");

	snprintf(out, size, "icmp %s", type);
	if (rest && draw_columns(canvas, out) > room)
		snprintf(out, size, "no %.*s", (int)(rest - type), type);
}

static void rung_label(const struct canvas *canvas, const struct crossing *crossing, int room,
		       char *out, size_t size)
{
	const struct event *event = crossing->event;
	enum fate fate = event->segment.fate;
	char word[48] = "", times[24] = "";
	size_t used;

	if (event->kind == EVENT_ICMP) {
		rung_icmp(canvas, event->icmp.type ? event->icmp.type : "", room, out, size);
		return;
	}
	flags_format(event->segment.flags, out, size);
	used = strlen(out);
	if (room >= NUMBERS_FROM)
		rung_numbers(event, room - (int)used, out + used, size - used);
	else if (room >= BYTES_FROM && event->segment.len)
		snprintf(out + used, size - used, " %u:%u len %u", event->segment.seq,
			 event->segment.seq + event->segment.len, event->segment.len);
	else if (event->segment.len)
		snprintf(out + used, size - used, room >= 16 ? " len %u" : " %u",
			 event->segment.len);
	if (event->segment.sent > 1)
		snprintf(times, sizeof(times), "×%u", event->segment.sent);
	if (fate_ends(fate) || (fate_waits(fate) && room >= 16))
		snprintf(word, sizeof(word), "%s", fate_name(fate));
	else if (fate == FATE_DUPLICATED)
		snprintf(word, sizeof(word), "twice");
	else if (fate == FATE_RELEASED && room >= NUMBERS_FROM)
		snprintf(word, sizeof(word), "held %.2f s",
			 (double)(event->t - crossing->first->t) / 1e9);
	if (!event->segment.win && !(event->segment.flags & TH_R) && room < NUMBERS_FROM)
		label_add(canvas, room, out, size, "win 0");
	label_add(canvas, room, out, size, times);
	label_add(canvas, room, out, size, word);
}

static struct arrow rung_arrow(const struct event *event, int width, int columns)
{
	bool segment = event->kind == EVENT_SEGMENT;
	struct arrow arrow = {
		.right = (segment ? event->segment.to : event->icmp.to) != SIDE_CLIENT,
		.reach = width,
		.line = segment ? GLYPH_HLINE : GLYPH_DASH_HLINE,
	};
	enum fate fate = segment ? event->segment.fate : FATE_DELIVERED;

	arrow.tip = arrow.right ? GLYPH_RIGHT : GLYPH_LEFT;
	arrow.twice = fate == FATE_DUPLICATED;
	if (fate_waits(fate) || fate_ends(fate)) {
		arrow.reach = width / 2 + 1 > columns + 4 ? width / 2 + 1 : columns + 4;
		arrow.tip = fate == FATE_HELD ? GLYPH_HELD : GLYPH_DEAD;
	}
	if (fate == FATE_DELAYED) {
		arrow.tip = arrow.right ? GLYPH_ON_RIGHT : GLYPH_ON_LEFT;
		arrow.on = true;
	}
	return arrow;
}

static void arrow_draw(const struct canvas *canvas, struct rect at, enum style style,
		       const struct arrow *arrow, const char *label, int columns)
{
	int x = arrow->right ? at.x : at.x + at.w - arrow->reach;
	int tip = arrow->right ? x + arrow->reach - 1 : x, left = x + (arrow->reach - columns) / 2;

	if (arrow->on)
		draw_run(canvas, at.y, at.x, at.w, style, GLYPH_DASH_HLINE);
	draw_run(canvas, at.y, x, arrow->reach, style, arrow->line);
	draw_text(canvas, at.y, left - 1, 1, style, " ");
	draw_clip(canvas, at.y, left, columns, style, label);
	draw_text(canvas, at.y, left + columns, 1, style, " ");
	/* What dies on the way shows it in red too. */
	draw_glyph(canvas, at.y, tip,
		   arrow->tip == GLYPH_DEAD && style != STYLE_CURSOR ? STYLE_RST : style,
		   arrow->tip);
	if (arrow->twice)
		draw_glyph(canvas, at.y, arrow->right ? tip - 1 : tip + 1, style, arrow->tip);
}

static void rung_mark(const struct canvas *canvas, struct rect at, enum rung_mark mark)
{
	if (mark == RUNG_PICKED) {
		draw_fill(canvas, (struct rect){at.y, at.x + 1, 1, at.w - 1}, STYLE_CURSOR);
		draw_glyph(canvas, at.y, at.x, STYLE_DECIDER, GLYPH_PICK);
	} else if (mark == RUNG_DECIDER) {
		draw_glyph(canvas, at.y, at.x, STYLE_DECIDER, GLYPH_DECIDER);
	} else if (mark == RUNG_NEW) {
		draw_glyph(canvas, at.y, at.x, STYLE_CHANGED, GLYPH_CHANGED);
	}
}

static enum style crossing_style(const struct event *event, enum rung_mark mark)
{
	if (mark == RUNG_PICKED)
		return STYLE_CURSOR;
	return event->kind == EVENT_SEGMENT && event->segment.fate == FATE_HELD ? STYLE_HELD
										: rung_style(event);
}

static void rung_arrow_draw(const struct canvas *canvas, struct rect at,
			    const struct crossing *crossing, enum rung_mark mark)
{
	const struct event *event = crossing->event;
	bool segment = event->kind == EVENT_SEGMENT;
	bool stays = segment && (fate_waits(event->segment.fate) || fate_ends(event->segment.fate));
	int room = at.w - (stays ? 5 : 4), columns;
	struct arrow arrow;
	char label[160];

	if (segment && event->segment.fate == FATE_DUPLICATED)
		room -= 2; /* it has two tips */
	if (room < 1)
		return;
	rung_label(canvas, crossing, room, label, sizeof(label));
	columns = draw_columns(canvas, label);
	if (columns > room)
		columns = room;
	arrow = rung_arrow(event, at.w, columns);
	/* What the last step brought is told from the back row, without colour. */
	if (mark == RUNG_NEW && arrow.line == GLYPH_HLINE)
		arrow.line = GLYPH_HEAVY_HLINE;
	arrow_draw(canvas, at, crossing_style(event, mark), &arrow, label, columns);
}

void rung_draw_bare(const struct canvas *canvas, struct rect at, const struct crossing *crossing)
{
	rung_arrow_draw(canvas, at, crossing, RUNG_PLAIN);
}

void rung_draw(const struct canvas *canvas, struct rect at, const struct crossing *crossing,
	       enum rung_mark mark, bool timed)
{
	const struct event *event = crossing->event;
	bool waits = event->kind == EVENT_SEGMENT && fate_waits(event->segment.fate);
	int x = at.x + 1, width = at.w - 1;

	rung_mark(canvas, at, mark);
	if (timed && at.w >= TIMES_FROM) {
		/* What waits stands where it was sent, what crossed where it did. */
		draw_printf(canvas, at.y, x, 6, mark == RUNG_PICKED ? STYLE_CURSOR : STYLE_TIME,
			    "%6.2f", (double)(waits ? crossing->first : event)->t / 1e9);
		x += 7;
		width -= 7;
	}
	rung_arrow_draw(canvas, (struct rect){at.y, x, 1, width}, crossing, mark);
}

char *rung_gap(int64_t ns, char *out, size_t size)
{
	double s = (double)ns / 1e9;

	if (s < 100)
		snprintf(out, size, s < 10 ? "+%.2f s" : "+%.1f s", s);
	else
		snprintf(out, size, "+%lld min %lld s", (long long)(ns / NS_PER_S / 60),
			 (long long)(ns / NS_PER_S % 60));
	return out;
}

void rung_draw_gap(const struct canvas *canvas, struct rect at, int64_t ns, bool told)
{
	int times = at.w >= TIMES_FROM ? 8 : 1, x = at.x + times, width = at.w - times;
	char text[32];
	int columns = (int)strlen(rung_gap(ns, text, sizeof(text))) + 2;
	int left = columns < width ? x + (width - columns) / 2 : x;

	draw_glyph(canvas, at.y, left, STYLE_LABEL, GLYPH_GAP);
	if (told)
		draw_clip(canvas, at.y, left + 2, at.x + at.w - left - 2, STYLE_LABEL, text);
}

void rung_draw_more(const struct canvas *canvas, struct rect at, int count)
{
	int times = at.w >= TIMES_FROM ? 8 : 1;

	draw_printf(canvas, at.y, at.x + times, at.w - times, STYLE_HELD, "%s %d more",
		    glyph_text(GLYPH_HELD, canvas->utf8), count);
}
