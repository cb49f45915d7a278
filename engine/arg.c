/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arg.c - the words of a command or condition, once it has been understood. */
#include "grammar.h"

#include <stdlib.h>
#include <string.h>

/* Constant names for the words of the patterns: those are slices of the usage lines. */
static const char *arg_name(const struct binding *binding, const char *text)
{
	const struct value *value;

	if (binding->keyword)
		return text;
	for (size_t i = 0; (value = value_at(i)); i++)
		if (strlen(value->name) == binding->len &&
		    !memcmp(value->name, binding->name, binding->len))
			return value->name;
	return text;
}

unsigned args_take(struct arg *args, const struct bindings *bindings, const struct tokens *tokens)
{
	for (unsigned i = 0; i < bindings->count; i++) {
		const struct binding *binding = &bindings->at[i];
		const struct token *token = &tokens->at[binding->token];
		struct arg *arg = &args[i];

		arg->num = binding->num;
		arg->len = token->len;
		arg->text = xmemdup(token->text, token->len);
		arg->name = arg_name(binding, arg->text);
	}
	return bindings->count;
}

void args_copy(struct arg *to, const struct arg *from, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		to[i] = from[i];
		to[i].text = xmemdup(from[i].text, from[i].len);
		if (from[i].name == from[i].text)
			to[i].name = to[i].text;
	}
}

void args_free(struct arg *args, unsigned *count)
{
	for (unsigned i = 0; i < *count; i++)
		free(args[i].text);
	*count = 0;
}

const struct arg *args_find(const struct arg *args, unsigned count, const char *name)
{
	for (unsigned i = 0; i < count; i++)
		if (!strcmp(args[i].name, name))
			return &args[i];
	return NULL;
}
