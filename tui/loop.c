/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * loop.c - one poll over the terminal, the signals and the lab; one doupdate a turn.
 *
 * No threads, no sleeps. The poll has a time limit only while something on the screen counts.
 */
#include "history.h"
#include "inputrc.h"
#include "keys.h"
#include "mem.h"
#include "prompt.h"
#include "terminal.h"
#include "view.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A terminal that goes away may say so in each of these ways, or all of them. */
#define GONE (POLLHUP | POLLERR | POLLNVAL)

static void loop_signal(struct screen *screen, int number)
{
	switch (number) {
	case SIGWINCH:
		terminal_resize();
		break;
	case SIGCONT: /* stopped behind our back: who knows what was drawn meanwhile */
		terminal_resume();
		break;
	case SIGTSTP:
		screen->suspend = true;
		break;
	case SIGINT:
		if (screen->interrupts++) {
			screen->ended = SIGINT;
		} else {
			screen_interrupt(screen);
			screen_say(screen, STYLE_MESSAGE, "interrupted; once more leaves");
		}
		break;
	default:
		screen->ended = number;
		break;
	}
}

/* Wait, and do what is due. False when it is time to go. */
static bool loop_turn(struct screen *screen, WINDOW *input)
{
	struct pollfd fds[] = {
		{.fd = 0, .events = POLLIN},
		{.fd = terminal_signal_fd(), .events = POLLIN},
		{.fd = screen_saved(screen) ? -1 : lab_fd(screen->lab), .events = POLLIN},
	};
	int64_t due = pace_due(screen, screen_due(screen));
	int timeout = due < 0 ? -1 : (int)(due / NS_PER_MS) + 1, number;

	if (poll(fds, 3, timeout) < 0 && errno != EINTR)
		return false;
	while ((number = terminal_signal()))
		loop_signal(screen, number);
	if (fds[0].revents & GONE || (fds[0].revents & POLLIN && !terminal_alive()))
		screen->ended = SIGHUP;
	if (screen->ended)
		return false;
	if (fds[0].revents & POLLIN)
		keys_take(screen, input);
	screen_turn(screen);
	if (screen->suspend) {
		screen->suspend = false;
		terminal_suspend();
	}
	return !screen->left;
}

static void loop_run(struct screen *screen, WINDOW *input)
{
	do {
		if (screen->redraw)
			clearok(curscr, TRUE);
		screen->redraw = false;
		screen_draw(screen);
		wnoutrefresh(screen->canvas.win);
		screen->ended = terminal_update();
	} while (!screen->ended && loop_turn(screen, input));
}

/* The wire was asked for and is not to be had: a lesson says so itself. */
static void loop_link(struct screen *screen)
{
	const struct feature_state *tun = lab_feature(screen->lab, FEATURE_TUN);

	if (screen->options.link == lab_link(screen->lab) || screen->options.lesson)
		return;
	if (tun->ok)
		screen_say(screen, STYLE_ERROR, "the wire could not be laid here");
	else
		screen_say(screen, STYLE_ERROR, "the wire is not to be had here: %s; %s",
			   tun->reason, tun->cure);
}

/* A saved session begins where its reader began: before the first command. */
static void loop_session(struct screen *screen)
{
	const struct session *session = screen->options.session;
	char when[32];

	rewind_start(screen);
	if (session->cut)
		screen_say(screen, STYLE_ERROR,
			   "the file is cut in its last line: what comes before "
			   "it is here");
	else if (*session_when(session, when, sizeof(when)))
		screen_say(screen, STYLE_HINT, "Recorded %s.%s", when,
			   screen->options.stage || screen->options.plain
				   ? ""
				   : " PgDn: an event; Right: a command; F1: help");
}

void screen_also(struct screen *screen, const char *text)
{
	char before[sizeof(screen->message)];

	if (!*text)
		return;
	snprintf(before, sizeof(before), "%s", screen->message);
	screen_say(screen, STYLE_MESSAGE, "%s%s%s", before, *before ? "; " : "", text);
}

void screen_inputrc(struct screen *screen)
{
	struct err err;

	if (inputrc_check(&err))
		screen_also(screen, err.text);
}

void screen_history(struct screen *screen)
{
	struct err err = {0};

	if (prompt_history_read(&err))
		screen_also(screen, err.text);
}

void screen_begin(struct screen *screen)
{
	screen->pace.every = screen->options.pace;
	if (screen_saved(screen)) {
		loop_session(screen);
		if (screen->options.pace)
			pace_play(screen, 0);
		return;
	}
	loop_link(screen);
	if (screen->options.lesson)
		screen_open_lesson(screen, screen->options.lesson);
	else if (screen->options.list)
		screen_command(screen, "lesson");
	if (screen->options.pace && screen->options.lesson)
		pace_play(screen, 0);
}

enum link_kind screen_first_link(const struct screen_options *options)
{
	enum link_kind link = options->link;
	struct lesson *lesson = NULL;
	struct err err = {0};

	if (options->lesson && !lesson_read(options->lesson, &lesson, &err) && !lesson->page)
		link = lesson->link;
	lesson_free(lesson);
	return link;
}

static int loop_start(struct screen *screen, struct err *err)
{
	const struct screen_options *options = &screen->options;
	struct lab_options lab = {.link = screen_first_link(options), .seed = options->seed};
	enum scheme scheme;

	if (terminal_prepare(err))
		return 2;
	if (!screen_saved(screen) && !(screen->lab = lab_new(&lab, err)))
		return 3;
	if (terminal_start(!options->no_mouse, err))
		return 2;
	scheme = style_choose(options->stage ? stage_theme(options->theme) : options->theme);
	canvas_start(&screen->canvas, stdscr, scheme, glyph_utf8_locale() && !options->ascii);
	screen->focus = SIDE_SERVER;
	screen_inputrc(screen);
	prompt_start(screen->focus, glyph_utf8_locale());
	return 0;
}

int screen_run(const struct screen_options *options, struct err *err)
{
	struct screen *screen = xcalloc(1, sizeof(*screen));
	char said[160];
	WINDOW *input = NULL;
	int status;

	memset(err, 0, sizeof(*err));
	glyph_locale(said, sizeof(said));
	screen->options = *options;
	screen_also(screen, said);
	status = loop_start(screen, err);
	if (!status) {
		/* A window of its own: reading keys from stdscr would paint it half drawn. */
		input = newpad(1, 1);
		keypad(input, TRUE);
		nodelay(input, TRUE);
		meta(input, TRUE);
		screen_history(screen);
		screen_begin(screen);
		loop_run(screen, input);
		delwin(input);
		status = screen->ended ? 128 + screen->ended : 0;
	}
	terminal_stop(status);
	if (input) {
		prompt_history_write(err);
		prompt_stop();
	}
	overlay_close(screen);
	progress_close(screen->progress);
	catalog_free(&screen->catalog);
	welcome_free(&screen->welcome);
	reader_end(&screen->reader);
	lab_free(screen->lab);
	free(screen);
	return status;
}
