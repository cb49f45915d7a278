/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transcript_text.c - text by columns, the same in every locale, and safe in Markdown.
 *
 * wcwidth(3) knows nothing in the C locale, and a file is read on other machines than it was
 * written on: Unicode's East Asian Width (UAX 11) in ranges, and what has no width. */
#include "text.h"
#include "transcript.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct range {
	uint32_t from, to;
};
static const struct range wide[] = {
	{0x1100, 0x115f},   {0x231a, 0x231b},	{0x2329, 0x232a},   {0x23e9, 0x23ec},
	{0x23f0, 0x23f0},   {0x23f3, 0x23f3},	{0x25fd, 0x25fe},   {0x2614, 0x2615},
	{0x2648, 0x2653},   {0x267f, 0x267f},	{0x2693, 0x2693},   {0x26a1, 0x26a1},
	{0x26aa, 0x26ab},   {0x26bd, 0x26be},	{0x26c4, 0x26c5},   {0x26ce, 0x26ce},
	{0x26d4, 0x26d4},   {0x26ea, 0x26ea},	{0x26f2, 0x26f3},   {0x26f5, 0x26f5},
	{0x26fa, 0x26fa},   {0x26fd, 0x26fd},	{0x2705, 0x2705},   {0x270a, 0x270b},
	{0x2728, 0x2728},   {0x274c, 0x274c},	{0x274e, 0x274e},   {0x2753, 0x2755},
	{0x2757, 0x2757},   {0x2795, 0x2797},	{0x27b0, 0x27b0},   {0x27bf, 0x27bf},
	{0x2b1b, 0x2b1c},   {0x2b50, 0x2b50},	{0x2b55, 0x2b55},   {0x2e80, 0x303e},
	{0x3041, 0x4dbf},   {0x4e00, 0xa4cf},	{0xa960, 0xa97c},   {0xac00, 0xd7a3},
	{0xf900, 0xfaff},   {0xfe10, 0xfe19},	{0xfe30, 0xfe6f},   {0xff01, 0xff60},
	{0xffe0, 0xffe6},   {0x16fe0, 0x18cff}, {0x1aff0, 0x1b2ff}, {0x1f004, 0x1f004},
	{0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a}, {0x1f200, 0x1f320},
	{0x1f32d, 0x1f335}, {0x1f337, 0x1f37c}, {0x1f37e, 0x1f393}, {0x1f3a0, 0x1f3ca},
	{0x1f3cf, 0x1f3d3}, {0x1f3e0, 0x1f3f0}, {0x1f3f4, 0x1f3f4}, {0x1f3f8, 0x1f43e},
	{0x1f440, 0x1f440}, {0x1f442, 0x1f4fc}, {0x1f4ff, 0x1f53d}, {0x1f54b, 0x1f54e},
	{0x1f550, 0x1f567}, {0x1f57a, 0x1f57a}, {0x1f595, 0x1f596}, {0x1f5a4, 0x1f5a4},
	{0x1f5fb, 0x1f64f}, {0x1f680, 0x1f6c5}, {0x1f6cc, 0x1f6cc}, {0x1f6d0, 0x1f6d2},
	{0x1f6d5, 0x1f6df}, {0x1f6eb, 0x1f6ec}, {0x1f6f4, 0x1f6fc}, {0x1f7e0, 0x1f7eb},
	{0x1f90c, 0x1f93a}, {0x1f93c, 0x1f945}, {0x1f947, 0x1f9ff}, {0x1fa70, 0x1faff},
	{0x20000, 0x3fffd},
};
static const struct range none[] = {
	{0x300, 0x36f},	  {0x483, 0x489},   {0x591, 0x5bd},	{0x610, 0x61a},	  {0x64b, 0x65f},
	{0x6d6, 0x6dc},	  {0x93c, 0x93c},   {0x941, 0x948},	{0x94d, 0x94d},	  {0xe31, 0xe31},
	{0xe34, 0xe3a},	  {0xe47, 0xe4e},   {0x1ab0, 0x1aff},	{0x1dc0, 0x1dff}, {0x200b, 0x200f},
	{0x2060, 0x2064}, {0x20d0, 0x20f0}, {0x302a, 0x302d},	{0x3099, 0x309a}, {0xfe00, 0xfe0f},
	{0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef},
};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t c)
{
	for (size_t i = 0; i < count; i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return false;
}

/* The character at `at`, its bytes, and the columns it takes; 0 bytes: none that may be shown. */
static size_t character(const char *at, size_t left, int *columns)
{
	const unsigned char *byte = (const unsigned char *)at;
	const size_t n = text_utf8(byte, left);
	uint32_t c = byte[0];

	if (n > 1) {
		c &= 0xffU >> (n + 1);
		for (size_t i = 1; i < n; i++)
			c = c << 6 | (byte[i] & 0x3fU);
	}
	*columns = n < 2						? 1
		   : in_ranges(none, sizeof(none) / sizeof(none[0]), c) ? 0
		   : in_ranges(wide, sizeof(wide) / sizeof(wide[0]), c) ? 2
									: 1;
	return n;
}

int text_columns(const char *text)
{
	int columns = 0, one;

	for (size_t left = strlen(text), n; left; text += n, left -= n) {
		n = character(text, left, &one);
		n = n ? n : 1;
		columns += one;
	}
	return columns;
}

static void text_put(struct text *text, const char *bytes, size_t n, int columns)
{
	const size_t used = strlen(text->bytes);

	if (used + n + 1 > sizeof(text->bytes))
		return;
	memcpy(text->bytes + used, bytes, n);
	text->bytes[used + n] = '\0';
	text->columns += columns;
}

void text_add(struct text *text, int columns, const char *more)
{
	const bool fits = text->columns + text_columns(more) <= columns;
	int one;

	for (size_t left = strlen(more), n; left; more += n, left -= n) {
		n = character(more, left, &one);
		if (!fits && text->columns + one > columns - 1) {
			if (text->columns < columns)
				text_put(text, "…", strlen("…"), 1);
			return;
		}
		if (n)
			text_put(text, more, n, one);
		else
			text_put(text, "?", 1, 1);
		n = n ? n : 1;
	}
}

void text_addf(struct text *text, int columns, const char *fmt, ...)
{
	char more[640];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(more, sizeof(more), fmt, ap);
	va_end(ap);
	text_add(text, columns, more);
}

void text_fill(struct text *text, int columns, const char *with)
{
	for (int at = text->columns; at < columns; at++)
		text_put(text, with, strlen(with), 1);
}

/* What begins something in CommonMark or GitHub's tables and formulas; an underscore in a word
 * begins nothing. */
static bool markdown_means(const char *at, char before)
{
	if (*at == '_')
		return !isalnum((unsigned char)before) || !isalnum((unsigned char)at[1]);
	return strchr("\\`*[]<>&|~$", *at) != NULL;
}

void markdown_text(FILE *out, const char *text)
{
	char before = ' ';
	int columns;

	for (size_t left = strlen(text), n; left; text += n, left -= n) {
		n = character(text, left, &columns);
		if (n == 1 && markdown_means(text, before))
			fputc('\\', out);
		fprintf(out, "%.*s", n ? (int)n : 1, n ? text : "?");
		before = *text;
		n = n ? n : 1;
	}
}

void markdown_code(FILE *out, const char *text, int columns)
{
	struct text clean = {0};
	int longest = 0, run = 0, pad;

	text_add(&clean, columns, text);
	for (const char *at = clean.bytes; *at; at++) {
		run = *at == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	/* A space beside a backtick: CommonMark takes one away on both sides. */
	pad = longest > 0;
	for (int i = 0; i <= longest; i++)
		fputc('`', out);
	fprintf(out, "%s%s%s", pad ? " " : "", clean.bytes, pad ? " " : "");
	for (int i = 0; i <= longest; i++)
		fputc('`', out);
}
