/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * screen.c - where everything is, and one whole drawing of it.
 *
 *    bothends  The write that should have failed      loopback    step 3 of 4
 *   ┌ client ────────────┐                      ┏ server ━━━━━━━━━━━━┓
 *   │                    │    the ladder        ┃                    ┃
 *   └────────────────────┘                      ┗━━━━━━━━━━━━━━━━━━━━┛
 *    the lesson's text (or the first screen's)
 *   ── journal ─────────────────────────────────────────────────────────
 *      2.41  server  write(4, "123", 3) = 3
 *    a message, a hint, what could be meant
 *   server>
 *    PgDn next  PgUp back  Tab complete  F1 help  F2 lessons ...
 */
#include "explain.h"
#include "facts.h"
#include "journal_view.h"
#include "keys.h"
#include "panel.h"
#include "prompt.h"
#include "title.h"
#include "view.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Both ends at the time shown, and before the last step. */
struct moment {
	struct scene now, before;
	bool compared; /* there was a last step */
	uint64_t upto, since;
	int64_t at;
};

bool screen_fits(const struct screen *screen)
{
	return getmaxy(screen->canvas.win) >= SCREEN_ROWS &&
	       getmaxx(screen->canvas.win) >= SCREEN_COLUMNS;
}

uint64_t screen_upto(const struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);

	return screen->cursor ? journal_view_scene(journal, screen->cursor) : journal_last(journal);
}

void screen_say(struct screen *screen, enum style style, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(screen->message, sizeof(screen->message), fmt, args);
	va_end(args);
	screen->message_style = style;
}

/* The event before the last command that acted, or before the lesson's step. */
static bool moment_since(const struct screen *screen, uint64_t upto, uint64_t *since)
{
	const struct journal *journal = screen_journal(screen);
	const struct event *event;

	*since = reader_since(&screen->reader);
	if (!screen->cursor && *since != UINT64_MAX && *since <= upto && !screen_disturbed(screen))
		return true;
	event = journal_list_latest(journal, LIST_ACTS, SIDE_NONE, upto);
	*since = event ? event->n - 1 : upto;
	return event != NULL;
}

static void screen_moment(const struct screen *screen, struct moment *moment)
{
	const struct journal *journal = screen_journal(screen);
	const struct event *event;

	moment->upto = screen_upto(screen);
	moment->compared = moment_since(screen, moment->upto, &moment->since);
	scene_at(journal, moment->upto, &moment->now);
	scene_at(journal, moment->since, &moment->before);
	event = screen->cursor ? journal_at(journal, moment->upto) : NULL;
	moment->at = event ? event->t : screen_time(screen);
}

/* The event with which this lab, or after a reset this pair, began: older segments were another's.
 */
static uint64_t screen_from(const struct screen *screen, uint64_t upto)
{
	const struct journal *journal = screen_journal(screen);
	const struct event *begun = journal_list_latest(journal, LIST_BEGINS, SIDE_NONE, upto);
	const struct event *started = journal_list_latest(journal, LIST_STARTS, SIDE_SERVER, upto);

	if (!begun)
		return 0;
	return begun->kind == EVENT_COMMAND && started && started->n > begun->n ? started->n
										: begun->n;
}

/* Whether there is a child to show: not that of a server which a new one has replaced. */
static bool screen_child(const struct scene *scene)
{
	const struct scene_side *child = &scene->side[SIDE_CHILD];
	const struct event *server = scene->side[SIDE_SERVER].process;

	return child->alive || (child->started && child->process &&
				!(server && server->process.what == PROCESS_STARTED &&
				  server->n > child->process->n));
}

/* What decided the step, as far as it has a line. Commands of the reader's own, typed behind it,
 * are what the eye is to go to instead. */
static uint64_t screen_decider(const struct screen *screen)
{
	uint64_t n = reader_decider(&screen->reader);

	if (!n || screen_disturbed(screen))
		return 0;
	return journal_view_cause(screen_journal(screen), n);
}

void screen_journal_view(const struct screen *screen, struct journal_view *view)
{
	*view = (struct journal_view){
		.journal = screen_journal(screen),
		.cursor = screen->cursor,
		.seen = screen->past_seen,
		.decider = screen_decider(screen),
	};
}

