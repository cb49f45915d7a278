/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * line.c - the lab in lines: one poll over the input, the signals and the lab.
 *
 * What a line does is the screen's business (dispatch.c); what it says and changes is printed. A
 * line is taken when the one before has done all it can, so that a pipe is played as it was meant.
 */
#include "line.h"

#include "history.h"
#include "mem.h"
#include "prompt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define WIDTH 80
#define WIDTH_MOST 160 /* more is not read easily */
#define LOOK_MS 50     /* until the lab has settled */

static int line_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int width = WIDTH;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		width = size.ws_col;
	else if (columns && atoi(columns) > 0)
		width = atoi(columns);
	return width < 20 ? 20 : width > WIDTH_MOST ? WIDTH_MOST : width;
}

static int signals_take(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCONT);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Whether the next line may be taken. */
static bool line_rests(const struct line *line)
{
	const struct screen *screen = &line->screen;

	return !screen_busy(screen) && !reader_busy(&screen->reader) &&
	       (screen_saved(screen) || lab_settled(screen->lab));
}

/* What is known of the word behind `help` or `explain`; false: it is neither, or alone. */
static bool line_help(struct line *line, const char *text)
{
	struct screen *screen = &line->screen;
	size_t len = !strncmp(text, "help ", 5) ? 5 : !strncmp(text, "explain ", 8) ? 8 : 0;
	const char *at = text + len + strspn(text + len, " \t");
	struct err err = {0};
	char *word, *known;

	if (!strcmp(text, "explain")) {
		screen_say(screen, STYLE_HINT,
			   "`explain rto` tells of a number; an empty line shows both ends");
		return true;
	}
	if (!len || !*at)
		return false;
	word = xstrndup(at, strcspn(at, "\t#"));
	for (len = strlen(word); len && word[len - 1] == ' '; len--)
		word[len - 1] = '\0';
	known = help_text(word, &err);
	if (known)
		line_printf(line, "%s\n", known);
	else
		screen_say(screen, STYLE_ERROR, "%s", err.text);
	free(known);
	free(word);
	return true;
}

/* Words that only a line has, and those that mean something else here. True: it was one. */
static bool line_own(struct line *line, const char *text)
{
	struct screen *screen = &line->screen;
	size_t blanks = strspn(text, " \t");

	text += blanks;
	if (!*text) {
		line_ends(line);
	} else if (!strcmp(text, "?")) {
		screen_command(screen, ":ask"); /* which a saved session refuses */
	} else if (text[0] >= '1' && text[0] <= '9' && !text[1 + strspn(text + 1, " ")]) {
		if (!reader_guess(&screen->reader, text[0] - '1'))
			screen_say(screen, STYLE_HINT, "%s",
				   reader_choices(&screen->reader) ? "there is no such answer"
								   : "no question is open here");
	} else if (*text == ':') {
		screen_say(screen, STYLE_ERROR, "a command expected, not ':'; see `help`");
	} else {
		return line_help(line, text);
	}
	return true;
}

/* A saved session is told command by command, with all that each led to. */
static bool line_saved(struct line *line, const char *text)
{
	struct screen *screen = &line->screen;
	bool next = !strcmp(text, "next"), back = !strcmp(text, "back");

	if (screen_saved(screen) && next)
		rewind_later(screen);
	else if (screen_saved(screen) && back)
		rewind_earlier(screen);
	return screen_saved(screen) && (next || back);
}

static void line_take(struct line *line, char *text)
{
	struct screen *screen = &line->screen;
	bool free_lab = !reader_reads(&screen->reader) && !screen->reader.away && !screen->cursor;

	screen->interrupts = 0;
	if (*text && strcmp(text, "pause") != 0)
		pace_pause(screen);
	if (line_saved(line, text)) {
		free(text);
		return;
	}
	if (free_lab && !strcmp(text, "next"))
		screen_say(screen, STYLE_HINT,
			   "this is now: `lesson` has the lessons, `?` what can be done");
	else if (!line_own(line, text))
		screen_command(screen, text);
	free(text);
}

static void line_signal(struct line *line, int number)
{
	struct screen *screen = &line->screen;
	bool busy = screen_busy(screen);

	if (number == SIGWINCH) {
		line->width = line_width();
	} else if (number == SIGCONT) {
		input_resume();
	} else if (number != SIGINT || screen->interrupts++) {
		screen->ended = number;
	} else {
		input_interrupt();
		screen_interrupt(screen);
		if (!busy)
			screen_say(screen, STYLE_HINT, "interrupted; once more leaves");
	}
}

