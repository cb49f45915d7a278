/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_listing.c - what a lesson shows of a program is what the program says.
 *
 *	```c programs/writes-twice.c
 *	await(fd, POLLRDHUP);
 *	n = write(fd, "123", 3);	// ▶		the line being played: at least one
 *	/ * ... * /					lines left out
 *	report("write", n);
 *	```
 *
 * The lines stand one after the other in the program. Blanks at the ends of a line do not count,
 *and any number between two words is one: a lesson is narrower than a program. */
#include "lab.h"
#include "mem.h"

#include <cmark.h>
#include <ctype.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LINES 2000
#define MARK "// ▶"
#define LEFT_OUT "/* ... */"

struct lines {
	char *text[LINES];
	int number[LINES]; /* from 1 */
	size_t count;
	unsigned marked;
};

/* Without blanks that do not count; malloc'd. */
static char *line_plain(const char *line, size_t len)
{
	struct strbuf out = {0};

	strbuf_puts(&out, "");
	for (size_t i = 0; i < len; i++) {
		if (!isspace((unsigned char)line[i]))
			strbuf_add(&out, line + i, 1);
		else if (i + 1 < len && out.len && !isspace((unsigned char)line[i + 1]))
			strbuf_add(&out, " ", 1);
	}
	return strbuf_take(&out);
}

static void lines_read(struct lines *lines, const char *text)
{
	*lines = (struct lines){0};
	for (int number = 1; *text && lines->count < LINES; number++) {
		const size_t len = strcspn(text, "\n");
		char *plain = line_plain(text, len);
		char *mark = strstr(plain, MARK);

		text += len + (text[len] == '\n');
		if (mark && mark > plain && !strcmp(mark, MARK)) {
			lines->marked++;
			while (mark > plain && mark[-1] == ' ')
				mark--;
			*mark = '\0';
		}
		if (!*plain) {
			free(plain);
			continue;
		}
		lines->text[lines->count] = plain;
		lines->number[lines->count++] = number;
	}
}

static void lines_free(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->text[i]);
}

/* How many lines from `first` on, up to one that leaves some out, stand in the program at `at`. */
static size_t lines_alike(const struct lines *listing, size_t first, const struct lines *program,
			  size_t at)
{
	size_t n = 0;

	while (first + n < listing->count && at + n < program->count &&
	       strcmp(listing->text[first + n], LEFT_OUT) != 0 &&
	       !strcmp(listing->text[first + n], program->text[at + n]))
		n++;
	return n;
}

/* NULL: the listing is the program's. Otherwise what is wrong with it, malloc'd, and with which of
 * its lines, from 1; 0: with all of it. */
static char *listing_wrong(const char *text, const char *program_text, int *line)
{
	static struct lines listing, program;
	char *wrong = NULL;
	size_t from = 0, n;

	*line = 0;
	lines_read(&listing, text);
	lines_read(&program, program_text);
	for (size_t i = 0; i < listing.count && !wrong; i += n) {
		size_t best = 0, where = from, end = i;

		n = 1;
		if (!strcmp(listing.text[i], LEFT_OUT))
			continue;
		while (end < listing.count && strcmp(listing.text[end], LEFT_OUT) != 0)
			end++;
		for (size_t at = from; at < program.count && best < end - i; at++)
			if (lines_alike(&listing, i, &program, at) > best) {
				best = lines_alike(&listing, i, &program, at);
				where = at;
			}
		n = end - i;
		from = where + n;
		if (best == n)
			continue;
		*line = listing.number[i + best];
		wrong = xasprintf("`%s` is not in the program%s%s%s", listing.text[i + best],
				  best	     ? ", which says `"
				  : from > n ? " behind the lines above"
					     : "",
				  best && where + best < program.count ? program.text[where + best]
								       : "",
				  best ? "` there" : "");
	}
	if (!wrong && !listing.marked)
		wrong = xstrdup("no line is marked as the one being played: `" MARK "` at its end");
	lines_free(&listing);
	lines_free(&program);
	return wrong;
}

static const char program[] = "int main(void)\n{\n\tint n;\n\n\tn = write(fd, \"1\", 1);\n"
			      "\tprintf(\"%d\\n\", n);\n\tn = write(fd, \"2\", 1);\n"
			      "\tclose(fd);\n\treturn 0;\n}\n";

