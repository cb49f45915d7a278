/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_desc.c - which descriptor a side's command means. */
#include "core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_newest_open(void **unused)
{
	struct actor actor = {.last_fd = -1};
	struct desc *desc;

	(void)unused;
	assert_null(desc_current(&actor));
	assert_null(desc_listener(&actor));
	desc_add(&actor, 3, CHANNEL_LISTENER);
	assert_int_equal(actor.last_fd, -1); /* a listener is no connection */
	desc_add(&actor, 4, CHANNEL_TCP)->conn = 1;
	desc_add(&actor, 5, CHANNEL_TCP)->conn = 2;
	assert_int_equal(desc_current(&actor)->fd, 5);
	assert_int_equal(desc_listener(&actor)->fd, 3);
	assert_int_equal(actor.last_fd, 5);
	desc_current(&actor)->open = false;
	assert_int_equal(desc_current(&actor)->fd, 4);
	assert_null(desc_find(&actor, 5));
	/* The number is used again: the new one is meant. */
	desc_add(&actor, 5, CHANNEL_PIPE)->conn = 3;
	desc = desc_find(&actor, 5);
	assert_int_equal(desc->channel, CHANNEL_PIPE);
	assert_ptr_equal(desc_of_conn(&actor, 1), &actor.descs[1]);
	assert_null(desc_of_conn(&actor, 2));
	assert_null(desc_of_conn(&actor, 0));
	for (unsigned i = 0; i < actor.ndescs; i++)
		actor.descs[i].open = false;
	assert_null(desc_current(&actor));
	assert_null(desc_listener(&actor));
	assert_int_equal(actor.last_fd, 5);
}

/* `close` after `dup` closes the older. */
static void test_copies(void **unused)
{
	struct actor actor = {0};

	(void)unused;
	desc_add(&actor, 3, CHANNEL_TCP)->conn = 1;
	desc_add(&actor, 4, CHANNEL_TCP)->conn = 2;
	desc_add(&actor, 5, CHANNEL_TCP)->conn = 1;
	assert_int_equal(desc_oldest_copy(&actor, desc_find(&actor, 5))->fd, 3);
	desc_find(&actor, 3)->open = false;
	assert_int_equal(desc_oldest_copy(&actor, desc_find(&actor, 5))->fd, 5);
	assert_int_equal(desc_oldest_copy(&actor, desc_find(&actor, 4))->fd, 4);
}

static void test_full(void **unused)
{
	struct actor *actor = calloc(1, sizeof(*actor));

	(void)unused;
	for (int i = 0; i < DESCS_MAX; i++) {
		assert_true(desc_room(actor, 1));
		desc_add(actor, 3 + i, CHANNEL_TCP);
	}
	assert_false(desc_room(actor, 1));
	assert_true(desc_room(actor, 0));
	/* A closed one makes room, and is what is forgotten. */
	actor->descs[10].open = false;
	assert_true(desc_room(actor, 1));
	assert_false(desc_room(actor, 2));
	desc_add(actor, 13, CHANNEL_TCP);
	assert_int_equal(actor->ndescs, DESCS_MAX);
	for (int i = 0; i < DESCS_MAX; i++)
		assert_non_null(desc_find(actor, 3 + i));
	assert_int_equal(desc_current(actor)->fd, 13);
	free(actor);
}

static void test_due(void **unused)
{
	struct actor actor = {0};

	(void)unused;
	desc_add(&actor, 3, CHANNEL_TCP);
	desc_add(&actor, 4, CHANNEL_TCP)->status_due = true;
	assert_int_equal(desc_due(&actor)->fd, 4);
	desc_find(&actor, 4)->open = false;
	assert_null(desc_due(&actor)); /* nothing can be asked of a closed one */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_newest_open),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
