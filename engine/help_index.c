/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help_index.c - every word that help knows and that is no command: to be searched. */
#include "grammar.h"
#include "topic.h"

#include <stdlib.h>
#include <string.h>

static void index_line(struct strbuf *out, const char *word, const char *unit, const char *text)
{
	strbuf_printf(out, "  %-18s %s%s%s\n", word, text, *unit ? ", in " : "", unit);
}

static void index_heading(struct strbuf *out, const char *heading)
{
	strbuf_printf(out, "%s%s\n", out->len ? "\n" : "", heading);
}

static void index_panels(struct strbuf *out)
{
	struct explanation about;
	const char *name;

	index_heading(out, "Numbers of the panels: `explain WORD`, or F7");
	for (size_t i = 0; (name = explanation_name_at(i)); i++) {
		if (info_field_find(name) || !explanation_find(name, &about))
			break;
		index_line(out, name, "", about.what);
	}
	index_heading(out, "tcp_info: `SIDE info FIELD`");
	for (size_t i = 0; info_field_at(i); i++)
		index_line(out, info_field_at(i)->name, info_field_at(i)->unit,
			   info_field_at(i)->help);
	index_heading(out, "Options: `SIDE get`, `SIDE set`");
	for (size_t i = 0; sockopt_at(i); i++) {
		char *text = xasprintf("%s: %s", sockopt_at(i)->kernel, sockopt_at(i)->help);

		index_line(out, sockopt_at(i)->name, "", text);
		free(text);
	}
}

static const char *topic_text(const char *word, const char *otherwise)
{
	const struct topic *topic = topic_find(word);

	return topic ? topic->text : otherwise;
}

/* Topics of no list: timers, flags, sides. */
static bool topic_alone(const char *word)
{
	return state_from_name(word) < 0 && errno_from_name(word) < 0 && poll_from_name(word) < 0 &&
	       strncmp(word, "SIG", 3) != 0;
}

char *help_index(void)
{
	struct strbuf out = {0};
	const struct topic *topic;
	const char *name;

	index_panels(&out);
	index_heading(&out, "States");
	for (int i = STATE_ESTABLISHED; i < STATE_COUNT; i++) {
		name = state_name((enum tcp_state)i);
		index_line(&out, name, "", topic_text(name, ""));
	}
	index_heading(&out, "Poll events");
	for (size_t i = 0; (name = poll_name_at(i)); i++)
		index_line(&out, name, "", topic_text(name, ""));
	index_heading(&out, "Errnos");
	for (size_t i = 0; (name = errno_name_at(i)); i++)
		index_line(&out, name, "", topic_text(name, strerror(errno_from_name(name))));
	index_heading(&out, "Signals");
	for (size_t i = 0; (name = signal_name_at(i)); i++)
		index_line(&out, name, "", topic_text(name, strsignal(signal_from_name(name))));
	index_heading(&out, "Timers, flags as tcpdump writes them, sides");
	for (size_t i = 0; (topic = topic_at(i)); i++)
		if (topic_alone(topic->word))
			index_line(&out, topic->word, "", topic->text);
	return strbuf_take(&out);
}
