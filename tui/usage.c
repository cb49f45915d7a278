/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usage.c - the words of the command line and their options, and --help. */
#include "usage.h"

#include <string.h>

#define COLUMN 26 /* of words and options; then what they do */

static const struct word words[] = {
	{"", "", "the lab", ""},
	{"lesson", "[NAME|NUMBER|FILE]", "the lab on a lesson or script, or their list", "md lab"},
	{"run", "FILE|-", "play a script (.lab) or lesson (.md), no screen", "lab md"},
	{"check", "[FILE...]", "play lessons, no screen; TAP on standard output", "md"},
	{"replay", "FILE.jsonl", "a saved session on the screen, without a lab", "jsonl"},
	{"shell", "[SIDE]", "a shell inside the host of a running lab", ""},
	{"doctor", "", "what this machine allows, what is missing, the cure", ""},
	{"help", "[COMMAND]", "the command language", ""},
	{"--help", "", "this", ""},
	{"--version", "", "the version", ""},
};

static const struct cli_option options[] = {
	{'l', "link", "loopback|wire", " lab lesson run ", "the link; a file's own wins"},
	{'s', "seed", "N", " lab lesson run ", "which segments `wire loss` takes"},
	{'t', "theme", "dark|light|contrast|contrast-light|mono", " lab lesson replay ",
	 "the colours"},
	{'a', "ascii", NULL, " lab lesson replay ", "lines of - | + in any locale"},
	{'S', "stage", NULL, " lab lesson replay ", "for a talk: one key goes on, in large"},
	{'w', "pace", "TIME", " lab lesson replay ", "by itself, so often: 200ms to 3600s"},
	{'P', "plain", NULL, " lab lesson replay ", "no screen: lines in, lines out"},
	{'M', "no-mouse", NULL, " lab lesson replay ", "leave the mouse to the terminal"},
	{'j', "json", NULL, " run ", "print the journal, one JSON object a line"},
	{'p', "pcap", "FILE", " run ", "write what crossed the link, for Wireshark"},
	{'n', "save", "NAME", " run ", "the session: NAME.jsonl .pcap .md .c"},
	{'o', "save!", "NAME", " run ", "the same, written over files of that name"},
	{'j', NULL, "N", " check ", "as many lessons at once"},
	{'c', NULL, "COMMAND", " shell ", "run this line instead; `-- COMMAND...` runs words"},
};

const struct word *word_at(size_t i)
{
	return i < sizeof(words) / sizeof(words[0]) ? &words[i] : NULL;
}

const struct cli_option *option_at(size_t i)
{
	return i < sizeof(options) / sizeof(options[0]) ? &options[i] : NULL;
}

bool option_of(const struct cli_option *option, const char *word)
{
	const char *name = *word ? word : "lab";
	const size_t len = strlen(name);

	for (const char *at = option->words; (at = strstr(at, name)); at += len)
		if (at[-1] == ' ' && at[len] == ' ')
			return true;
	return false;
}

const struct option *option_getopt(const char *word)
{
	static struct option found[sizeof(options) / sizeof(options[0]) + 1];
	size_t count = 0;

	memset(found, 0, sizeof(found));
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (options[i].name && option_of(&options[i], word))
			found[count++] = (struct option){
				options[i].name, options[i].value ? required_argument : no_argument,
				NULL, options[i].letter};
	return found;
}

/* "--link loopback|wire", into `out`. */
static const char *option_words(const struct cli_option *option, char *out, size_t size)
{
	if (option->name)
		snprintf(out, size, "--%s%s%s", option->name, option->value ? " " : "",
			 option->value ? option->value : "");
	else
		snprintf(out, size, "-%c%s%s", option->letter, option->value ? " " : "",
			 option->value ? option->value : "");
	return out;
}

/* What is too long for its column stands above the rest. */
static void usage_line(FILE *out, const char *text, const char *help)
{
	if (strlen(text) > COLUMN)
		fprintf(out, "  %s\n  %-*s %s\n", text, COLUMN, "", help);
	else
		fprintf(out, "  %-*s %s\n", COLUMN, text, help);
}

void usage_print(FILE *out)
{
	const char *who = "";
	char text[128];

	fputs("bothends: a laboratory for the life and death of a TCP connection\n\n", out);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		snprintf(text, sizeof(text), "bothends%s%s%s%s", *words[i].name ? " " : "",
			 words[i].name, *words[i].args ? " " : "", words[i].args);
		usage_line(out, text, words[i].help);
	}
	fputs("\nOptions, by who takes them (lab: bothends without a word)\n", out);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strcmp(who, options[i].words))
			fprintf(out, "%.*s\n", (int)strlen(options[i].words) - 1, options[i].words);
		who = options[i].words;
		usage_line(out, option_words(&options[i], text, sizeof(text)), options[i].help);
	}
	fputs("\nExit status: 0 all expectations held; 1 one did not; 2 usage or a mistake in\n"
	      "the file; 3 the machine does not allow it.\n",
	      out);
}

void usage_print_word(FILE *out, const char *word)
{
	char text[128];

	fprintf(out, "usage: bothends%s%s", *word ? " " : "", word);
	for (size_t k = 0; k < sizeof(options) / sizeof(options[0]); k++)
		if (option_of(&options[k], word))
			fprintf(out, " [%s]", option_words(&options[k], text, sizeof(text)));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i].name, word) && *words[i].args)
			fprintf(out, " %s", words[i].args);
	fputs("\n", out);
}
