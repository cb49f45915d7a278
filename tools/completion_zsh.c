/* SPDX-License-Identifier: GPL-3.0-or-later */
/* completion_zsh.c - the completion of zsh: words and options with what they do. */
#include "completion.h"

static void zsh_options(const char *word)
{
	const struct cli_option *option;

	for (size_t i = 0; (option = option_at(i)); i++) {
		if (!option_of(option, word))
			continue;
		fputs(" \\\n\t\t\t'", stdout);
		complete_option_print(option);
		putchar('[');
		complete_quoted(option->help, true);
		putchar(']');
		if (complete_choices_known(option)) {
			printf(":%s:(", option->name);
			complete_choices_print(option);
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
		char *number = complete_lesson_number(paths[i]),
		     *name = complete_lesson_name(paths[i]);

		printf("\n\t\t'%s:%s'", number, name);
		free(number);
		free(name);
	}
	course_free(paths);
}

void complete_zsh(void)
{
	const struct word *word;

	puts("#compdef bothends\n\n"
	     "_bothends_lesson() {\n\tlocal -a numbers");
	printf("\tnumbers=(");
	zsh_lessons();
	puts("\n\t)\n\t_describe lesson numbers");
	printf("\tcompadd -- ");
	complete_lessons_print(complete_lesson_name, " ");
	printf("\n\t");
	zsh_files("md");
	puts("\n}\n\n_bothends_word() {\n\tlocal -a all\n\tall=(");
	for (size_t i = 0; (word = word_at(i)); i++)
		if (isalpha((unsigned char)word->name[0])) {
			printf("\t\t'%s:", word->name);
			complete_quoted(word->help, true);
			puts("'");
		}
	puts("\t)\n\t_describe word all\n}\n\n"
	     "_bothends() {\n\tlocal word='' one\n"
	     "\tfor one in \"${(@)words[2,CURRENT-1]}\"; do\n\t\tcase $one in");
	printf("\t\t(");
	complete_words_print("|");
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
			complete_help_words_print();
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
