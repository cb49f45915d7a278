/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * style.c - meanings times schemes. A new scheme is a column here, a new meaning a row.
 */
#include "style.h"

#include <stdlib.h>
#include <string.h>

#define NONE (-1)
#define B A_BOLD
#define R A_REVERSE
#define U A_UNDERLINE
#define D A_DIM

struct paint {
	short fg, bg;
	attr_t attr;
};

static const struct paint paints[STYLE_COUNT][SCHEME_COUNT] = {
	/* dark, light, 8 colours, high contrast, no colour */
	[STYLE_PLAIN] = {{NONE, NONE, 0},
			 {NONE, NONE, 0},
			 {NONE, NONE, 0},
			 {COLOR_WHITE, COLOR_BLACK, B},
			 {NONE, NONE, 0}},
	[STYLE_DIM] = {{245, NONE, 0},
		       {244, NONE, 0},
		       {NONE, NONE, 0},
		       {COLOR_WHITE, COLOR_BLACK, B},
		       {NONE, NONE, 0}},
	[STYLE_TITLE] = {{255, 24, B},
			 {255, 24, B},
			 {COLOR_WHITE, COLOR_BLUE, B},
			 {COLOR_BLACK, COLOR_WHITE, 0},
			 {NONE, NONE, R | B}},
	[STYLE_TITLE_DIM] = {{153, 24, 0},
			     {153, 24, 0},
			     {COLOR_WHITE, COLOR_BLUE, 0},
			     {COLOR_BLACK, COLOR_WHITE, 0},
			     {NONE, NONE, R}},
	[STYLE_PAST] = {{232, 214, B},
			{232, 214, B},
			{COLOR_BLACK, COLOR_YELLOW, 0},
			{COLOR_BLACK, COLOR_YELLOW, 0},
			{NONE, NONE, B}},
	[STYLE_WARNING] = {{214, 24, B},
			   {214, 24, B},
			   {COLOR_YELLOW, COLOR_BLUE, B},
			   {COLOR_BLACK, COLOR_YELLOW, 0},
			   {NONE, NONE, R | B}},
	[STYLE_FRAME] = {{240, NONE, 0},
			 {248, NONE, 0},
			 {NONE, NONE, 0},
			 {COLOR_WHITE, COLOR_BLACK, B},
			 {NONE, NONE, 0}},
	[STYLE_FOCUS] = {{255, NONE, B},
			 {16, NONE, B},
			 {COLOR_WHITE, NONE, B},
			 {COLOR_WHITE, COLOR_BLACK, B},
			 {NONE, NONE, B}},
	[STYLE_CLIENT] = {{81, NONE, B},
			  {25, NONE, B},
			  {COLOR_CYAN, NONE, B},
			  {COLOR_WHITE, COLOR_BLACK, B},
			  {NONE, NONE, B}},
	[STYLE_SERVER] = {{215, NONE, B},
			  {130, NONE, B},
			  {COLOR_YELLOW, NONE, B},
			  {COLOR_WHITE, COLOR_BLACK, B},
			  {NONE, NONE, B}},
	[STYLE_CHILD] = {{177, NONE, B},
			 {90, NONE, B},
			 {COLOR_MAGENTA, NONE, B},
			 {COLOR_WHITE, COLOR_BLACK, B},
			 {NONE, NONE, B}},
	[STYLE_STATE_OPEN] = {{255, 28, B},
			      {255, 28, B},
			      {COLOR_WHITE, COLOR_GREEN, B},
			      {COLOR_BLACK, COLOR_YELLOW, 0},
			      {NONE, NONE, R | B}},
	[STYLE_STATE_HALF] = {{232, 179, B},
			      {232, 179, B},
			      {COLOR_BLACK, COLOR_YELLOW, 0},
			      {COLOR_BLACK, COLOR_WHITE, 0},
			      {NONE, NONE, R | B}},
	[STYLE_STATE_GONE] = {{252, 238, B},
			      {232, 250, B},
			      {COLOR_BLACK, COLOR_WHITE, 0},
			      {COLOR_WHITE, COLOR_BLACK, B | U},
			      {NONE, NONE, R}},
	[STYLE_DEAD] = {{255, 124, B},
			{255, 124, B},
			{COLOR_WHITE, COLOR_RED, B},
			{COLOR_WHITE, COLOR_RED, B},
			{NONE, NONE, R | B}},
	[STYLE_BLOCKED] = {{255, 54, B},
			   {255, 54, B},
			   {COLOR_WHITE, COLOR_MAGENTA, B},
			   {COLOR_WHITE, COLOR_BLUE, B},
			   {NONE, NONE, B | U}},
	[STYLE_CHANGED] = {{226, NONE, B},
			   {166, NONE, B},
			   {COLOR_YELLOW, NONE, B},
			   {COLOR_YELLOW, COLOR_BLACK, B},
			   {NONE, NONE, B}},
	[STYLE_LABEL] = {{247, NONE, 0},
			 {241, NONE, 0},
			 {NONE, NONE, 0},
			 {COLOR_WHITE, COLOR_BLACK, B},
			 {NONE, NONE, 0}},
	[STYLE_VALUE] = {{255, NONE, 0},
			 {16, NONE, 0},
			 {COLOR_WHITE, NONE, B},
			 {COLOR_WHITE, COLOR_BLACK, B},
			 {NONE, NONE, 0}},
	[STYLE_TIME] = {{243, NONE, 0},
			{246, NONE, 0},
			{NONE, NONE, 0},
			{COLOR_WHITE, COLOR_BLACK, B},
			{NONE, NONE, 0}},
	[STYLE_COMMAND] = {{255, NONE, B},
			   {16, NONE, B},
			   {COLOR_WHITE, NONE, B},
			   {COLOR_WHITE, COLOR_BLACK, B},
			   {NONE, NONE, B}},
	[STYLE_SEGMENT] = {{250, NONE, 0},
			   {240, NONE, 0},
			   {NONE, NONE, 0},
			   {COLOR_WHITE, COLOR_BLACK, B},
			   {NONE, NONE, 0}},
	[STYLE_SYN] = {{114, NONE, 0},
		       {28, NONE, 0},
		       {COLOR_GREEN, NONE, 0},
		       {COLOR_WHITE, COLOR_BLACK, B},
		       {NONE, NONE, 0}},
	[STYLE_FIN] = {{221, NONE, 0},
		       {130, NONE, 0},
		       {COLOR_YELLOW, NONE, 0},
		       {COLOR_WHITE, COLOR_BLACK, B},
		       {NONE, NONE, 0}},
	[STYLE_RST] = {{203, NONE, B},
		       {160, NONE, B},
		       {COLOR_RED, NONE, B},
		       {COLOR_YELLOW, COLOR_BLACK, B},
		       {NONE, NONE, B}},
	[STYLE_DATA] = {{255, NONE, 0},
			{16, NONE, 0},
			{COLOR_WHITE, NONE, B},
			{COLOR_WHITE, COLOR_BLACK, B},
			{NONE, NONE, 0}},
	[STYLE_HELD] = {{219, NONE, B},
			{90, NONE, B},
			{COLOR_MAGENTA, NONE, B},
			{COLOR_YELLOW, COLOR_BLACK, B},
			{NONE, NONE, B}},
	[STYLE_CHANGE] = {{179, NONE, 0},
			  {94, NONE, 0},
			  {COLOR_YELLOW, NONE, 0},
			  {COLOR_WHITE, COLOR_BLACK, B},
			  {NONE, NONE, 0}},
	[STYLE_ERROR] = {{210, NONE, B},
			 {160, NONE, B},
			 {COLOR_RED, NONE, B},
			 {COLOR_YELLOW, COLOR_BLACK, B},
			 {NONE, NONE, B}},
	[STYLE_GOOD] = {{114, NONE, B},
			{28, NONE, B},
			{COLOR_GREEN, NONE, B},
			{COLOR_WHITE, COLOR_BLACK, B},
			{NONE, NONE, B}},
	[STYLE_CURSOR] = {{232, 214, 0},
			  {232, 222, 0},
			  {COLOR_BLACK, COLOR_YELLOW, 0},
			  {COLOR_BLACK, COLOR_YELLOW, 0},
			  {NONE, NONE, R}},
	[STYLE_DECIDER] = {{226, NONE, B},
			   {166, NONE, B},
			   {COLOR_YELLOW, NONE, B},
			   {COLOR_YELLOW, COLOR_BLACK, B},
			   {NONE, NONE, B}},
	[STYLE_RULE] = {{240, NONE, 0},
			{250, NONE, 0},
			{NONE, NONE, 0},
			{COLOR_WHITE, COLOR_BLACK, B},
			{NONE, NONE, 0}},
	[STYLE_HEADING] = {{222, NONE, B},
			   {24, NONE, B},
			   {COLOR_YELLOW, NONE, B},
			   {COLOR_YELLOW, COLOR_BLACK, B},
			   {NONE, NONE, B | U}},
	[STYLE_EMPH] = {{NONE, NONE, U},
			{NONE, NONE, U},
			{NONE, NONE, U},
			{COLOR_WHITE, COLOR_BLACK, B | U},
			{NONE, NONE, U}},
	[STYLE_STRONG] = {{255, NONE, B},
			  {16, NONE, B},
			  {COLOR_WHITE, NONE, B},
			  {COLOR_WHITE, COLOR_BLACK, B},
			  {NONE, NONE, B}},
	[STYLE_CODE] = {{151, NONE, 0},
			{23, NONE, 0},
			{COLOR_CYAN, NONE, 0},
			{COLOR_WHITE, COLOR_BLACK, B},
			{NONE, NONE, 0}},
	[STYLE_CODE_NOW] = {{255, 236, B},
			    {16, 254, B},
			    {COLOR_CYAN, NONE, B},
			    {COLOR_WHITE, COLOR_BLACK, B},
			    {NONE, NONE, B}},
	[STYLE_QUOTE] = {{250, NONE, 0},
			 {238, NONE, 0},
			 {NONE, NONE, 0},
			 {COLOR_WHITE, COLOR_BLACK, B},
			 {NONE, NONE, 0}},
	[STYLE_CHOICE] = {{255, 24, B},
			  {255, 24, B},
			  {COLOR_WHITE, COLOR_BLUE, B},
			  {COLOR_BLACK, COLOR_WHITE, 0},
			  {NONE, NONE, R}},
	[STYLE_PROMPT] = {{255, NONE, B},
			  {16, NONE, B},
			  {COLOR_WHITE, NONE, B},
			  {COLOR_WHITE, COLOR_BLACK, B},
			  {NONE, NONE, B}},
	[STYLE_INPUT] = {{255, NONE, 0},
			 {16, NONE, 0},
			 {NONE, NONE, 0},
			 {COLOR_WHITE, COLOR_BLACK, B},
			 {NONE, NONE, 0}},
	[STYLE_HINT] = {{109, NONE, 0},
			{30, NONE, 0},
			{COLOR_CYAN, NONE, 0},
			{COLOR_WHITE, COLOR_BLACK, B},
			{NONE, NONE, 0}},
	[STYLE_MESSAGE] = {{223, NONE, B},
			   {130, NONE, B},
			   {COLOR_YELLOW, NONE, B},
			   {COLOR_YELLOW, COLOR_BLACK, B},
			   {NONE, NONE, B}},
	[STYLE_KEY] = {{255, 238, B},
		       {16, 252, B},
		       {COLOR_BLACK, COLOR_WHITE, 0},
		       {COLOR_BLACK, COLOR_WHITE, 0},
		       {NONE, NONE, R}},
	[STYLE_KEY_TEXT] = {{248, NONE, 0},
			    {240, NONE, 0},
			    {NONE, NONE, 0},
			    {COLOR_WHITE, COLOR_BLACK, B},
			    {NONE, NONE, 0}},
};

