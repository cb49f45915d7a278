/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.c - bytes to printable text, words to numbers. */
#include "text.h"

#include "lab.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Line and paragraph separators, and what turns the direction of the text around it: a terminal
 * would show another text than the one that is there (Unicode TR 36, section 3). */
static bool text_turns(uint32_t c)
{
	return (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Length of the UTF-8 sequence at `at` (1 to 4), 0 when it is not valid, overlong, a surrogate or
 * a control character: RFC 3629, section 4. */
size_t text_utf8(const unsigned char *at, size_t len)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t c;
	size_t n;

	if (!len)
		return 0;
	if (at[0] < 0x80)
		return at[0] >= 0x20 && at[0] != 0x7f ? 1 : 0;
	n = at[0] >= 0xf0 && at[0] < 0xf8   ? 4
	    : at[0] >= 0xe0 && at[0] < 0xf0 ? 3
	    : at[0] >= 0xc2 && at[0] < 0xe0 ? 2
					    : 0;
	if (!n || n > len)
		return 0;
	c = at[0] & (0xffU >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (at[i] & 0x3fU);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) || c < 0xa0 ||
	    text_turns(c))
		return 0;
	return n;
}

char *text_escape(const void *data, size_t len, bool utf8, char *out, size_t size)
{
	const unsigned char *in = data;
	size_t used = 0;

	if (!size)
		return out;
	for (size_t i = 0; i < len;) {
		char one[8];
		size_t n = text_utf8(in + i, len - i), add;

		if (n == 1 && in[i] != '"' && in[i] != '\\') {
			one[0] = (char)in[i];
			add = 1;
		} else if (n > 1 && utf8) {
			memcpy(one, in + i, n);
			add = n;
		} else {
			const char *plain = "\a\b\t\n\v\f\r\"\\", *letter = "abtnvfr\"\\";
			const char *found = in[i] ? strchr(plain, in[i]) : NULL;

			n = 1;
			if (found)
				add = (size_t)snprintf(one, sizeof(one), "\\%c",
						       letter[found - plain]);
			else
				/* Always three digits: a digit that follows stays a digit. */
				add = (size_t)snprintf(one, sizeof(one), "\\%03o", in[i]);
		}
		if (used + add + 4 > size && i + n < len) {
			snprintf(out + used, size - used, "...");
			return out;
		}
		if (used + add + 1 > size)
			break;
		memcpy(out + used, one, add);
		used += add;
		i += n;
	}
	out[used] = '\0';
	return out;
}

int64_t text_size(const char *word)
{
	char *end;
	long long n;

	if (!isdigit((unsigned char)*word))
		return -1;
	n = strtoll(word, &end, 10);
	if (n < 0 || n > INT64_MAX >> 21)
		return -1;
	if ((*end == 'k' || *end == 'K') && !end[1])
		return n << 10;
	if ((*end == 'm' || *end == 'M') && !end[1])
		return n << 20;
	return *end ? -1 : n;
}

int64_t text_time(const char *word, bool bare)
{
	int64_t whole = 0, unit, value;
	double fraction = 0, place = 0.1;
	const char *at = word;

	if (!isdigit((unsigned char)*at))
		return -1;
	for (; isdigit((unsigned char)*at); at++)
		if ((whole = whole * 10 + (*at - '0')) > 1000000000)
			return -1;
	if (*at == '.') {
		if (!isdigit((unsigned char)*++at))
			return -1;
		for (; isdigit((unsigned char)*at); at++, place /= 10)
			fraction += (*at - '0') * place;
	}
	if (!strcmp(at, "ms"))
		unit = NS_PER_MS;
	else if (!strcmp(at, "s") || (bare && !*at))
		unit = NS_PER_S;
	else
		return -1;
	if (whole > 31536000 && unit == NS_PER_S)
		return -1;
	value = whole * unit + (int64_t)(fraction * (double)unit + 0.5);
	return value;
}
