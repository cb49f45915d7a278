/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HOST_H
#define HOST_H

#include "lab.h"

/* The network the lab works in. On the wire there will be two. */
struct host {
	bool private; /* a network namespace of our own */
	bool user_ns; /* in a user namespace of our own */
};

/* Enter a private network: root a plain network namespace, anybody else a user namespace first.
 * Where the machine refuses, stay where we are and say why in `network`. Then give up every
 * capability the lab does not need, CAP_DAC_* above all (capabilities(7)). */
void host_enter(struct host *host, struct feature_state *network);

/* Read or set net.ipv4.tcp_* (value NULL: read). `out` gets the value as it then is. The name may
 * leave out "net.ipv4.". -1: not such a name, no such file (with a near miss), or refused. */
int host_sysctl(const struct host *host, const char *name, const char *value, char *out,
		size_t size, struct err *err);

#endif
