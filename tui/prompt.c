/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * prompt.c - GNU readline inside curses.
 *
 *   keys ─▶ queue of whole characters ─▶ readline ─▶ finished lines ─▶ prompt_take
 *                                           └──────▶ rl_line_buffer ─▶ prompt_draw
 *
 *   server> write "hel▉
 *
 * readline never sees the terminal: its input is the queue, its output /dev/null, its display
 * function empty. It must never find the queue empty (an end of file there would accept a half
 * typed line), so a character goes in only when its last byte has come.
 */
#include "prompt.h"

#include "history.h"
#include "mem.h"

#include <readline/history.h>
#include <readline/readline.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 4000
#define LINES_MAX 64 /* of a paste, not yet taken */

static struct {
	FILE *null;
	enum side focus;
	bool utf8, overflow;
	unsigned char queue[16]; /* one character, or one key's sequence */
	size_t queued, taken;
	unsigned char part[4]; /* a character whose last byte has not come */
	size_t parts;
	char *lines[LINES_MAX];
	size_t nlines;
	char **matches;
	int left; /* columns scrolled out at the left */
} prompt;

static int prompt_getc(FILE *stream)
{
	(void)stream;
	return prompt.taken < prompt.queued ? prompt.queue[prompt.taken++] : EOF;
}

static int prompt_available(void)
{
	return prompt.taken < prompt.queued;
}

static void prompt_redisplay(void)
{
}

static void prompt_accept(char *line)
{
	if (!line)
		return;
	if (*line)
		prompt_history_add(line);
	if (prompt.nlines == LINES_MAX) {
		prompt.overflow = true;
		free(line);
		return;
	}
	prompt.lines[prompt.nlines++] = line;
}

static void prompt_show_matches(char **matches, int count, int longest)
{
	(void)longest;
	prompt_forget_matches();
	prompt.matches = xcalloc((size_t)count + 1, sizeof(*prompt.matches));
	for (int i = 0; i < count; i++) /* matches[0] is what they share */
		prompt.matches[i] = xstrdup(matches[i + 1]);
}

/* The words that can stand here, in readline's form: the common start, then each. */
static char **prompt_complete(const char *text, int start, int end)
{
	size_t from = 0, count = 0, shared;
	char **words = command_complete(rl_line_buffer, (size_t)end, prompt.focus, &from, NULL, 0);
	char **matches = NULL;

	(void)text;
	rl_attempted_completion_over = 1;
	while (words[count])
		count++;
	if (count && from == (size_t)start) {
		matches = xcalloc(count + 2, sizeof(*matches));
		shared = strlen(words[0]);
		for (size_t i = 0; i < count; i++) {
			size_t same = 0;

			while (same < shared && words[i][same] == words[0][same])
				same++;
			shared = same;
			matches[i + 1] = xstrdup(words[i]);
		}
		matches[0] = xstrndup(words[0], shared);
		if (count == 1) { /* readline takes a lone match from the first place alone */
			free(matches[1]);
			matches[1] = NULL;
		}
	}
	completion_free(words);
	return matches;
}

char *prompt_words(char *out, size_t size)
{
	snprintf(out, size, "%s> ", side_name(prompt.focus));
	return out;
}

static void prompt_name(void)
{
	char name[32];

	rl_set_prompt(prompt_words(name, sizeof(name)));
}

void prompt_setup(bool utf8)
{
	prompt.utf8 = utf8;
	rl_getc_function = prompt_getc;
	rl_input_available_hook = prompt_available;
	rl_readline_name = "bothends";
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0; /* LINES and COLUMNS would hold curses at the old size */
	rl_attempted_completion_function = prompt_complete;
	rl_basic_word_break_characters = " \t";
	rl_completer_word_break_characters = " \t";
	rl_completer_quote_characters = NULL;
	rl_variable_bind("show-all-if-ambiguous", "on"); /* ~/.inputrc may say otherwise */
	rl_initialize();
	using_history();
}

