/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_help.c - the overview, what a word means, the manual: all from the tables. */
#include "language.h"

#include <ctype.h>

static char *help(const char *word)
{
	struct err err = {{0}, 0, {0}};
	char *text = help_text(word, &err);

	if (!text)
		fail_msg("%s: %s", word, err.text);
	return text;
}

static void assert_says(const char *word, const char *part)
{
	char *text = help(word);

	if (!strstr(text, part))
		fail_msg("help %s lacks \"%s\":\n%s", word, part, text);
	free(text);
}

static void overview(void **state)
{
	char *text = help(NULL), *again = help("");
	const struct usage *usage;
	size_t width = 0;

	(void)state;
	assert_string_equal(text, again);
	for (size_t i = 0; (usage = usage_at(i)); i++) {
		assert_non_null(strstr(text, usage->usage));
		assert_non_null(strstr(text, usage->group));
	}
	for (const char *c = text; *c; c++, width++) {
		if (*c == '\n')
			width = 0;
		assert_true(width < 80);
	}
	free(text);
	free(again);
}

/* Every lowercase word of every usage, and every name the values list. */
static void every_word(void **state)
{
	const struct usage *usage;
	const char *name;

	(void)state;
	for (size_t i = 0; (usage = usage_at(i)); i++)
		for (const char *at = usage->usage; *at;) {
			size_t len = strcspn(at, " []|.");
			char word[64];

			snprintf(word, sizeof(word), "%.*s", (int)len, at);
			if (len && *word != '=')
				free(help(word));
			at += len;
			at += strspn(at, " []|.");
		}
	for (int i = STATE_ESTABLISHED; i < STATE_COUNT; i++)
		assert_says(state_name((enum tcp_state)i), "A state: ");
	for (size_t i = 0; (name = errno_name_at(i)); i++)
		free(help(name));
	for (size_t i = 0; (name = signal_name_at(i)); i++)
		free(help(name));
	for (size_t i = 0; (name = poll_name_at(i)); i++)
		free(help(name));
	for (size_t i = 0; sockopt_at(i); i++)
		assert_says(sockopt_at(i)->name, sockopt_at(i)->kernel);
	for (size_t i = 0; info_field_at(i); i++)
		assert_says(info_field_at(i)->name, "tcp_info");
}

static void words(void **state)
{
	(void)state;
	assert_says("send", "SIDE send DATA|SIZE [nosignal] [dontwait] [oob]\n");
	assert_says("send", "DATA     data in double quotes\n");
	assert_says("send", "See send(2).");
	assert_says("wire hold", "wire hold [SIDE]");
	assert_says("wire", "wire unreachable host|net|port|off");
	assert_says("recvq", "SIDE recvq [OP] N");
	assert_says("poll", "SIDE poll EVENT...");
	assert_says("poll", "SIDE poll [in]");
	assert_says("nosignal", "SIDE send ");
	assert_says("within", "wait until CONDITION [within TIME]");
	assert_says("linger", "SO_LINGER");
	assert_says("EPIPE", "Broken pipe");
	assert_says("PORT", "1 to 65535");
	assert_says("STATE", "TIME_WAIT");
	assert_says("CONDITION", "SIDE killed SIGNAL");
	assert_says("expect", "`help CONDITION`");
	assert_says("F.", "FIN and ACK");
	assert_says("child", "server fork");
}

static void unknown(void **state)
{
	struct err err = {{0}, 0, {0}};

	(void)state;
	assert_null(help_text("sendd", &err));
	assert_string_equal(err.text, "nothing is known about `sendd`; did you mean `send`?");
	assert_null(help_text("ESTABLISHD", &err));
	assert_string_equal(err.text, "nothing is known about `ESTABLISHD`; did you mean "
				      "`ESTABLISHED`?");
	assert_null(help_text("xyzzy", &err));
	assert_string_equal(err.text, "nothing is known about `xyzzy`; `help` lists what there is");
}

/* Every usage is there once its font changes are taken out, and no line is a request by accident.
 */
static void manual(void **state)
{
	char *text = help_manual(), *plain = malloc(strlen(text) + 1), *out = plain;
	const struct usage *usage;

	(void)state;
	for (const char *at = text; *at;) {
		if (at[0] == '\\' && at[1] == 'f') {
			at += 3;
			continue;
		}
		at += at[0] == '\\';
		*out++ = *at++;
	}
	*out = '\0';
	for (size_t i = 0; (usage = usage_at(i)); i++)
		assert_non_null(strstr(plain, usage->usage));
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		if (*line == '.' || *line == '\'')
			assert_true(!strncmp(line, ".SH ", 4) || !strncmp(line, ".SS ", 4) ||
				    !strncmp(line, ".TP\n", 4));
	assert_non_null(strstr(text, ".SH COMMANDS\n"));
	assert_non_null(strstr(text, ".SH CONDITIONS\n"));
	assert_non_null(strstr(text, "\\fBuser\\-timeout\\fR"));
	free(plain);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(overview), cmocka_unit_test(every_word), cmocka_unit_test(words),
		cmocka_unit_test(unknown),  cmocka_unit_test(manual),
	};

	return cmocka_run_group_tests_name("help", tests, NULL, NULL);
}