static void draw_title(const struct screen *screen, const struct moment *moment)
{
	const struct feature_state *capture = screen_feature(screen, FEATURE_CAPTURE);
	const struct journal *journal = screen_journal(screen);
	const struct reader *reader = &screen->reader;
	char where[96], pace[32];
	struct title title = {
		.name = reader_reads(reader) ? reader->lesson->title : "the free lab",
		.link = screen_link(screen),
		.where = reader_where(reader, where, sizeof(where)),
		.wire = moment->now.wire,
		.blind = capture && !capture->ok && screen_link(screen) == LINK_LOOPBACK,
		.past = screen->cursor != 0,
		.line = journal_list_count(journal, LIST_LINES, SIDE_NONE, moment->upto),
		.lines = journal_list_count(journal, LIST_LINES, SIDE_NONE, journal_last(journal)),
		.since = rewind_since(screen),
	};

	if (screen_saved(screen)) {
		title.saved = screen->options.file;
		title.name = screen->options.session->about.title;
		session_when(screen->options.session, where, sizeof(where));
	}
	pace_words(screen, pace, sizeof(pace));
	if (screen->options.stage) /* its last row says so */
		*where = *pace = '\0';
	else if (*pace)
		snprintf(where + strlen(where), sizeof(where) - strlen(where), "   %s", pace);
	title.pace = pace;
	title_draw(&screen->canvas, screen->layout.title, &title);
}

static void moment_ladder(const struct screen *screen, const struct moment *moment,
			  struct ladder *ladder)
{
	const struct feature_state *capture = screen_feature(screen, FEATURE_CAPTURE);
	bool wire = moment->now.wire && moment->now.wire->on;

	*ladder = (struct ladder){
		.journal = screen_journal(screen),
		.from = screen_from(screen, moment->upto),
		.upto = moment->upto,
		.since = moment->compared ? moment->since : moment->upto,
		.mark = screen->cursor ? 0 : screen_decider(screen), /* the past as it was */
		.capture = wire || !capture || capture->ok,
		.wire = wire,
		.reason = capture ? capture->reason : NULL,
		.spaced = screen->options.stage,
		.walked = screen->walking,
		.pick = screen->pick,
	};
	if (screen->walking)
		ladder->pick = ladder_walk(ladder, 0);
}

void screen_ladder(const struct screen *screen, struct ladder *ladder)
{
	struct moment moment;

	screen_moment(screen, &moment);
	moment_ladder(screen, &moment, ladder);
}

static void draw_ends(struct screen *screen, const struct moment *moment, bool child)
{
	struct limits limits;

	limits_read(screen_journal(screen), moment->upto, &limits);
	screen->spots.count = 0;
	for (enum side side = SIDE_CLIENT; side < SIDE_COUNT; side++) {
		struct panel panel = {
			.side = side,
			.end = &moment->now.side[side],
			.before = moment->compared ? &moment->before.side[side] : NULL,
			.at = moment->at,
			.limits = &limits,
			.focused = side == screen->focus,
			.past = screen->cursor && !screen_saved(screen),
			.stage = screen->options.stage,
			.spots = &screen->spots,
			.cursor = screen->explaining ? &screen->explained : NULL,
		};

		if (side != SIDE_CHILD || child)
			panel_draw(&screen->canvas, screen->layout.end[side], &panel);
	}
	moment_ladder(screen, moment, &screen->ladder);
	ladder_draw(&screen->canvas, screen->layout.ladder, &screen->ladder);
}

/* The card that tells of a number: over the middle, under the panels. */
static void draw_explained(struct screen *screen, const struct moment *moment)
{
	struct limits limits;
	struct explained of = {
		.word = screen->explained.about,
		.side = screen->explained.side,
		.end = &moment->now.side[screen->explained.side],
		.at = moment->at,
		.limits = &limits,
	};

	limits_read(screen_journal(screen), moment->upto, &limits);
	explain_draw(screen, &of);
}

