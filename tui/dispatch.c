/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dispatch.c - what a line does: the screen's own words here, all others go to the lab. */
#include "prompt.h"
#include "terminal.h"
#include "view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE (50 * NS_PER_MS)
#define SAVE_LONG 50000

void screen_fail(struct screen *screen, const char *text)
{
	unsigned dropped = 0;
	char *line;

	while ((line = prompt_take())) {
		dropped++;
		free(line);
	}
	if (dropped)
		screen_say(screen, STYLE_ERROR, "%s (%u more line%s not played)", text, dropped,
			   dropped == 1 ? "" : "s");
	else
		screen_say(screen, STYLE_ERROR, "%s", text);
}

void screen_next(struct screen *screen)
{
	char *next;

	if (screen->cursor) {
		rewind_forward(screen);
	} else if (screen_saved(screen)) {
		rewind_later(screen); /* says that this is the end */
	} else if (screen->reader.away) {
		explain_leave(screen);
		lesson_back(screen);
	} else if (screen->reader.phase == READER_NONE) {
		screen_say(
			screen, STYLE_HINT,
			"this is now: F2 has the lessons, F4 what can be done; or type a command");
	} else if (screen->reader.phase == READER_END && !screen->reader.more) {
		next = course_next(screen->reader.lesson->file);
		if (next)
			screen_open_lesson(screen, next);
		else
			screen_say(screen, STYLE_HINT,
				   "no lesson comes after this one: F2 has the others");
		free(next);
	} else {
		explain_leave(screen); /* its card would hide what is to be read now */
		reader_next(&screen->reader, screen->lab);
	}
}

void screen_back(struct screen *screen)
{
	struct reader *reader = &screen->reader;

	if (stage_back(screen))
		return;
	if (!screen->cursor && !screen->explaining && reader_reads(reader) && reader->top > 0) {
		reader->top -= reader->shown > 2 ? reader->shown - 1 : 1;
		if (reader->top < 0)
			reader->top = 0;
		return;
	}
	rewind_back(screen);
}

void screen_now(struct screen *screen)
{
	if (screen->cursor && screen->walking)
		walk_leave(screen); /* a click led there */
	screen->cursor = 0;
}

static void screen_side(struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);
	struct scene scene;

	scene_at(journal, journal_last(journal), &scene);
	screen->focus = (screen->focus + 1) % SIDE_COUNT;
	if (screen->focus == SIDE_CHILD && !scene.side[SIDE_CHILD].started)
		screen->focus = SIDE_CLIENT;
	prompt_focus(screen->focus);
	if (screen->overlay == OVERLAY_ACTIONS)
		actions_open(screen);
}

void screen_interrupt(struct screen *screen)
{
	bool empty = prompt_empty();

	prompt_interrupt();
	if (screen_busy(screen)) {
		lab_cancel(screen->lab);
		screen_say(screen, STYLE_HINT, "given up: %s",
			   screen->running ? screen->waiting : "the lesson's step");
		screen->running = false; /* its outcome is known */
	} else if (empty) {
		screen_say(screen, STYLE_HINT, "`quit`, F10 or Ctrl-D leaves");
	}
}

/* True, and said, where there is no lab to do anything with. */
static bool screen_refuses(struct screen *screen)
{
	if (screen_saved(screen))
		screen_fail(screen, "a saved session: nothing can be done to it; "
				    "`bothends` opens a live lab");
	return screen_saved(screen);
}

/* Requests that act on the lab, or ask what could be done to it. */
static bool request_acts(const char *request)
{
	static const char *const acting[] = {":actions", ":steps", ":back", ":ask"};

	for (size_t i = 0; i < sizeof(acting) / sizeof(acting[0]); i++)
		if (!strcmp(request, acting[i]))
			return true;
	return false;
}

