/* SPDX-License-Identifier: GPL-3.0-or-later */
/* manual.c - the manual page: the frame from standard input, the language from its tables. */
#include "lab.h"

#include <stdlib.h>
#include <string.h>

int main(void)
{
	char line[1024], *at;

	while (fgets(line, sizeof(line), stdin)) {
		if (!strcmp(line, "@COMMANDS@\n")) {
			char *commands = help_manual();

			fputs(commands, stdout);
			free(commands);
		} else if ((at = strstr(line, "@VERSION@"))) {
			printf("%.*s%s%s", (int)(at - line), line, LAB_VERSION,
			       at + strlen("@VERSION@"));
		} else {
			fputs(line, stdout);
		}
	}
	return ferror(stdin) || fflush(stdout);
}
