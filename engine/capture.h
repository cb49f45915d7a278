/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CAPTURE_H
#define CAPTURE_H

#include "decode.h"
#include "lab.h"

/* The loopback link's eye: libpcap on `lo`. */
struct capture;
struct capture *capture_new(struct err *err);
void capture_free(struct capture *capture);
int capture_fd(const struct capture *capture);
/* Hand over what has come, at most `most` segments, times in ns since 1970. Returns how many
 * packets were read, -1 when the capture has broken. */
int capture_read(struct capture *capture, int most,
		 void (*take)(void *context, const struct packet *packet), void *context);
/* Segments the kernel had to drop because its buffer was full, in all. */
unsigned capture_dropped(struct capture *capture);

#endif