/* The lesson or the first screen, and the journal. */
static void draw_reading(struct screen *screen, const struct journal_view *view)
{
	const struct canvas *canvas = &screen->canvas;
	const struct layout *at = &screen->layout;

	if (reader_reads(&screen->reader)) {
		lesson_view_draw(canvas, at->lesson, &screen->reader);
	} else if (at->lesson.h) {
		welcome_draw(screen, at->lesson);
	}
	if (at->rule.w == 1)
		for (int y = 0; y < at->rule.h; y++)
			draw_glyph(canvas, at->rule.y + y, at->rule.x, STYLE_RULE, GLYPH_VLINE);
	else if (at->rule.h)
		draw_run(canvas, at->rule.y, 0, at->rule.w, STYLE_RULE, GLYPH_HLINE);
	journal_view_draw(canvas, at->journal, view);
}

static void draw_middle(struct screen *screen, const struct moment *moment)
{
	const struct canvas *canvas = &screen->canvas;
	const struct layout *at = &screen->layout;
	struct journal_view view;

	if (screen->overlay == OVERLAY_HELP) {
		help_draw(screen, at->overlay);
		return;
	}
	if (screen->overlay != OVERLAY_NONE && screen->overlay != OVERLAY_SEGMENT) {
		if (screen->overlay == OVERLAY_ACTIONS)
			actions_follow(screen);
		menu_draw(canvas, at->overlay, &screen->menu);
		return;
	}
	screen_journal_view(screen, &view);
	view.since = moment->compared ? moment->since : moment->upto;
	if (screen->options.stage)
		stage_draw_middle(screen, &view);
	else
		draw_reading(screen, &view);
	if (screen->overlay == OVERLAY_SEGMENT)
		segment_draw(screen, at->overlay);
	else if (screen->explaining)
		draw_explained(screen, moment);
}

static void draw_small(const struct screen *screen)
{
	const struct canvas *canvas = &screen->canvas;
	const struct layout *at = &screen->layout;
	struct page page = {0};
	char text[96];

	snprintf(text, sizeof(text), "bothends needs %d x %d, this is %d x %d", SCREEN_COLUMNS,
		 SCREEN_ROWS, at->columns, at->rows);
	page_start(&page, at->columns, canvas->utf8);
	page_text(&page, 0, STYLE_STRONG, text);
	page_draw(canvas, &page, (struct rect){0, 0, at->rows, at->columns}, 0);
	page_free(&page);
	wmove(canvas->win, 0, 0);
}

void screen_draw(struct screen *screen)
{
	const struct canvas *canvas = &screen->canvas;
	struct layout *at = &screen->layout;
	struct moment moment;
	bool child;

	werase(canvas->win);
	at->rows = getmaxy(canvas->win);
	at->columns = getmaxx(canvas->win);
	if (!screen_fits(screen)) {
		draw_small(screen);
		return;
	}
	screen_moment(screen, &moment);
	child = screen_child(&moment.now);
	if (!child && screen->focus == SIDE_CHILD && !screen->cursor) {
		screen->focus = SIDE_SERVER;
		prompt_focus(screen->focus);
	}
	if (welcome_shows(screen))
		welcome_read(screen);
	if (screen->options.stage)
		stage_layout(screen, child);
	else
		screen_layout(screen, child);
	draw_title(screen, &moment);
	draw_ends(screen, &moment, child);
	draw_middle(screen, &moment);
	if (screen->options.stage) {
		stage_draw_bottom(screen);
		return;
	}
	message_draw(screen);
	keys_draw(screen, at->keys);
	prompt_draw(canvas, at->prompt, panel_style(screen->focus));
}

int64_t screen_due(const struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);
	int64_t due = -1, at = screen_time(screen);
	struct scene scene;

	if (screen->cursor || screen_saved(screen) || !screen_fits(screen))
		return -1;
	scene_at(journal, journal_last(journal), &scene);
	for (enum side side = SIDE_CLIENT; side < SIDE_COUNT; side++) {
		int64_t one = facts_due(&scene.side[side], at);

		if (one >= 0 && (due < 0 || one < due))
			due = one;
	}
	return due;
}
