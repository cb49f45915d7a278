/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * panel.c - one end of the connection.
 *
 *   ┏ server · pid 4243 ━━━━━━ alive ┓   heavy frame: the side that is spoken to
 *   ┃▌● CLOSE_WAIT                   ┃   ▌ the last step changed this line
 *   ┃▌Recv-Q 1         Send-Q 0      ┃
 *   ┃ fd 3 listens, fd 4             ┃
 *   ┃▌poll IN OUT RDHUP              ┃
 *   ┃ SIGPIPE default · linger 0 s   ┃
 *   ┃ ■ blocked in read(4…) 12 s     ┃   or: ✗ killed by SIGPIPE · ‖ stopped
 *   ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
 *
 * With room (panel_groups.c) the numbers stand in columns under headings.
 * A host that is down has a hatched panel. In the past the frame is dashed. Where there are more
 * facts than lines, facts that may join share a line, then the least important go.
 */
#include "panel.h"

#include "panel_groups.h"

#include <stdio.h>
#include <string.h>

#define TALL_LINES 11 /* with so many, the state's bar is three lines high */
#define STAGE_LINES 6 /* ... on the stage */
#define STAGE_TALL 12 /* ... and with so many, five */
#define STAGE_RANK 5  /* of the least important fact that is shown there */
#define JOINED 4

/* A line of the panel: a piece of a fact, and those that joined it. */
struct line {
	struct piece piece[JOINED];
	unsigned count;
};

enum style panel_style(enum side side)
{
	static const enum style styles[] = {STYLE_CLIENT, STYLE_SERVER, STYLE_CHILD};

	return side < 0 || side >= SIDE_COUNT ? STYLE_PLAIN : styles[side];
}

static int line_columns(const struct canvas *canvas, const struct line *line)
{
	int columns = 0;

	for (unsigned i = 0; i < line->count; i++)
		columns += piece_columns(canvas, &line->piece[i]) + (i ? 3 : 0);
	return columns;
}

static void lines_drop(struct line *lines, unsigned *count, unsigned i)
{
	--*count;
	for (; i < *count; i++)
		lines[i] = lines[i + 1];
}

/* Whether line i may go up to the line before it. */
static bool lines_join(const struct canvas *canvas, const struct line *lines, unsigned i, int width)
{
	const struct line *up = &lines[i - 1], *line = &lines[i];

	return line->piece[0].fact->joins && up->piece[0].fact->bar == STYLE_COUNT &&
	       up->count + line->count <= JOINED &&
	       line_columns(canvas, up) + 3 + line_columns(canvas, line) <= width;
}

static unsigned panel_fit(const struct canvas *canvas, const struct facts *facts, unsigned room,
			  int width, struct line *lines)
{
	struct piece pieces[PIECES];
	unsigned count = 0, split = 0;

	for (unsigned i = 0; i < facts->count; i++)
		split += piece_split(canvas, &facts->fact[i], width, false, pieces + split,
				     PIECES - split);
	for (; count < split; count++) {
		lines[count].count = 1;
		lines[count].piece[0] = pieces[count];
	}
	for (unsigned i = count; i-- > 1 && count > room;) {
		if (!lines_join(canvas, lines, i, width))
			continue;
		for (unsigned j = 0; j < lines[i].count; j++)
			lines[i - 1].piece[lines[i - 1].count++] = lines[i].piece[j];
		lines_drop(lines, &count, i);
	}
	while (count > room) {
		unsigned worst = 0;

		for (unsigned i = 0; i < count; i++)
			if (lines[i].piece[0].fact->rank >= lines[worst].piece[0].fact->rank)
				worst = i;
		lines_drop(lines, &count, worst);
	}
	return count;
}

static void panel_line(const struct canvas *canvas, struct rect at, const struct line *line,
		       const struct pen *pen)
{
	enum style bar = line->piece[0].fact->bar;
	int x = at.x + 1, end = at.x + at.w, spare = at.w - 1 - line_columns(canvas, line);
	bool changed = false;

	for (unsigned i = 0; i < line->count; i++)
		changed |= piece_changed(&line->piece[i], pen);
	if (bar != STYLE_COUNT)
		draw_fill(canvas, (struct rect){at.y, x, at.h, at.w - 1}, bar);
	for (int y = 0; changed && y < at.h; y++)
		draw_glyph(canvas, at.y + y, at.x, STYLE_CHANGED, GLYPH_CHANGED);
	for (unsigned i = 0; i < line->count; i++) {
		if (i)
			x += draw_printf(canvas, at.y, x, end - x, STYLE_DIM, " %s ",
					 glyph_text(GLYPH_DOT, canvas->utf8));
		x += piece_draw(canvas, at.y + at.h / 2, x, end - x, 0, &spare, &line->piece[i],
				pen);
	}
}

/* What the process is, in a word, for the frame's right corner. */
static void panel_process(const struct scene_side *end, char *out, size_t size)
{
	if (end->down)
		snprintf(out, size, "host down");
	else if (!end->started)
		snprintf(out, size, "not started");
	else if (end->alive)
		snprintf(out, size, "%s", end->stopped ? "stopped" : "alive");
	else if (end->process && end->process->process.what == PROCESS_KILLED)
		snprintf(out, size, "killed");
	else
		snprintf(out, size, "exited");
}

