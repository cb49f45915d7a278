/* SPDX-License-Identifier: GPL-3.0-or-later */
/* completion.c - completion for bash, zsh or fish, from the tables of the command line, the
 * language and the course: build/completion bash. */
#include "lab.h"
#include "mem.h"
#include "usage.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define TAKES_FILE(option) (!strcmp((option)->value, "FILE") || !strcmp((option)->value, "NAME"))

/* ------------------------------------------------------------------------ lists */
/* The words of the command line but options, `between` them. */
static void words_print(const char *between)
{
	const struct word *word;
	const char *glue = "";

	for (size_t i = 0; (word = word_at(i)); i++)
		if (isalpha((unsigned char)word->name[0])) {
			printf("%s%s", glue, word->name);
			glue = between;
		}
}

/* All that may stand at an option's value, where that is known: "loopback wire". */
static bool choices_known(const struct cli_option *option)
{
	return option->value && strchr(option->value, '|');
}
static void choices_print(const struct cli_option *option)
{
	for (const char *at = option->value; *at; at++)
		putchar(*at == '|' ? ' ' : *at);
}

static void option_print(const struct cli_option *option)
{
	if (option->name)
		printf("--%s", option->name);
	else
		printf("-%c", option->letter);
}

/* What help knows something about: each once. */
static void help_words_print(void)
{
	const struct usage *usage;
	const struct sockopt *option;
	struct strbuf seen = {0};

	strbuf_puts(&seen, " ");
	for (size_t i = 0; (usage = usage_at(i)); i++) {
		const char *at = usage->usage;
		size_t len = strcspn(at, " ");
		char *word;

		if (isupper((unsigned char)*at) || *at == '[')
			at += len + (at[len] == ' ');
		len = strspn(at, "abcdefghijklmnopqrstuvwxyz-");
		word = xasprintf(" %.*s ", (int)len, at);
		if (len && !strstr(seen.text, word))
			strbuf_printf(&seen, "%s ", word + 1);
		free(word);
		while (seen.len > 1 && seen.text[seen.len - 1] == ' ' &&
		       seen.text[seen.len - 2] == ' ')
			seen.text[--seen.len] = '\0';
	}
	for (size_t i = 0; (option = sockopt_at(i)); i++) {
		char *word = xasprintf(" %s ", option->name);

		if (!strstr(seen.text, word))
			strbuf_printf(&seen, "%s ", option->name);
		free(word);
	}
	printf("%.*s", (int)seen.len - 2, seen.text + 1);
	strbuf_free(&seen);
}

/* The file's name without its number and its ending: "the-second-write"; malloc'd. */
static char *lesson_name(const char *path)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	size_t len = strcspn(name, "-");

	name += len + (name[len] == '-');
	return xstrndup(name, strcspn(name, "."));
}
/* "2" or "B"; malloc'd. */
static char *lesson_number(const char *path)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	name += strspn(name, "0");
	return xstrndup(name, strcspn(name, "-"));
}
static void lessons_print(char *(*what)(const char *), const char *between)
{
	char **paths = course_list();

	for (size_t i = 0; paths[i]; i++) {
		char *word = what(paths[i]);

		printf("%s%s", i ? between : "", word);
		free(word);
	}
	course_free(paths);
}

/* A line of help as the inside of single quotes of a shell; zsh also has a use for [ ] and :. */
static void quoted(const char *text, bool zsh)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs(zsh ? "'\\''" : "\\'", stdout);
		else if (zsh && strchr("[]:\\", *text))
			printf("\\%c", *text);
		else
			putchar(*text);
	}
}

/* ------------------------------------------------------------------------- bash */
static void bash_options(const char *word)
{
	const struct cli_option *option;
	const char *glue = "";

	for (size_t i = 0; (option = option_at(i)); i++)
		if (option_of(option, word)) {
			fputs(glue, stdout);
			option_print(option);
			glue = " ";
		}
	if (!*word)
		fputs(" --help --version", stdout);
}

