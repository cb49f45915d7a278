/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help.c - the overview, what a word means, and the manual page, all from the same tables. */
#include "grammar.h"
#include "topic.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 78
#define COLUMN 32 /* where the overview's explanations begin */
#define LIKE 8	  /* words that are offered for one that is not known */

static const struct row *row_at(size_t i)
{
	size_t commands = 0;

	while (command_row(commands))
		commands++;
	return i < commands ? command_row(i) : condition_row(i - commands);
}

const struct usage *usage_at(size_t i)
{
	const struct row *row = row_at(i);

	return row ? &row->usage : NULL;
}

/* Words of `text` from column `at` on, wrapped before WIDTH; later lines begin at `indent`. */
static void help_wrap(struct strbuf *out, const char *text, size_t at, size_t indent)
{
	const char *glue = "";

	while (*text) {
		size_t len = strcspn(text, " ");

		if (*glue && at + 1 + len > WIDTH) {
			strbuf_printf(out, "\n%*s", (int)indent, "");
			at = indent;
			glue = "";
		}
		strbuf_printf(out, "%s%.*s", glue, (int)len, text);
		at += strlen(glue) + len;
		glue = " ";
		text += len;
		text += strspn(text, " ");
	}
	strbuf_puts(out, "\n");
}

/* ------------------------------------------------------------------------- overview */
static void overview_row(struct strbuf *out, const struct usage *usage)
{
	size_t len = strlen(usage->usage) + 2;

	strbuf_printf(out, "  %s", usage->usage);
	if (len + 2 > COLUMN) {
		strbuf_puts(out, "\n");
		len = 0;
	}
	strbuf_printf(out, "%*s", (int)(COLUMN - len), "");
	help_wrap(out, usage->help, COLUMN, COLUMN);
}

static char *help_overview(void)
{
	struct strbuf out = {0};
	const struct usage *usage;
	const char *group = "";

	help_wrap(
		&out,
		"SIDE is client, server or child; c, s and ch are short for them. At the prompt "
		"a command without a side goes to the side the prompt names. Data stands in "
		"double quotes, with C escapes. Sizes: 4096, 64k, 1M. Times: 50ms, 2s. # begins a "
		"comment. `help WORD` tells more about a command, an option, a state, an errno.",
		0, 0);
	for (size_t i = 0; (usage = usage_at(i)); i++) {
		if (strcmp(group, usage->group) != 0)
			strbuf_printf(&out, "\n%s\n", usage->group);
		group = usage->group;
		overview_row(&out, usage);
	}
	return strbuf_take(&out);
}

/* ---------------------------------------------------------------------- about a word */
/* Whether a usage has this word, as keyword or placeholder. */
static bool usage_has(const char *usage, const char *word, size_t len)
{
	static const char between[] = " []|.";

	for (const char *at = usage; *at;) {
		size_t n = strcspn(at, between);

		if (n == len && !memcmp(at, word, len))
			return true;
		at += n;
		at += strspn(at, between);
	}
	return false;
}

/* Whether `help WORD` is about this row: its verb, a word of its verb, or a keyword in it. */
static bool row_about(const struct row *row, const char *word)
{
	if (!strcmp(row->verb, word))
		return true;
	return !isupper((unsigned char)*word) && usage_has(row_pattern(row), word, strlen(word));
}

/* The values a row asks for, a line each. */
static void row_values(struct strbuf *out, const struct row *row)
{
	static const char between[] = " []|.";
	const char *pattern = row->usage.usage;

	for (const char *at = pattern; *at;) {
		size_t n = strcspn(at, between);
		const struct value *value = value_find(at, n, row->verb);
		bool first = true;

		for (const char *old = pattern; value && old < at;) {
			size_t m = strcspn(old, between);

			first &= m != n || memcmp(old, at, n) != 0;
			old += m;
			old += strspn(old, between);
		}
		if (value && first && strcmp(value->name, "SIDE") != 0)
			strbuf_printf(out, "    %-8s %s%s%s%s\n", value->name, value->what,
				      *value->form ? " (" : "", value->form,
				      *value->form ? ")" : "");
		at += n;
		at += strspn(at, between);
	}
}

static void help_row(struct strbuf *out, const struct row *row)
{
	const struct usage *usage = &row->usage;

	strbuf_printf(out, "%s%s\n  ", out->len ? "\n" : "", usage->usage);
	if (*usage->more) {
		char *all = xasprintf("%s. %s", usage->help, usage->more);

		help_wrap(out, all, 2, 2);
		free(all);
	} else {
		help_wrap(out, usage->help, 2, 2);
	}
	row_values(out, row);
	if (usage_has(usage->usage, "CONDITION", 9))
		strbuf_puts(out, "    CONDITION: `help CONDITION` lists them\n");
	if (*usage->man)
		strbuf_printf(out, "  See %s.\n", usage->man);
}