/* A word of the frame that explains itself. */
static int frame_word(const struct canvas *canvas, int y, int x, enum style style,
		      const char *about, const char *text, const struct pen *pen)
{
	int columns = draw_columns(canvas, text);
	const struct spot *spot =
		pen->spots ? spots_add(pen->spots, pen->side, about, y, x, columns) : NULL;
	bool here = spot && pen->cursor && spot_same(spot, pen->cursor);

	draw_text(canvas, y, x, columns, here ? STYLE_CHOICE : style, text);
	if (here)
		draw_glyph(canvas, y, x - 1, STYLE_CHANGED, GLYPH_PICK);
	return columns;
}

static void panel_frame(const struct canvas *canvas, struct rect at, const struct panel *panel,
			const struct pen *pen)
{
	const struct scene_side *end = panel->end;
	enum style frame = panel->focused ? STYLE_FOCUS : STYLE_FRAME;
	int x = at.x + 1, room = at.w - 2, columns, need;
	bool well = end->alive && !end->stopped && !end->down;
	char title[48], word[24], pid[16];

	draw_box(canvas, at, frame,
		 panel->past	  ? (panel->focused ? FRAME_PAST_FOCUS : FRAME_PAST)
		 : panel->focused ? FRAME_FOCUS
				  : FRAME_PLAIN);
	panel_process(end, word, sizeof(word));
	columns = (int)strlen(word) + 2;
	snprintf(title, sizeof(title), " %s ", side_name(panel->side));
	x += draw_clip(canvas, at.y, x, room, panel_style(panel->side), title);
	snprintf(pid, sizeof(pid), "%d", (int)end->pid);
	/* What became of the process matters more than its number, and than what that is called. */
	need = x - at.x - 1 + 2 + (int)strlen(pid) + columns;
	if (end->pid && !end->down && (well || need <= room)) {
		snprintf(title, sizeof(title), "%s %s", glyph_text(GLYPH_DOT, canvas->utf8),
			 well || need + 4 <= room ? "pid " : "");
		x += draw_clip(canvas, at.y, x, at.x + 1 + room - x, panel_style(panel->side),
			       title);
		x += frame_word(canvas, at.y, x, panel_style(panel->side), "pid", pid, pen);
		x += draw_text(canvas, at.y, x, 1, panel_style(panel->side), " ");
	}
	if (x + columns - 1 > at.x + 1 + room)
		return;
	x = at.x + at.w - 1 - columns;
	draw_fill(canvas, (struct rect){at.y, x, 1, columns}, STYLE_PLAIN);
	frame_word(canvas, at.y, x + 1, well ? STYLE_LABEL : STYLE_ERROR, "process", word, pen);
}

static void facts_few(struct facts *facts)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < facts->count; i++)
		if (facts->fact[i].rank <= STAGE_RANK)
			facts->fact[kept++] = facts->fact[i];
	facts->count = kept;
}

static void panel_lines(const struct canvas *canvas, struct rect at, const struct panel *panel,
			const struct facts *facts, const struct pen *pen)
{
	struct rect row = {at.y + 1, at.x + 1, 1, at.w - 2};
	struct line lines[PIECES];
	unsigned count, room = at.h > 2 ? (unsigned)at.h - 2 : 0;
	bool tall = room >= (panel->stage ? STAGE_LINES : TALL_LINES);
	int bar = !tall ? 1 : panel->stage && room >= STAGE_TALL ? 5 : 3;

	count = panel_fit(canvas, facts, room - (unsigned)bar + 1, row.w - 1, lines);
	for (unsigned i = 0; i < count; i++) {
		row.h = lines[i].piece[0].fact->bar != STYLE_COUNT && !i ? bar : 1;
		panel_line(canvas, row, &lines[i], pen);
		row.y += row.h + (panel->stage && 2 * count + (unsigned)bar - 1 <= room);
	}
	/* No panel of a living host looks so, whatever has become of its process. */
	for (; panel->end->down && row.y < at.y + at.h - 1; row.y++)
		draw_run(canvas, row.y, row.x + 1, row.w - 1, STYLE_DIM, GLYPH_HATCH);
}

void panel_draw(const struct canvas *canvas, struct rect at, const struct panel *panel)
{
	struct pen pen = {.side = panel->side, .spots = panel->spots, .cursor = panel->cursor};
	struct facts facts, before;

	panel_frame(canvas, at, panel, &pen);
	facts_of(panel->end, panel->at, panel->limits, canvas->utf8, &facts);
	if (panel->stage)
		facts_few(&facts);
	if (panel->before) {
		facts_of(panel->before, panel->at, panel->limits, canvas->utf8, &before);
		pen.before = &before;
	}
	if (!panel->end->down && !panel->stage && panel_groups_fit(at, &facts))
		panel_groups_draw(canvas, (struct rect){at.y + 1, at.x + 1, at.h - 2, at.w - 2},
				  &facts, &pen);
	else
		panel_lines(canvas, at, panel, &facts, &pen);
}