static void bash(void)
{
	const struct cli_option *option;
	const struct word *word;

	puts("_bothends_files() { # ENDING...\n"
	     "\tlocal IFS=$'\\n' ending\n"
	     "\tcompopt -o filenames 2>/dev/null\n"
	     "\tCOMPREPLY+=($(compgen -d -- \"$cur\"))\n"
	     "\tfor ending; do\n"
	     "\t\tCOMPREPLY+=($(compgen -f -X \"!*.$ending\" -- \"$cur\"))\n"
	     "\tdone\n"
	     "}\n\n"
	     "_bothends() {\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
	     "\tlocal word='' options='' values='' i\n"
	     "\tCOMPREPLY=()\n"
	     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	     "\t\tcase ${COMP_WORDS[i]} in");
	printf("\t\t");
	words_print(" | ");
	puts(")\n\t\t\tword=${COMP_WORDS[i]}\n\t\t\tbreak\n\t\t\t;;\n\t\tesac\n\tdone\n"
	     "\tcase \" $word$before\" in");
	for (size_t i = 0; (option = option_at(i)); i++) {
		if (!option->value)
			continue;
		printf("\t*");
		if (!option->name)
			printf("%.*s", (int)strlen(option->words) - 2, option->words + 1);
		option_print(option);
		puts(")");
		if (choices_known(option)) {
			printf("\t\tCOMPREPLY=($(compgen -W '");
			choices_print(option);
			puts("' -- \"$cur\"))");
		} else if (TAKES_FILE(option)) {
			puts("\t\t_bothends_files '*'");
		}
		puts("\t\treturn\n\t\t;;");
	}
	puts("\tesac\n\tcase $word in");
	for (size_t i = 0; (word = word_at(i)); i++) {
		if (word->name[0] == '-')
			continue;
		printf("\t'%s')\n\t\toptions='", word->name);
		bash_options(word->name);
		puts("'");
		if (!*word->name) {
			printf("\t\tvalues='");
			words_print(" ");
			puts("'");
		} else if (!strcmp(word->name, "lesson")) {
			printf("\t\tvalues='");
			lessons_print(lesson_number, " ");
			printf("'\n\t\tif [[ $cur == [a-z]* ]]; then values='");
			lessons_print(lesson_name, " ");
			puts("'; fi");
		} else if (!strcmp(word->name, "shell")) {
			puts("\t\tvalues='client server child'");
		} else if (!strcmp(word->name, "help")) {
			printf("\t\tvalues='");
			help_words_print();
			puts("'");
		}
		if (*word->files)
			printf("\t\t[[ $cur == -* ]] || _bothends_files %s\n", word->files);
		puts("\t\t;;");
	}
	puts("\tesac\n"
	     "\t[[ $cur != -* ]] || values=$options\n"
	     "\tCOMPREPLY+=($(compgen -W \"$values\" -- \"$cur\"))\n"
	     "}\n"
	     "complete -F _bothends bothends");
}

/* -------------------------------------------------------------------------- zsh */
static void zsh_options(const char *word)
{
	const struct cli_option *option;

	for (size_t i = 0; (option = option_at(i)); i++) {
		if (!option_of(option, word))
			continue;
		fputs(" \\\n\t\t\t'", stdout);
		option_print(option);
		putchar('[');
		quoted(option->help, true);
		putchar(']');
		if (choices_known(option)) {
			printf(":%s:(", option->name);
			choices_print(option);
			putchar(')');
		} else if (option->value) {
			printf(":%s:%s", option->value, TAKES_FILE(option) ? "_files" : " ");
		}
		putchar('\'');
	}
}

/* One ending in parentheses would be taken for a qualifier. */
static void zsh_files(const char *endings)
{
	const bool several = strchr(endings, ' ') != NULL;

	printf("_files -g \"*.%s", several ? "(" : "");
	for (; *endings; endings++)
		putchar(*endings == ' ' ? '|' : *endings);
	printf("%s\"", several ? ")" : "");
}

/* "1:the-name" of each lesson. */
static void zsh_lessons(void)
{
	char **paths = course_list();

	for (size_t i = 0; paths[i]; i++) {
		char *number = lesson_number(paths[i]), *name = lesson_name(paths[i]);

		printf("\n\t\t'%s:%s'", number, name);
		free(number);
		free(name);
	}
	course_free(paths);
}