static void help_line(struct strbuf *out, const char *word, const char *what, const char *text,
		      const char *man)
{
	struct strbuf line = {0};

	strbuf_printf(&line, "%s%s%s", what, *what && *text ? ": " : "", text);
	strbuf_printf(out, "%s%s\n  ", out->len ? "\n" : "", word);
	help_wrap(out, line.text, 2, 2);
	if (*man)
		strbuf_printf(out, "  See %s.\n", man);
	strbuf_free(&line);
}

/* Names of the kernel's own: what this is the name of, and what is known of it. */
static void help_name(struct strbuf *out, const char *word)
{
	const struct topic *topic = topic_find(word);
	const char *text = topic ? topic->text : "", *man = topic ? topic->man : "";
	int number;

	if (state_from_name(word) >= 0)
		help_line(out, word, "A state", text, man);
	else if ((number = errno_from_name(word)) >= 0)
		help_line(out, word, strerror(number), text, topic ? man : "errno(3)");
	else if (!strncmp(word, "SIG", 3) && (number = signal_from_name(word)) >= 0)
		help_line(out, word, strsignal(number), text, topic ? man : "signal(7)");
	else if (topic)
		help_line(out, word, "", text, man);
}

static void help_option(struct strbuf *out, const char *word)
{
	const struct sockopt *option = sockopt_find(word);
	const struct info_field *field = info_field_find(word);
	char *name;

	if (option) {
		name = xasprintf("%s (SIDE get %s)", option->name, option->name);
		help_line(out, name, option->kernel, option->help, option->man);
		free(name);
	}
	if (field) {
		char *what = xasprintf("tcp_info%s%s", *field->unit ? ", " : "", field->unit);

		name = xasprintf("%s (SIDE info %s)", field->name, field->name);
		help_line(out, name, what, field->help, "tcp(7)");
		free(name);
		free(what);
	}
}

static void help_place(struct strbuf *out, const char *term, const char *text)
{
	if (!*text)
		return;
	strbuf_printf(out, "    %-8s ", term);
	help_wrap(out, text, 13, 13);
}

/* A number of the panels, and of the kernel's own names where they are kept. */
static void help_explanation(struct strbuf *out, const char *word)
{
	struct explanation about;
	bool known = out->len;
	char *name;

	if (!explanation_find(word, &about))
		return;
	if (strcmp(about.name, word) != 0 || !known) {
		name = xasprintf("%s (explain %s)", about.label, about.name);
		help_line(out, name, about.unit, about.what, "");
		free(name);
	} else if (!info_field_find(word) && !sockopt_find(word) && !topic_find(word)) {
		help_line(out, "on a panel", about.unit, about.what, "");
	}
	help_place(out, "changes", about.changes);
	help_place(out, "kernel", about.kernel);
	help_place(out, "told by", about.told);
	help_place(out, "outside", about.outside);
	if (!known)
		strbuf_printf(out, "  See %s.\n", about.man);
}

static void help_value(struct strbuf *out, const char *word)
{
	const struct value *value = value_find(word, strlen(word), "");
	struct strbuf names = {0};
	const char *name;

	if (!value)
		return;
	strbuf_puts(&names, value->form);
	for (size_t i = 0; value->name_at && (name = value->name_at(i)); i++)
		strbuf_printf(&names, "%s%s", i || *value->form ? " " : "", name);
	help_line(out, word, value->what, names.text, "");
	strbuf_free(&names);
}

/* All that can be expected. */
static void help_conditions(struct strbuf *out)
{
	const struct usage *usage;

	help_line(out, "CONDITION",
		  "what `expect` and `wait until` await, and what makes a choice "
		  "or a claim of a lesson true. One of:",
		  "", "");
	for (size_t i = 0; (usage = usage_at(i)); i++)
		if (!strcmp(usage->group, "Conditions"))
			overview_row(out, usage);
}

/* What is like a word that is not known. */
struct likeness {
	const char *word;
	struct nearest nearest;
	struct strbuf within; /* words that it is a part of */
	unsigned count;
};

static void likeness_add(struct likeness *likeness, const char *name, size_t len)
{
	char *one = xstrndup(name, len);

	nearest_add(&likeness->nearest, likeness->word, name, len);
	if (len > strlen(likeness->word) && strlen(likeness->word) > 1 &&
	    strcasestr(one, likeness->word) && likeness->count < LIKE &&
	    (!likeness->within.text || !strstr(likeness->within.text, one))) {
		strbuf_printf(&likeness->within, "%s`%s`", likeness->count ? ", " : "", one);
		likeness->count++;
	}
	free(one);
}

