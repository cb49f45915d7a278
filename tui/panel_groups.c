/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * panel_groups.c - a panel with room: its numbers in columns, under headings.
 *
 *   ┏ server · pid 4243 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ alive ┓
 *   ┃▌● CLOSE_WAIT (was ESTABLISHED)                                  ┃
 *   ┃ connection                       window and congestion          ┃
 *   ┃ fd 3 listens, fd 4               cwnd     10                    ┃
 *   ┃▌poll     IN OUT RDHUP            peer wnd 65536                 ┃
 *   ┃ queues                           counters                       ┃
 *   ┃▌Recv-Q   1 (was 0)               unacked  0                     ┃
 *   ┃ read(4…) = 3                                                    ┃
 *   ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
 *
 * A group goes on in the next column only where enough of it stays under its heading. Where the
 * columns do not hold all, the highest ranks go first.
 */
#include "panel_groups.h"

#define COLUMN 23 /* least width of a column, with the blank before the next */
#define LABEL 9	  /* columns of a label and the blank behind it */
#define HIGH 12	  /* lines that a panel in groups has at least */
#define TEAR 4	  /* rows of a group that stay together, its heading with them */
#define TALL 17	  /* with so many the state's bar is three lines high */

/* A row of a column: a piece, or a group's heading. */
struct entry {
	struct piece piece;
	enum fact_group heading; /* GROUP_NONE: it is a piece */
	int y, column;
};

struct board {
	struct entry entry[PIECES + GROUP_COUNT];
	unsigned count;
	int columns, width, high;
};

bool panel_groups_fit(struct rect at, const struct facts *facts)
{
	return at.h - 2 >= HIGH && at.w - 2 >= 2 * COLUMN && facts->count > 6;
}

/* Columns for a fact's pieces: a label may be given more than it takes. */
static int board_width(const struct canvas *canvas, const struct board *board,
		       const struct fact *fact)
{
	int width = board->width - 2, label = draw_columns(canvas, fact->parts[0].text);

	if (fact->id == FACT_FDS || fact->parts[0].style != STYLE_LABEL || label >= LABEL)
		return width;
	return width - (LABEL - label);
}

/* All rows of facts whose rank is below `bound`, group by group. */
static void board_fill(const struct canvas *canvas, struct board *board, const struct facts *facts,
		       int bound)
{
	board->count = 0;
	for (enum fact_group group = GROUP_NONE + 1; group < GROUP_COUNT; group++) {
		bool headed = false;

		for (unsigned i = 0; i < facts->count; i++) {
			const struct fact *fact = &facts->fact[i];
			struct piece pieces[FACT_PARTS];
			unsigned count;

			if (fact->group != group || fact->rank >= bound)
				continue;
			if (!headed)
				board->entry[board->count++] = (struct entry){.heading = group};
			headed = true;
			count = piece_split(canvas, fact, board_width(canvas, board, fact), true,
					    pieces, FACT_PARTS);
			for (unsigned j = 0; j < count && board->count < PIECES; j++)
				board->entry[board->count++] = (struct entry){.piece = pieces[j]};
		}
	}
}

/* Give each row its place; false: they are too many. */
static bool board_place(struct board *board)
{
	int y = 0, column = 0;

	for (unsigned i = 0, next; i < board->count; i = next) {
		for (next = i + 1; next < board->count && !board->entry[next].heading; next++)
			;
		if (y + (int)(next - i) > board->high && board->high - y < TEAR) {
			column++;
			y = 0;
		}
		for (unsigned j = i; j < next; j++, y++) {
			if (y == board->high) {
				column++;
				y = 0;
			}
			if (column >= board->columns)
				return false;
			board->entry[j].y = y;
			board->entry[j].column = column;
		}
	}
	return true;
}

static void bar_draw(const struct canvas *canvas, struct rect at, const struct fact *fact,
		     const struct pen *pen)
{
	struct piece piece = {.fact = fact, .count = fact->count};
	int spare = at.w - 1 - piece_columns(canvas, &piece);

	if (fact->bar != STYLE_COUNT)
		draw_fill(canvas, (struct rect){at.y, at.x + 1, at.h, at.w - 1}, fact->bar);
	for (int y = 0; y < at.h && piece_changed(&piece, pen); y++)
		draw_glyph(canvas, at.y + y, at.x, STYLE_CHANGED, GLYPH_CHANGED);
	piece_draw(canvas, at.y + at.h / 2, at.x + 1, at.w - 1, 0, &spare, &piece, pen);
}

static void entry_draw(const struct canvas *canvas, struct rect at, const struct board *board,
		       const struct entry *entry, const struct pen *pen)
{
	int y = at.y + entry->y, x = at.x + entry->column * board->width;
	int label = entry->piece.fact && entry->piece.fact->id != FACT_FDS ? LABEL : 0;
	int width = board->width - 2, spare;

	if (entry->heading) {
		draw_clip(canvas, y, x + 1, width, STYLE_HEADING, fact_heading(entry->heading));
		return;
	}
	if (piece_changed(&entry->piece, pen))
		draw_glyph(canvas, y, x, STYLE_CHANGED, GLYPH_CHANGED);
	spare = board_width(canvas, board, entry->piece.fact) -
		piece_columns(canvas, &entry->piece);
	piece_draw(canvas, y, x + 1, width, label, &spare, &entry->piece, pen);
}

void panel_groups_draw(const struct canvas *canvas, struct rect at, const struct facts *facts,
		       const struct pen *pen)
{
	const struct fact *state = facts_find(facts, FACT_STATE);
	const struct fact *call = facts_find(facts, FACT_CALL);
	struct rect bar = {at.y, at.x, at.h >= TALL ? 3 : 1, at.w}, rest;
	struct board board = {.columns = at.w / COLUMN};
	int bound = 1;

	rest = (struct rect){at.y + bar.h, at.x, at.h - bar.h - (call ? 1 : 0), at.w};
	if (board.columns > 3)
		board.columns = 3;
	for (unsigned i = 0; i < facts->count; i++)
		bound = facts->fact[i].rank >= bound ? facts->fact[i].rank + 1 : bound;
	board.width = at.w / board.columns;
	board.high = rest.h;
	do {
		board_fill(canvas, &board, facts, bound);
	} while (!board_place(&board) && --bound);
	bar_draw(canvas, bar, state, pen);
	for (unsigned i = 0; i < board.count; i++)
		entry_draw(canvas, rest, &board, &board.entry[i], pen);
	if (call)
		bar_draw(canvas, (struct rect){at.y + at.h - 1, at.x, 1, at.w}, call, pen);
}
