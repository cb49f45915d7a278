/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TEXT_H
#define TEXT_H
#include <stddef.h>

/* Bytes of the printable UTF-8 character at `at` (1 to 4); 0: none is there. */
size_t text_utf8(const unsigned char *at, size_t len);

#endif
