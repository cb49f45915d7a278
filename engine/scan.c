/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan.c - a call's arguments read back, strictly. */
#include "scan.h"

#include "lab.h"

#include <string.h>

bool scan_try(struct scan *scan, const char *text)
{
	size_t len = strlen(text);

	if (scan->bad || strncmp(scan->at, text, len) != 0)
		return false;
	scan->at += len;
	return true;
}

void scan_text(struct scan *scan, const char *text)
{
	if (!scan_try(scan, text))
		scan->bad = true;
}

static size_t word_length(const char *at)
{
	return strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
}

bool scan_word(struct scan *scan, const char *word)
{
	return word_length(scan->at) == strlen(word) && scan_try(scan, word);
}

long scan_number(struct scan *scan, long least, long most)
{
	const bool minus = scan_try(scan, "-");
	long number = 0;
	int digits = 0;

	while (!scan->bad && *scan->at >= '0' && *scan->at <= '9' && digits++ < 18)
		number = number * 10 + (*scan->at++ - '0');
	if (minus)
		number = -number;
	if (!digits || digits > 18 || number < least || number > most)
		scan->bad = true;
	return scan->bad ? 0 : number;
}

/* One character behind a backslash, as text_escape has it. */
static int scan_escaped(struct scan *scan)
{
	static const char letter[] = "abtnvfr\"\\", plain[] = "\a\b\t\n\v\f\r\"\\";
	const char *found = *scan->at ? strchr(letter, *scan->at) : NULL;
	int byte = 0;

	if (found) {
		scan->at++;
		return (unsigned char)plain[found - letter];
	}
	for (int i = 0; i < 3; i++) {
		if (*scan->at < '0' || *scan->at > '7') {
			scan->bad = true;
			return 0;
		}
		byte = byte * 8 + (*scan->at++ - '0');
	}
	return byte & 0xff;
}

size_t scan_quoted(struct scan *scan, char *out, size_t size)
{
	size_t len = 0;

	scan_text(scan, "\"");
	while (!scan->bad && *scan->at != '"') {
		unsigned char byte = (unsigned char)*scan->at;

		if (len == size || byte < 0x20 || byte > 0x7e) {
			scan->bad = true;
			break;
		}
		scan->at++;
		out[len++] = (char)(byte == '\\' ? scan_escaped(scan) : byte);
	}
	scan_text(scan, "\"");
	return scan->bad ? 0 : len;
}

static int scan_name(struct scan *scan, int (*number)(const char *name))
{
	size_t len = word_length(scan->at);
	char word[32] = "";
	int found;

	if (len < sizeof(word))
		memcpy(word, scan->at, len);
	found = number(word);
	if (scan->bad || found <= 0) {
		scan->bad = true;
		return 0;
	}
	scan->at += len;
	return found;
}

int scan_errno(struct scan *scan)
{
	return scan_name(scan, errno_from_name);
}

int scan_signal(struct scan *scan)
{
	/* signal_name has no name for the real-time signals. */
	if (!strncmp(scan->at, "SIG", 3) && scan->at[3] >= '0' && scan->at[3] <= '9') {
		scan_text(scan, "SIG");
		return (int)scan_number(scan, 1, 64);
	}
	return scan_name(scan, signal_from_name);
}

bool scan_end(const struct scan *scan)
{
	return !scan->bad && !*scan->at;
}
