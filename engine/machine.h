/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdint.h>

/* Whether any process listens where a connect(2) to this port of 127.0.0.1 arrives: 1, 0; -1: this
 * machine does not tell. */
int machine_listens(uint16_t port);
/* The inode of the socket of 127.0.0.1 with these ports; 0: none, or an orphan. */
uint32_t machine_inode(uint16_t port, uint16_t peer_port);

#endif