static void line_signals(struct line *line, int signals)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof(info)) == sizeof(info))
		line_signal(line, (int)info.ssi_signo);
}

static void line_news_print(struct line *line)
{
	if (!line_news(line))
		return;
	input_hide();
	line_tell(line);
	input_back();
}

/* Wait, and do what is due. False when it is time to go. */
static bool line_turn(struct line *line, int signals)
{
	struct screen *screen = &line->screen;
	bool rests = line_rests(line), whole = input_whole(), ended = input_ended();
	int64_t due = pace_due(screen, -1);
	int timeout = !rests ? LOOK_MS : whole ? 0 : due < 0 ? -1 : (int)(due / NS_PER_MS) + 1;
	struct pollfd fds[] = {
		{.fd = rests && !whole && !ended ? STDIN_FILENO : -1, .events = POLLIN},
		{.fd = signals, .events = POLLIN},
		{.fd = screen_saved(screen) ? -1 : lab_fd(screen->lab), .events = POLLIN},
	};

	if (rests && !whole && ended && !screen->pace.plays)
		return false;
	if (rests && !whole)
		input_show();
	if (poll(fds, 3, timeout) < 0 && errno != EINTR)
		return false;
	if (fds[0].revents)
		input_read();
	if (input_was_bad())
		screen_say(screen, STYLE_ERROR, "a line is text, of at most 4000 bytes");
	if (rests && input_whole()) /* what was entered before a Ctrl-C is what it gives up */
		line_take(line, input_take());
	line_signals(line, signals);
	if (screen->ended)
		return false;
	screen_turn(screen);
	line_news_print(line);
	return !screen->left;
}

static void line_welcome(struct line *line)
{
	struct screen *screen = &line->screen;

	if (line->echo)
		return;
	if (screen_saved(screen))
		line_put(line,
			 "bothends: a saved session, line by line. `next` tells what the next "
			 "command led to,\n`back` goes back, `play` goes on by itself, `end` "
			 "leads to its end, `quit` leaves.\nAn empty line shows both ends.\n");
	else
		line_put(line, "bothends: the life and death of a TCP connection, line by line.\n"
			       "`open` makes one, `lesson` lists the lessons, `help` tells all, "
			       "`quit` leaves.\nAn empty line shows both ends.\n");
	screen_history(screen);
}

static int line_start(struct line *line, struct err *err)
{
	struct screen *screen = &line->screen;
	const struct screen_options *options = &screen->options;
	struct lab_options lab = {.link = screen_first_link(options), .seed = options->seed};
	/* Emacs and its like edit the line themselves. */
	bool typed = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	bool edited = typed && !getenv("INSIDE_EMACS");

	if (!screen_saved(screen) && !(screen->lab = lab_new(&lab, err)))
		return 3;
	screen->focus = SIDE_SERVER;
	screen->canvas.utf8 = glyph_utf8_locale() && !options->ascii;
	line->width = line_width();
	line->echo = !isatty(STDIN_FILENO);
	screen_inputrc(screen);
	input_start(edited, screen->canvas.utf8);
	prompt_focus(screen->focus);
	return 0;
}

int line_run(const struct screen_options *options, struct err *err)
{
	struct line *line = xcalloc(1, sizeof(*line));
	struct screen *screen = &line->screen;
	int signals = signals_take(), status;
	char said[160];

	memset(err, 0, sizeof(*err));
	glyph_locale(said, sizeof(said));
	screen->options = *options;
	screen->options.plain = true;
	screen_also(screen, said);
	status = line_start(line, err);
	if (!status) {
		line_welcome(line);
		screen_begin(screen);
		line_tell(line);
		while (line_turn(line, signals))
			;
		input_stop();
		if (!line->echo)
			prompt_history_write(err);
		status = screen->ended ? 128 + screen->ended : 0;
		if ((fflush(stdout) || ferror(stdout)) && !status) {
			err_set(err, "cannot write standard output");
			status = 3;
		}
	}
	overlay_close(screen);
	progress_close(screen->progress);
	catalog_free(&screen->catalog);
	reader_end(&screen->reader);
	lab_free(screen->lab);
	free(line);
	close(signals);
	return status;
}
