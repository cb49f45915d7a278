/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pictures.c - the table of pictures, and what of a screen is the same in every run. */
#include "pictures.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 32

static struct picture pictures[MOST];

static const struct {
	const char *name, *sends;
} keys[] = {
	{"PgDn", "\033[6~"}, {"PgUp", "\033[5~"}, {"Home", "\033OH"},  {"End", "\033OF"},
	{"Up", "\033OA"},    {"Down", "\033OB"},  {"Right", "\033OC"}, {"Left", "\033OD"},
	{"F1", "\033OP"},    {"F2", "\033OQ"},	  {"F3", "\033OR"},    {"F4", "\033OS"},
	{"F5", "\033[15~"},  {"F6", "\033[17~"},  {"F7", "\033[18~"},  {"F8", "\033[19~"},
	{"F9", "\033[20~"},  {"F10", "\033[21~"}, {"F11", "\033[23~"}, {"F12", "\033[24~"},
	{"Enter", "\r"},     {"Esc", "\033"},	  {"Space", " "},      {"Tab", "\t"},
};

const char *picture_key(const char *name)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i].name, name))
			return keys[i].sends;
	return name[0] && !name[1] ? name : NULL;
}

/* ------------------------------------------------------------------------- the table */
/* Cut in place; false: too many. */
static bool words_cut(char *text, const char **words)
{
	char *save = NULL;
	size_t count = 0;

	for (char *word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if (count == PICTURE_WORDS - 1)
			return false;
		words[count++] = word;
	}
	words[count] = NULL;
	return true;
}

static bool picture_begin(struct picture *picture, char *text)
{
	int used = 0;
	char *name = text;

	text += strcspn(text, " ");
	if (!*text)
		return false;
	*text++ = '\0';
	picture->name = name;
	if (sscanf(text, "%dx%d%n", &picture->columns, &picture->rows, &used) != 2)
		return false;
	return words_cut(text + used, picture->args);
}

static bool picture_step(struct picture *picture, const char *word, char *text)
{
	static const char *const words[] = {"wait", "gone", "type", "key", "until", "take"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(word, words[i])) {
			if (picture->count == PICTURE_STEPS || (!*text && i != PICTURE_TAKE))
				return false;
			picture->steps[picture->count].what = i;
			picture->steps[picture->count++].text = text;
			return true;
		}
	if (!strcmp(word, "loose"))
		return picture->loose = true;
	return !strcmp(word, "first") && words_cut(text, picture->first);
}

struct picture *pictures_read(const char *file, size_t *count, char *why, size_t size)
{
	FILE *in = fopen(file, "re");
	char line[512];
	int number = 0;
	bool good = in != NULL;

	*count = 0;
	snprintf(why, size, "%s cannot be read", file);
	while (good && fgets(line, sizeof(line), in)) {
		char *word, *text;

		number++;
		line[strcspn(line, "\n")] = '\0';
		if (!line[0] || line[0] == '#')
			continue;
		word = strdup(line); /* for the whole of the test */
		if (!word)
			abort();
		text = word + strcspn(word, " ");
		if (*text)
			*text++ = '\0';
		if (!strcmp(word, "picture"))
			good = *count < MOST && picture_begin(&pictures[(*count)++], text);
		else
			good = *count && picture_step(&pictures[*count - 1], word, text);
		snprintf(why, size, "%s:%d: not understood", file, number);
	}
	if (in)
		fclose(in);
	return good ? pictures : NULL;
}

/* ------------------------------------------------------------------------- the screen */
/* The length of a unit of time or size behind a number, blank included; 0: none. */
static size_t unit_len(const char *at)
{
	static const char *const units[] = {"ms", "\xc2\xb5s", "min", "s", "h", "%"};
	const size_t blank = *at == ' ';

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const size_t len = strlen(units[i]);

		if (!strncmp(at + blank, units[i], len) && !isalnum((unsigned char)at[blank + len]))
			return blank + len;
	}
	return 0;
}

/* Bytes of what only fills: blanks, lines. */
static size_t filler_len(const char *at)
{
	static const char *const fillers[] = {" ", "\xe2\x94\x80", "\xe2\x94\x81", "\xe2\x95\x8c"};

	for (size_t i = 0; i < sizeof(fillers) / sizeof(fillers[0]); i++)
		if (!strncmp(at, fillers[i], strlen(fillers[i])))
			return strlen(fillers[i]);
	return 0;
}

/* A number and what belongs to it; `varies`: it is another one in every run. */
static size_t number_len(const char *row, const char *at, bool *varies)
{
	size_t len = strspn(at, "0123456789"), unit;

	*varies = len >= 2 || (at - row >= 4 && !strncmp(at - 4, "pid ", 4));
	while (at[len] == '.' && isdigit((unsigned char)at[len + 1])) {
		len += 1 + strspn(at + len + 1, "0123456789");
		*varies = true;
	}
	unit = unit_len(at + len);
	*varies |= unit != 0;
	return len + unit;
}

char *picture_plain(const char *row)
{
	char *plain = calloc(1, strlen(row) + 2), *out = plain;
	size_t len, last = 0;
	bool varies;

	if (!plain)
		abort();
	for (const char *at = row; *at; at += len) {
		if ((len = filler_len(at))) {
			/* One is as good as many. */
			if (len != last || strncmp(at, at - len, len) != 0)
				out = stpncpy(out, at, len);
			last = len;
			continue;
		}
		last = 0;
		if (isdigit((unsigned char)*at)) {
			len = number_len(row, at, &varies);
			if (!varies)
				out = stpncpy(out, at, len);
			else if (out - plain >= 2 && !strncmp(out - 2, "# ", 2))
				out--; /* "2 min 3 s" is one */
			else
				*out++ = '#';
			continue;
		}
		len = 1;
		*out++ = *at;
	}
	while (out > plain && out[-1] == ' ')
		out--;
	*out = '\0';
	return plain;
}

/* Words: what stands between blanks and pieces of lines. */
static size_t word_len(const char *at)
{
	size_t len = 0;

	while (at[len] && at[len] != '\n' && !filler_len(at + len) &&
	       strncmp(at + len, "\xe2\x94", 2) != 0)
		len++;
	return len;
}

static bool word_in(const char *text, const char *word, size_t len)
{
	for (const char *at = text; (at = strstr(at, word)); at += len)
		if (word_len(at) == len && (at == text || at[-1] == '\n' || at[-1] == ' ' ||
					    (unsigned char)at[-1] >= 0x80))
			return true;
	return false;
}

const char *picture_stray(const char *text, const char *other)
{
	static char word[128];

	for (const char *at = text; *at;) {
		size_t len = word_len(at);

		if (!len) {
			len = strncmp(at, "\xe2\x94", 2) ? 1 : 3;
		} else if (len < sizeof(word)) {
			memcpy(word, at, len);
			word[len] = '\0';
			if (!word_in(other, word, len))
				return word;
		}
		at += strnlen(at, len);
	}
	return NULL;
}
