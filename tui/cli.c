/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli.c - what the words of the command line have in common. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

int cli_say(const struct err *err)
{
	char text[1024], *plain = cli_plain(err_format(err, text, sizeof(text)));

	/* One line: the file's name may have several. */
	for (char *at = plain; (at = strchr(at, '\n'));)
		*at = '?';
	fprintf(stderr, "%s%s\n", err->file[0] ? "" : "bothends: ", plain);
	free(plain);
	return -1;
}

int cli_link(const char *word, enum link_kind *link)
{
	for (enum link_kind i = 0; i < LINK_COUNT; i++)
		if (!strcmp(word, link_name(i))) {
			*link = i;
			return 0;
		}
	fprintf(stderr, "bothends: --link loopback or wire expected, not '%s'\n", word);
	return -1;
}

const struct feature_state *cli_wire_lacks(const struct lab *lab)
{
	static const enum feature needed[] = {FEATURE_TUN, FEATURE_NETWORK};

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!lab_feature(lab, needed[i])->ok)
			return lab_feature(lab, needed[i]);
	return NULL;
}

const struct feature_state *cli_excuse(const struct lab *lab, const struct script *script,
				       const struct player *player)
{
	const size_t i = player_line(player);
	const struct feature_state *lacks = NULL;

	switch (i < script->count ? script->commands[i].op : OP_NONE) {
	case OP_LINK:
		return cli_wire_lacks(lab);
	case OP_SYSCTL:
		lacks = lab_feature(lab, FEATURE_SYSCTL);
		break;
	case OP_CONNECT: /* to a port that is not the lab's */
		lacks = lab_feature(lab, FEATURE_NETWORK);
		break;
	default:
		break;
	}
	return lacks && !lacks->ok ? lacks : NULL;
}

const struct command *cli_script_link(const struct script *script, bool wire)
{
	for (size_t i = 0; i < script->count; i++)
		if (script->commands[i].op == OP_LINK &&
		    (!wire || command_has(&script->commands[i], "wire")))
			return &script->commands[i];
	return NULL;
}

int cli_number(const char *option, const char *word, unsigned least, unsigned most,
	       unsigned *number)
{
	char *end;
	unsigned long value = strtoul(word, &end, 10);

	if (*word < '0' || *word > '9' || *end || value < least || value > most) {
		fprintf(stderr, "bothends: %s: a number from %u to %u expected, not '%s'\n", option,
			least, most, word);
		return -1;
	}
	*number = (unsigned)value;
	return 0;
}
