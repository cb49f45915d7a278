/* SPDX-License-Identifier: GPL-3.0-or-later */
/* prose.c - Markdown that is read, not run: cmark's nodes to blocks and spans.
 *
 *   list ─ item ─ paragraph ─ text, emph ─ text, code   ▶   BLOCK_ITEM "•": spans
 *
 * cmark's tree can be as deep as a hostile file likes, so it is walked by its iterator, never by
 * recursion, and what is nested deeper than DEPTH looks as if it were at DEPTH. */
#include "prose.h"

#include "grammar.h"
#include "mem.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define BLOCKS 512 /* a step's or an intro's */
#define SPANS 1024 /* a block's: lines of a listing, too */
#define SPAN_BYTES 16384
#define DEPTH 6
#define TAB 8
#define NEARLY 16 /* bytes of a fence's word that is looked at */

static const char *const runs[] = {"lesson", "lab", "predict", "claim", "hint"};

struct walk {
	struct prose *prose;
	struct block *block; /* the one that takes spans; NULL: between blocks */
	int emph, strong;
	int quotes, lists;
	int number[DEPTH]; /* of the item in each ordered list; -1: a bullet list */
	bool fresh;	   /* the item's marker is still to be given */
};

bool prose_runs(cmark_node *node)
{
	const char *info = cmark_node_get_fence_info(node);
	size_t len = info ? strcspn(info, " \t") : 0;

	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		if (len == strlen(runs[i]) && !memcmp(info, runs[i], len))
			return true;
	return false;
}

const char *prose_nearly_runs(cmark_node *node)
{
	const char *info = cmark_node_get_fence_info(node);
	const size_t len = info ? strcspn(info, " \t") : 0;
	char word[NEARLY];

	if (len < 3 || len >= sizeof(word) || prose_runs(node))
		return NULL;
	memcpy(word, info, len);
	word[len] = '\0';
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		struct nearest nearest = {0};

		/* One letter too few or too many at most: `less` is a language. */
		nearest_add(&nearest, word, runs[i], strlen(runs[i]));
		if (*nearest.best && len + 1 >= strlen(runs[i]))
			return runs[i];
	}
	return NULL;
}

char *prose_clean(const char *text, size_t len)
{
	const unsigned char *at = (const unsigned char *)text;
	struct strbuf out = {0};

	for (size_t i = 0; i < len;) {
		size_t n = text_utf8(at + i, len - i);

		strbuf_add(&out, n ? text + i : " ", n ? n : 1);
		i += n ? n : 1;
	}
	return strbuf_take(&out);
}

static char *prose_untab(const char *text, size_t len)
{
	struct strbuf out = {0};
	size_t column = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\t') {
			do
				strbuf_add(&out, " ", 1);
			while (++column % TAB);
			continue;
		}
		strbuf_add(&out, text + i, 1);
		column += ((unsigned char)text[i] & 0xc0) != 0x80;
	}
	return strbuf_take(&out);
}

static struct block *walk_block(struct walk *walk, enum block_kind kind)
{
	struct prose *prose = walk->prose;
	struct block *block;

	if (prose->count == BLOCKS)
		return NULL;
	if (!(prose->count & (prose->count - 1)))
		prose->blocks =
			xrealloc(prose->blocks, (prose->count * 2 + 1) * sizeof(*prose->blocks));
	block = &prose->blocks[prose->count++];
	*block = (struct block){.kind = kind, .marker = xstrdup(""), .file = xstrdup("")};
	if (walk->lists)
		block->depth = (walk->lists < DEPTH ? walk->lists : DEPTH) - 1;
	return block;
}

/* Takes `text`. */
static int block_span(struct block *block, enum span_style style, char *text)
{
	struct span *last = block->count ? &block->spans[block->count - 1] : NULL;

	if (last && last->style == style && block->kind != BLOCK_CODE) {
		size_t len = strlen(last->text);

		if (len > SPAN_BYTES) {
			free(text);
			return -1;
		}
		last->text = xrealloc(last->text, len + strlen(text) + 1);
		strcpy(last->text + len, text);
		free(text);
		return 0;
	}
	if (block->count == SPANS) {
		free(text);
		return -1;
	}
	if (!(block->count & (block->count - 1)))
		block->spans =
			xrealloc(block->spans, (block->count * 2 + 1) * sizeof(*block->spans));
	block->spans[block->count++] = (struct span){style, text};
	return 0;
}

/* A paragraph or heading opens: which kind it is follows from what it stands in. */
static int walk_open(struct walk *walk)
{
	const int deepest = walk->lists < DEPTH ? walk->lists : DEPTH;
	enum block_kind kind = walk->lists    ? BLOCK_ITEM
			       : walk->quotes ? BLOCK_QUOTE
					      : BLOCK_PARAGRAPH;

	walk->block = walk_block(walk, kind);
	if (!walk->block)
		return -1;
	if (kind == BLOCK_ITEM && walk->fresh) {
		int number = walk->number[deepest - 1];

		free(walk->block->marker);
		walk->block->marker = number < 0 ? xstrdup("•") : xasprintf("%d.", number);
		walk->fresh = false;
	}
	return 0;
}

