/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explain_view.c - the cursor on the numbers of the panels, and the card that tells of the one it
 * is on.
 *
 *   ┏ server: Recv-Q, in bytes ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
 *   ┃ now      3 bytes have arrived that the process has not read          ┃
 *   ┃ is       What has arrived in order and the process has not read. ... ┃
 *   ┃ changes  a segment with data, or a FIN: up; read and recv: down      ┃
 *   ┃ kernel   struct tcp_sock::rcv_nxt less copied_seq (net/ipv4/tcp_d... ┃
 *   ┃ told by  sock_diag's idiag_rqueue                                    ┃
 *   ┃ outside  ss -tn            see ss(8)                                 ┃
 *   ┗ arrows: the next number; Enter: more; Esc leaves ━━━━━━━━━━━━━━━━━━━━┛
 *
 * The panels stay in sight, PgUp and PgDn go on working: the card tells of the moment shown.
 */
#include "explain.h"
#include "prompt.h"
#include "view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The spot that the cursor is on, as it was drawn last; NULL: it is not shown now. */
static const struct spot *explain_spot(const struct screen *screen)
{
	for (unsigned i = 0; i < screen->spots.count; i++)
		if (spot_same(&screen->spots.at[i], &screen->explained))
			return &screen->spots.at[i];
	return NULL;
}

/* The first of a side: its state, before what the frame tells. */
static const struct spot *explain_first(const struct screen *screen, enum side side)
{
	const struct spot *first = NULL, *spot;

	for (unsigned i = 0; i < screen->spots.count; i++) {
		spot = &screen->spots.at[i];
		if (spot->side != side)
			continue;
		if (spot->y > screen->layout.end[side].y)
			return spot;
		first = first ? first : spot;
	}
	return first;
}

static void explain_at(struct screen *screen, const struct spot *spot)
{
	screen->explaining = true;
	screen->explained = *spot;
	screen->focus = spot->side;
	prompt_focus(spot->side);
}

void explain_leave(struct screen *screen)
{
	screen->explaining = false;
}

void explain_toggle(struct screen *screen)
{
	const struct spot *spot = explain_first(screen, screen->focus);

	if (screen->explaining) {
		explain_leave(screen);
		return;
	}
	overlay_close(screen);
	walk_leave(screen);
	if (spot)
		explain_at(screen, spot);
}

void explain_word(struct screen *screen, const char *word)
{
	const struct spot *found = NULL;
	struct explanation about;

	if (!explanation_find(word, &about)) {
		screen_say(screen, STYLE_ERROR,
			   "no number of the panels is called `%.40s`; `help %.40s` may know it",
			   word, word);
		return;
	}
	overlay_close(screen);
	walk_leave(screen);
	for (unsigned i = 0; i < screen->spots.count; i++) {
		const struct spot *spot = &screen->spots.at[i];

		if (!strcmp(spot->about, about.name) &&
		    (!found || (found->side != screen->focus && spot->side == screen->focus)))
			found = spot;
	}
	if (found) {
		explain_at(screen, found);
		return;
	}
	screen->explaining = true;
	screen->explained = (struct spot){.side = screen->focus};
	snprintf(screen->explained.about, sizeof(screen->explained.about), "%s", about.name);
}

/* Columns between two spots; 0: one is above the other. */
static int spots_apart(const struct spot *one, const struct spot *other)
{
	if (other->x >= one->x + one->w)
		return other->x - one->x - one->w + 1;
	if (one->x >= other->x + other->w)
		return one->x - other->x - other->w + 1;
	return 0;
}

/* How far it is from one to the other with this arrow; -1: it does not lead there. On the same row
 * first, then in the same column. */
static int explain_way(const struct spot *from, const struct spot *to, int key)
{
	int down = to->y - from->y, apart = spots_apart(from, to);
	bool panel = (from->side == SIDE_CLIENT) == (to->side == SIDE_CLIENT);

	switch (key) {
	case KEY_UP:
		return down < 0 && panel ? -down * 16 + apart : -1;
	case KEY_DOWN:
		return down > 0 && panel ? down * 16 + apart : -1;
	case KEY_LEFT:
		return to->x < from->x && apart ? apart + 60 * abs(down) : -1;
	default:
		return to->x > from->x && apart ? apart + 60 * abs(down) : -1;
	}
}

static void explain_move(struct screen *screen, int key)
{
	const struct spot *from = explain_spot(screen), *best = NULL;
	int way, least = 0;

	if (!from) {
		from = explain_first(screen, screen->focus);
		if (from)
			explain_at(screen, from);
		return;
	}
	for (unsigned i = 0; i < screen->spots.count; i++) {
		way = explain_way(from, &screen->spots.at[i], key);
		if (way >= 0 && (!best || way < least)) {
			best = &screen->spots.at[i];
			least = way;
		}
	}
	if (best)
		explain_at(screen, best);
}

bool explain_key(struct screen *screen, int key)
{
	switch (key) {
	case KEY_UP:
	case KEY_DOWN:
	case KEY_LEFT:
	case KEY_RIGHT:
		explain_move(screen, key);
		return true;
	case '\r':
	case '\n':
	case KEY_ENTER:
		help_open(screen, screen->explained.about);
		return true;
	default:
		if (key > ' ' && key < KEY_MIN)
			explain_leave(screen); /* a command is being typed */
		return false;
	}
}

bool explain_click(struct screen *screen, int y, int x)
{
	const struct rect *card = &screen->card;

	for (unsigned i = 0; i < screen->spots.count; i++) {
		const struct spot *spot = &screen->spots.at[i];

		if (y == spot->y && x >= spot->x && x < spot->x + spot->w) {
			overlay_close(screen);
			walk_leave(screen);
			explain_at(screen, spot);
			return true;
		}
	}
	return screen->explaining && y >= card->y && y < card->y + card->h;
}

/* A command of the world outside, with the number of the process where it lives. */
static char *explain_outside(const struct explained *of, const char *command, bool saved, char *out,
			     size_t size)
{
	const char *pid = strstr(command, "PID");

	if (pid && of->end->pid && !saved)
		snprintf(out, size, "%.*s%d%s", (int)(pid - command), command, (int)of->end->pid,
			 pid + 3);
	else
		snprintf(out, size, "%s", command);
	return out;
}

static void card_row(struct page *page, const char *label, enum style style, const char *text)
{
	char marker[16];

	if (!*text)
		return;
	snprintf(marker, sizeof(marker), "%-8s", label);
	page_begin(page, 0, STYLE_LABEL, marker);
	page_flow(page, style, text);
	page_end(page);
}

static void card_fill(struct page *page, const struct explained *of,
		      const struct explanation *about, bool shown, bool saved)
{
	char text[256];

	explain_value(of, text, sizeof(text));
	card_row(page, "now", STYLE_STRONG, *text || shown ? text : "not on this panel now");
	card_row(page, "is", STYLE_PLAIN, about->what);
	card_row(page, "changes", STYLE_PLAIN, about->changes);
	card_row(page, "kernel", STYLE_CODE, about->kernel);
	card_row(page, "told by", STYLE_CODE, about->told);
	page_begin(page, 0, STYLE_LABEL, "outside ");
	page_flow(page, STYLE_CODE, explain_outside(of, about->outside, saved, text, sizeof(text)));
	if (!saved) { /* of which no process and no socket is left to be looked at */
		page_flow(page, STYLE_LABEL, ", in `bothends shell ");
		page_flow(page, STYLE_LABEL, side_name(of->side));
		page_flow(page, STYLE_LABEL, "`");
	}
	page_flow(page, STYLE_LABEL, "; see ");
	page_flow(page, STYLE_STRONG, about->man);
	page_end(page);
}

void explain_draw(struct screen *screen, const struct explained *of)
{
	const struct canvas *canvas = &screen->canvas;
	struct rect at = screen->layout.overlay, inner = {at.y + 1, at.x + 2, at.h - 2, at.w - 4};
	struct page page = {0};
	struct explanation about;
	bool cut;

	if (!explanation_find(of->word, &about))
		return;
	page_start(&page, inner.w, canvas->utf8);
	card_fill(&page, of, &about, explain_spot(screen) != NULL, screen_saved(screen));
	cut = (int)page.count > inner.h;
	if (!cut) { /* what it does not need shows what is under it */
		inner.h = (int)page.count;
		at.h = inner.h + 2;
	}
	screen->card = at;
	draw_fill(canvas, at, STYLE_PLAIN);
	draw_box(canvas, at, STYLE_FOCUS, FRAME_FOCUS);
	draw_printf(canvas, at.y, at.x + 1, at.w - 2, STYLE_HEADING, " %s: %s%s%s ",
		    side_name(of->side), about.label, *about.unit ? ", in " : "", about.unit);
	draw_clip(canvas, at.y + at.h - 1, at.x + 1, at.w - 2, STYLE_DIM,
		  cut ? " arrows: the next number; Enter: the rest; Esc leaves "
		      : " arrows: the next number; Enter: help on it; Esc leaves ");
	page_draw(canvas, &page, inner, 0);
	if (cut)
		draw_glyph(canvas, at.y + at.h - 2, at.x + at.w - 1, STYLE_CHANGED, GLYPH_DOWN);
	page_free(&page);
}