static void likeness_find(struct likeness *likeness)
{
	const struct usage *usage;
	const struct value *value;
	const struct topic *topic;
	const char *name;

	for (size_t i = 0; (usage = usage_at(i)); i++)
		for (const char *at = usage->usage; *at; at++) {
			size_t len = strcspn(at, " []|.");

			likeness_add(likeness, at, len);
			at += len;
			if (!*at)
				break;
		}
	for (size_t i = 0; (value = value_at(i)); i++)
		for (size_t k = 0; value->name_at && (name = value->name_at(k)); k++)
			likeness_add(likeness, name, strlen(name));
	for (size_t i = 0; (topic = topic_at(i)); i++)
		likeness_add(likeness, topic->word, strlen(topic->word));
}

static void help_unknown(const char *word, struct err *err)
{
	struct likeness likeness = {.word = word};

	likeness_find(&likeness);
	if (likeness.nearest.best[0] && strcmp(likeness.nearest.best, word) != 0)
		err_set(err, "nothing is known about `%.40s`; did you mean `%s`?", word,
			likeness.nearest.best);
	else if (likeness.count)
		err_set(err, "nothing is known about `%.40s`; it is a part of %s", word,
			likeness.within.text);
	else
		err_set(err, "nothing is known about `%.40s`; `help` lists what there is", word);
	strbuf_free(&likeness.within);
}

char *help_text(const char *word, struct err *err)
{
	struct strbuf out = {0};
	const struct row *row;

	if (!word || !*word)
		return help_overview();
	for (size_t i = 0; (row = row_at(i)); i++)
		if (row_about(row, word))
			help_row(&out, row);
	help_option(&out, word);
	help_name(&out, word);
	help_explanation(&out, word);
	help_value(&out, word);
	if (!strcmp(word, "CONDITION"))
		help_conditions(&out);
	if (out.len)
		return strbuf_take(&out);
	help_unknown(word, err);
	return NULL;
}

/* --------------------------------------------------------------------- manual page */
static void roff_text(struct strbuf *out, const char *text)
{
	for (const char *at = text; *at; at++) {
		if (*at == '\\')
			strbuf_puts(out, "\\e");
		else if (*at == '-')
			strbuf_puts(out, "\\-");
		else if ((*at == '.' || *at == '\'') && (at == text || at[-1] == '\n'))
			strbuf_printf(out, "\\&%c", *at);
		else
			strbuf_add(out, at, 1);
	}
}

/* Keywords bold, values italic, brackets plain. */
static void roff_usage(struct strbuf *out, const char *usage)
{
	while (*usage) {
		size_t len = strcspn(usage, " []|.");

		if (len) {
			char *word = xstrndup(usage, len);

			strbuf_puts(out, isupper((unsigned char)*word) ? "\\fI" : "\\fB");
			roff_text(out, word);
			strbuf_puts(out, "\\fR");
			free(word);
		}
		usage += len;
		len = strspn(usage, " []|.");
		strbuf_add(out, usage, len);
		usage += len;
	}
}

static void roff_row(struct strbuf *out, const struct usage *usage)
{
	strbuf_puts(out, ".TP\n");
	roff_usage(out, usage->usage);
	strbuf_puts(out, "\n");
	roff_text(out, usage->help);
	strbuf_puts(out, ".\n");
	if (*usage->more) {
		roff_text(out, usage->more);
		strbuf_puts(out, "\n");
	}
	if (*usage->man) {
		strbuf_puts(out, "See ");
		roff_text(out, usage->man);
		strbuf_puts(out, ".\n");
	}
}

char *help_manual(void)
{
	struct strbuf out = {0};
	const struct usage *usage;
	const char *group = "";

	strbuf_puts(&out, ".SH COMMANDS\n");
	for (size_t i = 0; (usage = usage_at(i)); i++) {
		if (strcmp(group, usage->group) != 0) {
			bool conditions = !strcmp(usage->group, "Conditions");

			strbuf_puts(&out, conditions ? ".SH " : ".SS ");
			for (const char *at = usage->group; *at; at++) {
				char c = (char)(conditions ? toupper((unsigned char)*at) : *at);

				strbuf_add(&out, &c, 1);
			}
			strbuf_puts(&out, "\n");
		}
		group = usage->group;
		roff_row(&out, usage);
	}
	return strbuf_take(&out);
}
