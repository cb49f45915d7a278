/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NETWORK_H
#define NETWORK_H

#include "lab.h"

/* The network the lab itself is in. On loopback both ends are in it too. */
struct network {
	bool private; /* a network namespace of our own */
	bool user_ns; /* in a user namespace of our own */
};

/* Enter a private network: root a plain network namespace, anybody else a user namespace first.
 * Where the machine refuses, stay where we are and say why in `feature`. Then give up every
 * capability the lab does not need, CAP_DAC_* above all (capabilities(7)). */
void network_enter(struct network *network, struct feature_state *feature);
/* `lo` of the namespace this process is in. */
void network_loopback_up(void);
/* How many packets this device keeps for its reader before it drops them (rtnetlink(7)). -1 with
 * errno. */
int network_queue_set(const char *device, unsigned packets);

#endif