/* Some terminals tell: "0;15" is black on white. */
static bool ground_is_light(void)
{
	const char *colours = getenv("COLORFGBG"), *ground = colours ? strrchr(colours, ';') : NULL;

	return ground && (!strcmp(ground, ";15") || !strcmp(ground, ";7"));
}

enum scheme style_choose(const char *theme)
{
	const char *no_color = getenv("NO_COLOR");

	if ((theme && !strcmp(theme, "mono")) || (!theme && no_color && *no_color) || !has_colors())
		return SCHEME_MONO;
	start_color(); /* COLORS is 0 before; in mono it would paint white on black */
	if (theme && !strcmp(theme, "contrast"))
		return SCHEME_CONTRAST;
	if (COLORS < 256 || COLOR_PAIRS < 128)
		return SCHEME_EIGHT;
	return theme ? (!strcmp(theme, "light") ? SCHEME_LIGHT : SCHEME_DARK)
		     : (ground_is_light() ? SCHEME_LIGHT : SCHEME_DARK);
}

void style_start(enum scheme scheme, attr_t attrs[STYLE_COUNT], short pairs[STYLE_COUNT])
{
	short last = 0, fore[STYLE_COUNT] = {0}, back[STYLE_COUNT] = {0};
	bool own = false; /* -1 is the terminal's own colour */

	if (scheme != SCHEME_MONO)
		own = use_default_colors() == OK;
	for (int style = 0; style < STYLE_COUNT; style++) {
		const struct paint *paint = &paints[style][scheme];
		short fg = paint->fg, bg = paint->bg, pair;

		attrs[style] = paint->attr;
		pairs[style] = 0;
		if (scheme == SCHEME_MONO || (fg == NONE && bg == NONE))
			continue;
		if (!own) {
			fg = fg == NONE ? COLOR_WHITE : fg;
			bg = bg == NONE ? COLOR_BLACK : bg;
		}
		for (pair = 1; pair <= last; pair++)
			if (fore[pair] == fg && back[pair] == bg)
				break;
		if (pair > last) {
			if (pair >= COLOR_PAIRS || init_pair(pair, fg, bg) != OK)
				continue;
			last = pair;
			fore[pair] = fg;
			back[pair] = bg;
		}
		pairs[style] = pair;
	}
}