/* What held nothing but HTML or a picture without words is no block. */
static void walk_close(struct walk *walk)
{
	if (walk->block && !walk->block->count) {
		free(walk->block->marker);
		free(walk->block->file);
		walk->prose->count--;
	}
	walk->block = NULL;
}

/* The next word of a fence's info string, malloc'd. */
static char *info_word(const char **info)
{
	const char *word = *info + strspn(*info, " \t");
	const size_t len = strcspn(word, " \t");

	*info = word + len;
	return prose_clean(word, len);
}

static int walk_code(struct walk *walk, cmark_node *node)
{
	struct block *block = walk_block(walk, BLOCK_CODE);
	const char *info = cmark_node_get_fence_info(node);
	const char *text = cmark_node_get_literal(node);

	if (!block)
		return -1;
	free(block->marker);
	free(block->file);
	info = info ? info : "";
	block->marker = info_word(&info);
	block->file = info_word(&info);
	while (text && *text) {
		size_t len = strcspn(text, "\n");
		char *plain = prose_untab(text, len);
		char *clean = prose_clean(plain, strlen(plain));

		free(plain);
		if (block_span(block, SPAN_CODE, clean))
			return -1;
		text += len + (text[len] == '\n');
	}
	return 0;
}

static int walk_text(struct walk *walk, enum span_style style, const char *text)
{
	if (!walk->block || !text || !*text)
		return 0;
	return block_span(walk->block, style, prose_clean(text, strlen(text)));
}

static enum span_style walk_style(const struct walk *walk)
{
	return walk->strong > 0 ? SPAN_STRONG : walk->emph > 0 ? SPAN_EMPH : SPAN_PLAIN;
}

static void walk_list(struct walk *walk, cmark_node *node, int way)
{
	if (way > 0)
		walk->lists++;
	if (walk->lists <= DEPTH)
		walk->number[walk->lists - 1] = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
							? cmark_node_get_list_start(node) - 1
							: -1;
	if (way < 0)
		walk->lists--;
}

static void walk_item(struct walk *walk)
{
	int *number = &walk->number[(walk->lists < DEPTH ? walk->lists : DEPTH) - 1];

	walk->fresh = true;
	if (*number >= 0)
		++*number;
}

/* One step of the walk; `way` is 1 on entering a node and -1 on leaving it. */
static int walk_node(struct walk *walk, cmark_node *node, int way)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_BLOCK_QUOTE:
		walk->quotes += way;
		return 0;
	case CMARK_NODE_LIST:
		walk_list(walk, node, way);
		return 0;
	case CMARK_NODE_ITEM:
		if (way > 0)
			walk_item(walk);
		return 0;
	case CMARK_NODE_HEADING:
		walk->strong += way;
		/* fall through */
	case CMARK_NODE_PARAGRAPH:
		if (way > 0)
			return walk_open(walk);
		walk_close(walk);
		return 0;
	case CMARK_NODE_CODE_BLOCK:
		return walk_code(walk, node);
	case CMARK_NODE_EMPH:
		walk->emph += way;
		return 0;
	case CMARK_NODE_STRONG:
		walk->strong += way;
		return 0;
	case CMARK_NODE_TEXT:
		return walk_text(walk, walk_style(walk), cmark_node_get_literal(node));
	case CMARK_NODE_CODE:
		return walk_text(walk, SPAN_CODE, cmark_node_get_literal(node));
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
		return walk_text(walk, walk_style(walk), " ");
	default: /* links and pictures give their text, HTML and rules nothing */
		return 0;
	}
}

int prose_add(struct prose *prose, cmark_node *node, struct err *err)
{
	struct walk walk = {.prose = prose};
	cmark_iter *iter = cmark_iter_new(node);
	cmark_event_type type;
	int result = 0;

	while (!result && !prose->full && (type = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *at = cmark_iter_get_node(iter);

		if (at != node && cmark_node_get_type(at) == CMARK_NODE_CODE_BLOCK &&
		    prose_runs(at)) {
			err->line = cmark_node_get_start_line(at);
			result = err_set(err, "a %.*s block cannot stand inside a list or quote",
					 (int)strcspn(cmark_node_get_fence_info(at), " \t"),
					 cmark_node_get_fence_info(at));
		} else if (walk_node(&walk, at, type == CMARK_EVENT_ENTER ? 1 : -1)) {
			err->line = cmark_node_get_start_line(node);
			prose->full = true;
			result = err_set(err,
					 "too much text: at most %d blocks, and %d lines in one",
					 BLOCKS, SPANS);
		}
	}
	cmark_iter_free(iter);
	return result;
}

char *prose_line(cmark_node *node)
{
	struct prose prose = {0};
	struct err ignored = {0};
	struct strbuf out = {0};

	prose_add(&prose, node, &ignored);
	for (size_t i = 0; i < prose.count; i++)
		for (size_t j = 0; j < prose.blocks[i].count; j++)
			strbuf_puts(&out, prose.blocks[i].spans[j].text);
	prose_free(prose.blocks, prose.count);
	return strbuf_take(&out);
}

void prose_free(struct block *blocks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < blocks[i].count; j++)
			free(blocks[i].spans[j].text);
		free(blocks[i].spans);
		free(blocks[i].marker);
		free(blocks[i].file);
	}
	free(blocks);
}
