/* SPDX-License-Identifier: GPL-3.0-or-later */
/* completion_bash.c - the completion of bash. */
#include "completion.h"

static void bash_options(const char *word)
{
	const struct cli_option *option;
	const char *glue = "";

	for (size_t i = 0; (option = option_at(i)); i++)
		if (option_of(option, word)) {
			fputs(glue, stdout);
			complete_option_print(option);
			glue = " ";
		}
	if (!*word)
		fputs(" --help --version", stdout);
}

void complete_bash(void)
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
	complete_words_print(" | ");
	puts(")\n\t\t\tword=${COMP_WORDS[i]}\n\t\t\tbreak\n\t\t\t;;\n\t\tesac\n\tdone\n"
	     "\tcase \" $word$before\" in");
	for (size_t i = 0; (option = option_at(i)); i++) {
		if (!option->value)
			continue;
		printf("\t*");
		if (!option->name)
			printf("%.*s", (int)strlen(option->words) - 2, option->words + 1);
		complete_option_print(option);
		puts(")");
		if (complete_choices_known(option)) {
			printf("\t\tCOMPREPLY=($(compgen -W '");
			complete_choices_print(option);
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
			complete_words_print(" ");
			puts("'");
		} else if (!strcmp(word->name, "lesson")) {
			printf("\t\tvalues='");
			complete_lessons_print(complete_lesson_number, " ");
			printf("'\n\t\tif [[ $cur == [a-z]* ]]; then values='");
			complete_lessons_print(complete_lesson_name, " ");
			puts("'; fi");
		} else if (!strcmp(word->name, "shell")) {
			puts("\t\tvalues='client server child'");
		} else if (!strcmp(word->name, "help")) {
			printf("\t\tvalues='");
			complete_help_words_print();
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