void prompt_start(enum side focus, bool utf8)
{
	prompt.focus = focus;
	prompt.null = fopen("/dev/null", "w");
	rl_outstream = prompt.null;
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_redisplay_function = prompt_redisplay;
	rl_completion_display_matches_hook = prompt_show_matches;
	prompt_setup(utf8);
	rl_bind_keyseq_if_unbound("\033[3~", rl_delete);
	rl_bind_keyseq_if_unbound("\033[1;5C", rl_forward_word);
	rl_bind_keyseq_if_unbound("\033[1;5D", rl_backward_word);
	rl_callback_handler_install("", prompt_accept);
	prompt_name();
}

void prompt_stop(void)
{
	rl_callback_handler_remove();
	prompt_forget_matches();
	for (size_t i = 0; i < prompt.nlines; i++)
		free(prompt.lines[i]);
	prompt.nlines = 0;
	rl_outstream = NULL;
	if (prompt.null)
		fclose(prompt.null);
	prompt.null = NULL;
}

void prompt_focus(enum side focus)
{
	prompt.focus = focus;
	prompt_name();
}

static void prompt_give(const unsigned char *bytes, size_t len)
{
	memcpy(prompt.queue, bytes, len);
	prompt.queued = len;
	prompt.taken = 0;
	while (prompt.taken < prompt.queued)
		rl_callback_read_char();
}

/* In an incremental search readline 8.2 crashes on the first key of a sequence that turns out to be
 * bound to nothing (Ctrl-R Ctrl-X >). So such a key ends the search first, as Esc does. */
static bool ends_search(unsigned char c)
{
	return RL_ISSTATE(RL_STATE_ISEARCH) && c < ' ' && !strchr("\r\n\a\b\022\023\027\031", c);
}

static void prompt_push(const unsigned char *bytes, size_t len)
{
	if (rl_end + (int)len > LINE_MAX_BYTES && bytes[0] >= ' ' && bytes[0] != 0x7f) {
		prompt.overflow = true;
		return;
	}
	if (ends_search(bytes[0]))
		prompt_give((const unsigned char *)"\033", 1);
	prompt_give(bytes, len);
}

/* One byte of a character beyond ASCII: it goes in with the last of its bytes, if it is valid. */
static void prompt_part(unsigned char c)
{
	char one[5] = "";
	size_t need;

	if (!prompt.utf8)
		return;
	if (c >= 0xc0)
		prompt.parts = 0;
	else if (!prompt.parts)
		return;
	prompt.part[prompt.parts++] = c;
	need = prompt.part[0] >= 0xf0 ? 4 : prompt.part[0] >= 0xe0 ? 3 : 2;
	if (prompt.parts < need)
		return;
	prompt.parts = 0;
	memcpy(one, prompt.part, need);
	if (mbstowcs(NULL, one, 0) == 1)
		prompt_push(prompt.part, need);
}

void prompt_feed(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c >= 0x80) {
			prompt_part(c);
			continue;
		}
		prompt.parts = 0; /* whatever was begun will not be finished */
		prompt_push(&c, 1);
	}
}

bool prompt_key(int key)
{
	/* Keys of curses as the sequences readline has bound. */
	static const struct {
		int key;
		const char *sequence;
	} keys[] = {
		{KEY_UP, "\033[A"},   {KEY_DOWN, "\033[B"},	 {KEY_RIGHT, "\033[C"},
		{KEY_LEFT, "\033[D"}, {KEY_HOME, "\033[H"},	 {KEY_END, "\033[F"},
		{KEY_DC, "\033[3~"},  {KEY_BACKSPACE, "\177"},	 {KEY_ENTER, "\r"},
		{KEY_BTAB, "\033[Z"}, {KEY_SRIGHT, "\033[1;5C"}, {KEY_SLEFT, "\033[1;5D"},
	};
	const char *name;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].key == key) {
			prompt_push((const unsigned char *)keys[i].sequence,
				    strlen(keys[i].sequence));
			return true;
		}
	name = keyname(key); /* the numbers of these are the terminal's own */
	if (name && (!strcmp(name, "kRIT5") || !strcmp(name, "kRIT3")))
		return prompt_key(KEY_SRIGHT);
	if (name && (!strcmp(name, "kLFT5") || !strcmp(name, "kLFT3")))
		return prompt_key(KEY_SLEFT);
	return false;
}