/* The mouse is ours, or the terminal's. */
static void screen_select(struct screen *screen)
{
	bool ours = screen->options.no_mouse;

	screen->options.no_mouse = !ours;
	terminal_mouse(ours);
	screen_say(screen, STYLE_HINT,
		   ours ? "the mouse clicks here again"
			: "the mouse is the terminal's: it selects text; F9 takes it back");
}

/* Requests that the command language has no word for: see keys.c. */
static void screen_request(struct screen *screen, const char *request)
{
	if (request_acts(request) && screen_refuses(screen))
		return;
	if (!strcmp(request, ":side"))
		screen_side(screen);
	else if (!strcmp(request, ":actions") && screen->overlay == OVERLAY_ACTIONS)
		overlay_close(screen); /* as F1 does with its help */
	else if (!strcmp(request, ":actions"))
		actions_open(screen);
	else if (!strcmp(request, ":interrupt"))
		screen_interrupt(screen);
	else if (!strcmp(request, ":steps"))
		steps_open(screen);
	else if (!strcmp(request, ":back"))
		lesson_back(screen);
	else if (!strcmp(request, ":ask"))
		lesson_ask(screen);
	else if (!strcmp(request, ":redraw"))
		screen->redraw = true;
	else if (!strcmp(request, ":suspend"))
		screen->suspend = true;
	else if (!strcmp(request, ":walk"))
		walk_toggle(screen);
	else if (!strcmp(request, ":explain"))
		explain_toggle(screen);
	else if (!strcmp(request, ":older"))
		walk_move(screen, -1);
	else if (!strcmp(request, ":newer"))
		walk_move(screen, 1);
	else if (!strcmp(request, ":first"))
		rewind_first(screen);
	else if (!strcmp(request, ":earlier"))
		rewind_earlier(screen);
	else if (!strcmp(request, ":later"))
		rewind_later(screen);
	else if (!strcmp(request, ":select"))
		screen_select(screen);
	else if (!strcmp(request, ":mouse"))
		mouse_take(screen);
}

static void do_help(struct screen *screen, const struct command *command)
{
	const struct arg *word = command_arg(command, "WORD");

	if (!word && screen->overlay == OVERLAY_HELP)
		overlay_close(screen);
	else
		help_open(screen, word ? word->text : NULL);
}

/* "saved: lesson.jsonl .pcap .md .c"; the end of a long name is what tells one from another. */
static void say_saved(struct screen *screen, const char *name)
{
	char endings[64];
	size_t used = 0, len = strlen(name), room;
	const char *ending;

	endings[0] = '\0';
	for (size_t i = 0; (ending = session_part(i)) && used < sizeof(endings); i++)
		used += (size_t)snprintf(endings + used, sizeof(endings) - used, "%s.%s",
					 i ? " " : "", ending);
	room = 80 - strlen("saved: ...") - used;
	while (len > room && (name[len - room] & 0xc0) == 0x80)
		room--;
	screen_say(screen, STYLE_HINT, "saved: %s%s%s", len > room ? "..." : "",
		   len > room ? name + len - room : name, endings);
}

/* So many events take seconds: what is being done is said first. */
static void say_saving(struct screen *screen)
{
	const struct journal *journal = screen_journal(screen);
	const uint64_t count = journal_last(journal) + 1 - journal_first(journal);

	if (count < SAVE_LONG || !screen->canvas.win)
		return;
	screen_say(screen, STYLE_HINT, "saving %llu events ...", (unsigned long long)count);
	screen_draw(screen);
	wnoutrefresh(screen->canvas.win);
	screen->ended = terminal_update();
}

static void do_save(struct screen *screen, const struct command *command)
{
	const char *name = command_arg(command, "NAME")->text;
	struct session_about about = {0};
	struct err err = {0};
	char text[700];
	int bad;

	screen_about(screen, &about);
	say_saving(screen);
	bad = session_save(screen_journal(screen), &about, name, command->op == OP_SAVE_OVER, &err);
	if (bad) {
		snprintf(text, sizeof(text), "%s%s%.150s%s", err.text,
			 bad == SAVE_EXISTS ? ": `save! " : "", bad == SAVE_EXISTS ? name : "",
			 bad == SAVE_EXISTS ? "` writes over it" : "");
		screen_fail(screen, text);
	} else
		say_saved(screen, name);
}

