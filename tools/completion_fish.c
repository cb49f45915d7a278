/* SPDX-License-Identifier: GPL-3.0-or-later */
/* completion_fish.c - the completion of fish: words and options with what they do. */
#include "completion.h"

static void fish_option(const struct cli_option *option)
{
	printf("complete -c bothends -n '__bothends_in %.*s' ", (int)strlen(option->words) - 2,
	       option->words + 1);
	if (option->name)
		printf("-l '%s'", option->name);
	else
		printf("-s %c", option->letter);
	if (complete_choices_known(option)) {
		printf(" -x -a '");
		complete_choices_print(option);
		putchar('\'');
	} else if (option->value) {
		printf(TAKES_FILE(option) ? " -r -F" : " -x");
	}
	printf(" -d '");
	complete_quoted(option->help, false);
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
		char *number = complete_lesson_number(paths[i]),
		     *name = complete_lesson_name(paths[i]);

		printf("complete -c bothends -n '__bothends_in lesson' -k -a %s -d '%s'\n", number,
		       name);
		free(number);
		free(name);
	}
	course_free(paths);
	printf("complete -c bothends -n '__bothends_in lesson; and string match -qr \"^[a-z]\" -- "
	       "(commandline -ct)' -a '");
	complete_lessons_print(complete_lesson_name, " ");
	puts("'");
}

void complete_fish(void)
{
	const struct cli_option *option;
	const struct word *word;

	printf("function __bothends_in\n"
	       "    set -l word lab\n"
	       "    for token in (commandline -opc)[2..-1]\n"
	       "        if contains -- $token ");
	complete_words_print(" ");
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
			complete_quoted(word->help, false);
			puts("'");
		}
		if (*word->files)
			fish_files(word);
	}
	puts("complete -c bothends -n '__bothends_in lab' -l help -d 'every word and option'\n"
	     "complete -c bothends -n '__bothends_in lab' -l version -d 'the version'\n"
	     "complete -c bothends -n '__bothends_in shell' -a 'client server child'");
	printf("complete -c bothends -n '__bothends_in help' -a '");
	complete_help_words_print();
	puts("'");
	for (size_t i = 0; (option = option_at(i)); i++)
		fish_option(option);
	fish_lessons();
}