/* Back to an empty line at the end of the history, by readline's own commands: rl_free_line_state
 * and rl_replace_line free undo lists that history entries may still point to (8.2). */
static void prompt_clear(void)
{
	if (RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG |
		       RL_STATE_MULTIKEY | RL_STATE_METANEXT | RL_STATE_CHARSEARCH |
		       RL_STATE_VIMOTION))
		prompt_give((const unsigned char *)"\a", 1);
	rl_end_of_history(1, 0);
	rl_delete_text(0, rl_end);
	rl_point = rl_mark = 0;
	if (!rl_editing_mode) /* vi: a new line begins in insert mode */
		rl_vi_insertion_mode(1, 0);
	prompt_name();
}

void prompt_interrupt(void)
{
	prompt_clear();
	prompt.parts = 0;
	for (size_t i = 0; i < prompt.nlines; i++)
		free(prompt.lines[i]);
	prompt.nlines = 0;
}

void prompt_set(const char *text)
{
	prompt_clear();
	rl_insert_text(text);
}

char *prompt_take(void)
{
	char *line;

	if (!prompt.nlines)
		return NULL;
	line = prompt.lines[0];
	memmove(&prompt.lines[0], &prompt.lines[1], --prompt.nlines * sizeof(prompt.lines[0]));
	return line;
}

const char *prompt_peek(void)
{
	return prompt.nlines ? prompt.lines[0] : NULL;
}

bool prompt_empty(void)
{
	return !rl_end && !RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG |
				      RL_STATE_MULTIKEY | RL_STATE_METANEXT);
}

const char *prompt_line(void)
{
	return rl_line_buffer ? rl_line_buffer : "";
}

bool prompt_overflowed(void)
{
	bool overflow = prompt.overflow;

	prompt.overflow = false;
	return overflow;
}

char **prompt_matches(void)
{
	return prompt.matches;
}

void prompt_forget_matches(void)
{
	for (char **match = prompt.matches; match && *match; match++)
		free(*match);
	free(prompt.matches);
	prompt.matches = NULL;
}

/* Columns of the line's first `len` bytes. */
static int prompt_columns(const struct canvas *canvas, const char *text, int len)
{
	const char *at = text;
	wchar_t wide[4];
	int columns, sum = 0;

	while (at < text + len && glyph_take(&at, canvas->utf8, wide, &columns))
		sum += columns;
	return sum;
}

void prompt_draw(const struct canvas *canvas, struct rect at, enum style style)
{
	const char *name = rl_display_prompt ? rl_display_prompt : "", *text = prompt_line();
	int x = at.x + draw_clip(canvas, at.y, at.x, at.w / 2, style, name);
	int room = at.x + at.w - x, cursor = prompt_columns(canvas, text, rl_point);
	int columns = 0, skipped = 0;
	wchar_t wide[4];

	/* Long lines scroll sideways, a third of the row at a time. */
	if (cursor < prompt.left)
		prompt.left = cursor > room / 3 ? cursor - room / 3 : 0;
	if (cursor - prompt.left > room - 2)
		prompt.left = cursor - room + 2 + room / 3;
	if (prompt_columns(canvas, text, rl_end) < room - 1)
		prompt.left = 0;
	while (skipped < prompt.left && glyph_take(&text, canvas->utf8, wide, &columns))
		skipped += columns;
	if (prompt.left)
		draw_glyph(canvas, at.y, x - 1, STYLE_DIM, GLYPH_LEFT);
	draw_clip(canvas, at.y, x, room, STYLE_INPUT, text);
	wmove(canvas->win, at.y,
	      x + cursor - skipped < at.x + at.w ? x + cursor - skipped : at.x + at.w - 1);
}
