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
 * A host that is down has a hatched panel. In the past the frame is dashed. Where there are more
 * facts than lines, facts that may join share a line, then the least important go.
 */
#include "panel.h"

#include "facts.h"

#include <stdio.h>
#include <string.h>

#define TALL_LINES 11 /* with so many, the state's bar is three lines high */
#define STAGE_LINES 6 /* ... on the stage */
#define STAGE_RANK 5  /* of the least important fact that is shown there */

/* A line of the panel: a fact, and those that joined it. */
struct line {
	const struct fact *fact[4];
	unsigned count;
};

enum style panel_style(enum side side)
{
	static const enum style styles[] = {STYLE_CLIENT, STYLE_SERVER, STYLE_CHILD};

	return side < 0 || side >= SIDE_COUNT ? STYLE_PLAIN : styles[side];
}

static int fact_columns(const struct canvas *canvas, const struct fact *fact)
{
	int columns = 0;

	for (unsigned i = 0; i < fact->count; i++)
		columns += draw_columns(canvas, fact->parts[i].text);
	return columns;
}

static int line_columns(const struct canvas *canvas, const struct line *line)
{
	int columns = 0;

	for (unsigned i = 0; i < line->count; i++)
		columns += fact_columns(canvas, line->fact[i]) + (i ? 3 : 0);
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

	return line->fact[0]->joins && up->fact[0]->bar == STYLE_COUNT &&
	       up->count + line->count <= 4 &&
	       line_columns(canvas, up) + 3 + line_columns(canvas, line) <= width;
}

static unsigned panel_fit(const struct canvas *canvas, const struct facts *facts, unsigned room,
			  int width, struct line *lines)
{
	unsigned count = 0;

	for (unsigned i = 0; i < facts->count; i++) {
		lines[count].count = 1;
		lines[count++].fact[0] = &facts->fact[i];
	}
	for (unsigned i = count; i-- > 1 && count > room;) {
		if (!lines_join(canvas, lines, i, width))
			continue;
		for (unsigned j = 0; j < lines[i].count; j++)
			lines[i - 1].fact[lines[i - 1].count++] = lines[i].fact[j];
		lines_drop(lines, &count, i);
	}
	while (count > room) {
		unsigned worst = 0;

		for (unsigned i = 0; i < count; i++)
			if (lines[i].fact[0]->rank >= lines[worst].fact[0]->rank)
				worst = i;
		lines_drop(lines, &count, worst);
	}
	return count;
}

/* Where a line is too long, what pads a value goes first: the last number has to be seen. */
static int part_draw(const struct canvas *canvas, int y, int x, int width, const struct part *part,
		     bool tight)
{
	size_t len = strlen(part->text);
	char text[sizeof(part->text)];

	while (tight && part->style == STYLE_VALUE && len && part->text[len - 1] == ' ')
		len--;
	snprintf(text, sizeof(text), "%.*s", (int)len, part->text);
	return draw_clip(canvas, y, x, width, part->style, text);
}

static void panel_line(const struct canvas *canvas, struct rect at, const struct line *line,
		       bool changed)
{
	enum style bar = line->fact[0]->bar;
	int x = at.x + 1, end = at.x + at.w;
	bool tight = line_columns(canvas, line) > at.w - 1;

	if (bar != STYLE_COUNT)
		draw_fill(canvas, (struct rect){at.y, x, at.h, at.w - 1}, bar);
	for (int y = 0; changed && y < at.h; y++)
		draw_glyph(canvas, at.y + y, at.x, STYLE_CHANGED, GLYPH_CHANGED);
	for (unsigned i = 0; i < line->count; i++) {
		const struct fact *fact = line->fact[i];

		if (i)
			x += draw_printf(canvas, at.y, x, end - x, STYLE_DIM, " %s ",
					 glyph_text(GLYPH_DOT, canvas->utf8));
		for (unsigned j = 0; j < fact->count; j++)
			x += part_draw(canvas, at.y + at.h / 2, x, end - x, &fact->parts[j], tight);
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

static void panel_frame(const struct canvas *canvas, struct rect at, const struct panel *panel)
{
	const struct scene_side *end = panel->end;
	enum style frame = panel->focused ? STYLE_FOCUS : STYLE_FRAME;
	int x = at.x + 1, room = at.w - 2, columns;
	char title[48], word[24];

	draw_box(canvas, at, frame,
		 panel->past	  ? (panel->focused ? FRAME_PAST_FOCUS : FRAME_PAST)
		 : panel->focused ? FRAME_FOCUS
				  : FRAME_PLAIN);
	panel_process(end, word, sizeof(word));
	columns = (int)strlen(word) + 2;
	if (end->pid && !end->down)
		snprintf(title, sizeof(title), " %s %s pid %d ", side_name(panel->side),
			 glyph_text(GLYPH_DOT, canvas->utf8), (int)end->pid);
	else
		snprintf(title, sizeof(title), " %s ", side_name(panel->side));
	draw_clip(canvas, at.y, x, room, panel_style(panel->side), title);
	if (draw_columns(canvas, title) + columns > room)
		return;
	draw_printf(canvas, at.y, at.x + at.w - 1 - columns, columns,
		    end->alive && !end->stopped && !end->down ? STYLE_LABEL : STYLE_ERROR, " %s ",
		    word);
}

static void facts_few(struct facts *facts)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < facts->count; i++)
		if (facts->fact[i].rank <= STAGE_RANK)
			facts->fact[kept++] = facts->fact[i];
	facts->count = kept;
}

void panel_draw(const struct canvas *canvas, struct rect at, const struct panel *panel)
{
	struct rect row = {at.y + 1, at.x + 1, 1, at.w - 2};
	struct facts facts, before;
	struct line lines[FACT_COUNT];
	unsigned count, room = at.h > 2 ? (unsigned)at.h - 2 : 0;
	bool tall = room >= (panel->stage ? STAGE_LINES : TALL_LINES);

	panel_frame(canvas, at, panel);
	facts_of(panel->end, panel->at, panel->limits, canvas->utf8, &facts);
	if (panel->stage)
		facts_few(&facts);
	if (panel->before)
		facts_of(panel->before, panel->at, panel->limits, canvas->utf8, &before);
	count = panel_fit(canvas, &facts, tall ? room - 2 : room, row.w - 1, lines);
	for (unsigned i = 0; i < count; i++) {
		bool changed = false;

		for (unsigned j = 0; panel->before && j < lines[i].count; j++) {
			const struct fact *fact = lines[i].fact[j];

			changed |= !fact_same(fact, facts_find(&before, fact->id));
		}
		row.h = tall && lines[i].fact[0]->bar != STYLE_COUNT && !i ? 3 : 1;
		panel_line(canvas, row, &lines[i], changed);
		row.y += row.h + (panel->stage && 2 * count + 2 <= room);
	}
	/* No panel of a living host looks so, whatever has become of its process. */
	for (; panel->end->down && row.y < at.y + at.h - 1; row.y++)
		draw_run(canvas, row.y, row.x + 1, row.w - 1, STYLE_DIM, GLYPH_HATCH);
}