static void do_screen(struct screen *screen, const struct command *command)
{
	switch (command->op) {
	case OP_NEXT:
		screen_next(screen);
		break;
	case OP_BACK:
		screen_back(screen);
		break;
	case OP_END:
		screen_now(screen);
		break;
	case OP_AGAIN:
	case OP_LESSON:
	case OP_LEAVE:
	case OP_HINT:
		if (!screen_refuses(screen))
			lesson_command(screen, command);
		break;
	case OP_PLAY:
		pace_play(screen, command_num(command, "TIME", 0));
		break;
	case OP_PAUSE:
		if (screen->pace.plays)
			pace_pause(screen);
		else
			screen_say(screen, STYLE_HINT, "it does not go on by itself now");
		break;
	case OP_FOCUS:
		screen->focus = command->side;
		prompt_focus(screen->focus);
		break;
	case OP_HELP:
		do_help(screen, command);
		break;
	case OP_EXPLAIN:
		if (command_arg(command, "WORD"))
			explain_word(screen, command_arg(command, "WORD")->text);
		else
			explain_toggle(screen);
		break;
	case OP_QUIT:
		screen->left = true;
		break;
	case OP_SAVE:
	case OP_SAVE_OVER:
		do_save(screen, command);
		break;
	default:
		break;
	}
}

static void do_lab(struct screen *screen, const struct command *command)
{
	struct err err = {0};

	if (screen_refuses(screen))
		return;
	overlay_close(screen);
	screen->cursor = 0;
	if (lab_submit(screen->lab, command, PATIENCE, &err)) {
		screen_fail(screen, err.text);
		return;
	}
	screen->running = true;
	snprintf(screen->waiting, sizeof(screen->waiting), "%s", command->text);
	lab_turn(screen->lab);
}

void screen_command(struct screen *screen, const char *line)
{
	struct command command;
	struct err err = {0};

	if (*line == ':') {
		screen_request(screen, line);
		return;
	}
	if (command_parse(line, strlen(line), screen->focus, &command, &err)) {
		screen_fail(screen, err.text);
		return;
	}
	if (command.op != OP_NONE && command.screen)
		do_screen(screen, &command);
	else if (command.op != OP_NONE)
		do_lab(screen, &command);
	command_clear(&command);
}

/* What became of the command under way, once it is done. */
static void screen_settle(struct screen *screen)
{
	struct err err = {0};

	if (!screen->running || screen_busy(screen))
		return;
	screen->running = false;
	if (lab_outcome(screen->lab, &err))
		screen_fail(screen, err.text);
}

/* Whether the next line can be done now: `quit` need not wait for a `wait`. */
static bool screen_ready(const struct screen *screen)
{
	const char *line = prompt_peek();
	struct command command;
	struct err err;
	bool own = true;

	if (!line || (!screen_busy(screen) && !reader_busy(&screen->reader)))
		return line != NULL;
	if (!command_parse(line, strlen(line), screen->focus, &command, &err)) {
		own = command.screen || command.op == OP_NONE;
		command_clear(&command);
	}
	return own;
}

void screen_turn(struct screen *screen)
{
	if (!screen_saved(screen))
		lab_turn(screen->lab);
	lesson_turn(screen);
	screen_settle(screen);
	while (!screen->left && screen_ready(screen)) {
		char *line = prompt_take();

		screen_command(screen, line);
		free(line);
		screen_settle(screen);
	}
	pace_turn(screen);
	/* A journal that let go of its oldest, or a lab begun afresh. */
	if (screen->cursor && !journal_at(screen_journal(screen), screen->cursor))
		screen->cursor = 0;
}