static void test_right(void **unused)
{
	static const char *const listings[] = {
		"n = write(fd, \"1\", 1); // ▶\nprintf(\"%d\\n\", n);\n",
		"int n;\n\n    n  =\twrite(fd, \"1\", 1);       // ▶  \n",
		"/* ... */\nn = write(fd, \"1\", 1); // ▶\n/* ... */\nclose(fd);\n/* ... */\n",
		"n = write(fd, \"1\", 1); // ▶\n/* ... */\nn = write(fd, \"2\", 1); // ▶\n",
		"int main(void) // ▶\n{\n/* ... */\n}\n",
	};
	int line;

	(void)unused;
	for (size_t i = 0; i < sizeof(listings) / sizeof(listings[0]); i++)
		assert_null(listing_wrong(listings[i], program, &line));
}

static void test_wrong(void **unused)
{
	static const struct {
		const char *listing, *said;
		int line;
	} rows[] = {
		{"n = write(fd, \"1\", 1);\n", "no line is marked", 0},
		{"// ▶\nclose(fd);\n", "`// ▶` is not in the program", 1},
		{"n = write(fd, \"1\", 2); // ▶\n", "`n = write(fd, \"1\", 2);` is not", 1},
		{"n = write(fd, \"1\", 1); // ▶\n\nclose(fd);\n",
		 "`close(fd);` is not in the program, which says `printf(\"%d\\n\", n);` there", 3},
		{"close(fd); // ▶\n/* ... */\nint n;\n", "`int n;` is not in the program behind",
		 3},
		{"}\nreturn 0; // ▶\n", "`return 0;` is not in the program, which says ``", 2},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int line;
		char *wrong = listing_wrong(rows[i].listing, program, &line);

		assert_non_null(wrong);
		if (!strstr(wrong, rows[i].said) || line != rows[i].line)
			fail_msg("row %zu: %d: %s", i, line, wrong);
		free(wrong);
	}
}

/* The course. */

static unsigned listings, faults;
static struct strbuf shown; /* the programs' names, a line each */

static void complain(const char *file, int line, const char *what)
{
	printf("# %s:%d: %s\n", file, line, what);
	faults++;
}

/* The second word of ```c PROGRAM, malloc'd; NULL: not C. */
static char *fence_program(cmark_node *node)
{
	const char *info = cmark_node_get_fence_info(node);
	size_t word = info ? strcspn(info, " \t") : 0;

	if (word != 1 || *info != 'c')
		return NULL;
	info += word + strspn(info + word, " \t");
	return xstrndup(info, strcspn(info, " \t"));
}

static void check_listing(const char *file, cmark_node *node, const char *name)
{
	const char *slash = strrchr(file, '/');
	const int line = cmark_node_get_start_line(node);
	char *path = xasprintf("%.*s/%s", (int)(slash - file), file, name), *text, *wrong;
	struct err err = {0};
	size_t len;
	int at;

	text = file_read(path, &len, &err);
	if (!text) {
		complain(file, line, err.text);
	} else {
		text = xrealloc(text, len + 1);
		text[len] = '\0';
		wrong = listing_wrong(cmark_node_get_literal(node), text, &at);
		if (wrong)
			complain(file, line + at, wrong);
		free(wrong);
	}
	free(text);
	free(path);
}

static void check_file(const char *file)
{
	struct err err = {0};
	size_t len;
	char *text = file_read(file, &len, &err);
	cmark_node *document;
	cmark_iter *iter;
	cmark_event_type type;

	if (!text) {
		complain(file, 0, err.text);
		return;
	}
	document = cmark_parse_document(text, len, CMARK_OPT_DEFAULT);
	iter = cmark_iter_new(document);
	while ((type = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		char *name;

		if (cmark_node_get_type(node) != CMARK_NODE_CODE_BLOCK)
			continue;
		name = fence_program(node);
		if (name && *name)
			check_listing(file, node, name);
		else if (name)
			complain(file, cmark_node_get_start_line(node),
				 "a listing says whose it is: ```c programs/NAME.c");
		if (name)
			strbuf_printf(&shown, "\n%s\n", name);
		listings += name != NULL;
		free(name);
	}
	cmark_iter_free(iter);
	cmark_node_free(document);
	free(text);
}

static void test_course(void **unused)
{
	glob_t found;

	(void)unused;
	assert_int_equal(glob(TEST_SOURCE "/lessons/*.md", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (strcmp(strrchr(found.gl_pathv[i], '/'), "/README.md") != 0)
			check_file(found.gl_pathv[i]);
	globfree(&found);
	assert_int_equal(glob(TEST_SOURCE "/lessons/programs/*.c", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char *line = xasprintf("\nprograms/%s\n", strrchr(found.gl_pathv[i], '/') + 1);

		if (!shown.text || !strstr(shown.text, line))
			complain(found.gl_pathv[i], 0, "no lesson shows this program");
		free(line);
	}
	globfree(&found);
	strbuf_free(&shown);
	printf("# %u listings\n", listings);
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_course),
	};

	return cmocka_run_group_tests_name("listing", tests, NULL, NULL);
}
