/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYSCTL_H
#define SYSCTL_H

#include "lab.h"

/* What the user has set, so that a host that starts anew can be given it again. */
#define SETTINGS_MAX 64
struct setting {
	char name[72]; /* without net.ipv4. */
	char value[128], was[128];
};
struct settings {
	struct setting at[SETTINGS_MAX];
	unsigned count;
};

/* Read or set net.ipv4.tcp_* of the network namespace this process is in (value NULL: read). `out`
 * gets the value as it then is. The name may leave out "net.ipv4.". -1: not such a name, no such
 * file, or refused. */
int sysctl_value(const char *name, const char *value, char *out, size_t size, struct err *err);
/* What every host of the lab starts with. */
void sysctl_defaults(void);
/* Remember what was set and what was there before; -1: too many. */
int settings_keep(struct settings *settings, const char *name, const char *value, const char *was,
		  struct err *err);
/* Set all of it again. */
void settings_apply(const struct settings *settings);
/* Put back what was there before, and forget. */
void settings_undo(struct settings *settings);

#endif