static void zsh(void)
{
	const struct word *word;

	puts("#compdef bothends\n\n"
	     "_bothends_lesson() {\n\tlocal -a numbers");
	printf("\tnumbers=(");
	zsh_lessons();
	puts("\n\t)\n\t_describe lesson numbers");
	printf("\tcompadd -- ");
	lessons_print(lesson_name, " ");
	printf("\n\t");
	zsh_files("md");
	puts("\n}\n\n_bothends_word() {\n\tlocal -a all\n\tall=(");
	for (size_t i = 0; (word = word_at(i)); i++)
		if (isalpha((unsigned char)word->name[0])) {
			printf("\t\t'%s:", word->name);
			quoted(word->help, true);
			puts("'");
		}
	puts("\t)\n\t_describe word all\n}\n\n"
	     "_bothends() {\n\tlocal word='' one\n"
	     "\tfor one in \"${(@)words[2,CURRENT-1]}\"; do\n\t\tcase $one in");
	printf("\t\t(");
	words_print("|");
	puts(")\n\t\t\tword=$one\n\t\t\tbreak\n\t\t\t;;\n\t\tesac\n\tdone\n\tcase $word in");
	for (size_t i = 0; (word = word_at(i)); i++) {
		if (word->name[0] == '-')
			continue;
		printf("\t('%s')\n\t\t_arguments", word->name);
		zsh_options(word->name);
		if (!*word->name)
			printf(" \\\n\t\t\t'--help[every word and option]' "
			       "'--version[the version]' \\\n\t\t\t'1: :_bothends_word'");
		else
			printf(" \\\n\t\t\t'1: :(%s)'", word->name);
		if (!strcmp(word->name, "lesson")) {
			printf(" \\\n\t\t\t'2: :_bothends_lesson'");
		} else if (!strcmp(word->name, "shell")) {
			printf(" \\\n\t\t\t'2:side:(client server child)'");
		} else if (!strcmp(word->name, "help")) {
			printf(" \\\n\t\t\t'2:command:(");
			help_words_print();
			printf(")'");
		} else if (*word->files) {
			printf(" \\\n\t\t\t'*:file:");
			zsh_files(word->files);
			putchar('\'');
		}
		puts("\n\t\t;;");
	}
	puts("\tesac\n}\n\n_bothends \"$@\"");
}

/* ------------------------------------------------------------------------- fish */
static void fish_option(const struct cli_option *option)
{
	printf("complete -c bothends -n '__bothends_in %.*s' ", (int)strlen(option->words) - 2,
	       option->words + 1);
	if (option->name)
		printf("-l '%s'", option->name);
	else
		printf("-s %c", option->letter);
	if (choices_known(option)) {
		printf(" -x -a '");
		choices_print(option);
		putchar('\'');
	} else if (option->value) {
		printf(TAKES_FILE(option) ? " -r -F" : " -x");
	}
	printf(" -d '");
	quoted(option->help, false);
	puts("'");
}

static void fish_files(const struct word *word)
{
	printf("complete -c bothends -n '__bothends_in %s' -a '(__bothends_files %s)'\n",
	       word->name, word->files);
}

static void fish_lessons(void)
{
	char **paths = course_list();

	for (size_t i = 0; paths[i]; i++) {
		char *number = lesson_number(paths[i]), *name = lesson_name(paths[i]);

		printf("complete -c bothends -n '__bothends_in lesson' -k -a %s -d '%s'\n", number,
		       name);
		free(number);
		free(name);
	}
	course_free(paths);
	printf("complete -c bothends -n '__bothends_in lesson; and string match -qr \"^[a-z]\" -- "
	       "(commandline -ct)' -a '");
	lessons_print(lesson_name, " ");
	puts("'");
}

static void fish(void)
{
	const struct cli_option *option;
	const struct word *word;

	printf("function __bothends_in\n"
	       "    set -l word lab\n"
	       "    for token in (commandline -opc)[2..-1]\n"
	       "        if contains -- $token ");
	words_print(" ");
	puts("\n            set word $token\n            break\n        end\n    end\n"
	     "    contains -- $word $argv\nend\n"
	     "function __bothends_files\n"
	     "    set -l token (commandline -ct)\n"
	     "    set -l found $token*/\n"
	     "    for ending in $argv\n"
	     "        set -a found $token*.$ending\n"
	     "    end\n"
	     "    string join -- \\n $found\nend\n"
	     "complete -c bothends -f");
	for (size_t i = 0; (word = word_at(i)); i++) {
		if (isalpha((unsigned char)word->name[0])) {
			printf("complete -c bothends -n '__bothends_in lab' -a %s -d '",
			       word->name);
			quoted(word->help, false);
			puts("'");
		}
		if (*word->files)
			fish_files(word);
	}
	puts("complete -c bothends -n '__bothends_in lab' -l help -d 'every word and option'\n"
	     "complete -c bothends -n '__bothends_in lab' -l version -d 'the version'\n"
	     "complete -c bothends -n '__bothends_in shell' -a 'client server child'");
	printf("complete -c bothends -n '__bothends_in help' -a '");
	help_words_print();
	puts("'");
	for (size_t i = 0; (option = option_at(i)); i++)
		fish_option(option);
	fish_lessons();
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};

	for (size_t i = 0; argc == 2 && i < sizeof(shells) / sizeof(shells[0]); i++)
		if (!strcmp(argv[1], shells[i].name)) {
			/* zsh wants its own word in the first line. */
			if (i != 1)
				puts("# completion of bothends " LAB_VERSION ", from its tables");
			shells[i].print();
			return ferror(stdout) || fflush(stdout);
		}
	fprintf(stderr, "usage: completion bash|zsh|fish\n");
	return 2;
}
