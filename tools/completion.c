/* SPDX-License-Identifier: GPL-3.0-or-later */
/* completion.c - completion for bash, zsh or fish, from the tables of the command line, the
 * language and the course: build/completion bash. */
#include "completion.h"

void complete_words_print(const char *between)
{
	const struct word *word;
	const char *glue = "";

	for (size_t i = 0; (word = word_at(i)); i++)
		if (isalpha((unsigned char)word->name[0])) {
			printf("%s%s", glue, word->name);
			glue = between;
		}
}

bool complete_choices_known(const struct cli_option *option)
{
	return option->value && strchr(option->value, '|');
}

void complete_choices_print(const struct cli_option *option)
{
	for (const char *at = option->value; *at; at++)
		putchar(*at == '|' ? ' ' : *at);
}

void complete_option_print(const struct cli_option *option)
{
	if (option->name)
		printf("--%s", option->name);
	else
		printf("-%c", option->letter);
}

void complete_help_words_print(void)
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

char *complete_lesson_name(const char *path)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	size_t len = strcspn(name, "-");

	name += len + (name[len] == '-');
	return xstrndup(name, strcspn(name, "."));
}

char *complete_lesson_number(const char *path)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	name += strspn(name, "0");
	return xstrndup(name, strcspn(name, "-"));
}

void complete_lessons_print(char *(*what)(const char *), const char *between)
{
	char **paths = course_list();

	for (size_t i = 0; paths[i]; i++) {
		char *word = what(paths[i]);

		printf("%s%s", i ? between : "", word);
		free(word);
	}
	course_free(paths);
}

void complete_quoted(const char *text, bool zsh)
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

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} shells[] = {{"bash", complete_bash}, {"zsh", complete_zsh}, {"fish", complete_fish}};

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
