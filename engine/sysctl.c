/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sysctl.c - net.ipv4.tcp_* of the lab's own hosts, and nothing else. */
#include "sysctl.h"

#include "procfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_MOST (64 << 20)

static const char *sysctl_leaf(const char *name)
{
	return strncmp(name, "net.ipv4.", 9) ? name : name + 9;
}

/* Is the word one of those in the text? */
static bool text_has(const char *text, const char *word)
{
	const size_t len = strlen(word);

	for (const char *at = text; len && (at = strstr(at, word)); at += len)
		if ((at == text || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

/* The largest number in the text. */
static long long text_most(const char *text)
{
	long long most = 0;

	while (*text) {
		char *end;
		const long long number = strtoll(text, &end, 10);

		most = number > most ? number : most;
		text = end > text ? end : text + 1;
	}
	return most;
}

/* What would reach beyond the lab: for root the kernel looks for a module of that name, and
 * the memory of all buffers is the machine's. */
static int value_allowed(const char *leaf, const char *value, struct err *err)
{
	static const char available[] = "/proc/sys/net/ipv4/tcp_available_congestion_control";
	char names[256];

	if (!strcmp(leaf, "tcp_congestion_control") &&
	    (procfile_read(available, names, sizeof(names)) || !text_has(names, value)))
		return err_set(err, "sysctl: this kernel has no net.ipv4.%s = %.64s at hand", leaf,
			       value);
	if ((!strcmp(leaf, "tcp_rmem") || !strcmp(leaf, "tcp_wmem")) &&
	    text_most(value) > BUFFER_MOST)
		return err_set(err, "sysctl: net.ipv4.%s: at most %d bytes here, not %.64s", leaf,
			       BUFFER_MOST, value);
	return 0;
}

int sysctl_value(const char *name, const char *value, char *out, size_t size, struct err *err)
{
	const char *leaf = sysctl_leaf(name);
	char path[128];

	/* No slash and no dot: the name stays in its directory. */
	if (strncmp(leaf, "tcp_", 4) ||
	    strspn(leaf, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(leaf) ||
	    strlen(leaf) > 64)
		return err_set(err,
			       "sysctl: only net.ipv4.tcp_* can be read and set here, not '%.64s'",
			       name);
	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/%s", leaf);
	if (access(path, F_OK))
		return err_set(err, "sysctl: a host has no net.ipv4.%s of its own", leaf);
	if (value && value_allowed(leaf, value, err))
		return -1;
	if (value && procfile_write(path, value))
		return err_set(err, "sysctl: the kernel refuses net.ipv4.%s = %.64s: %s", leaf,
			       value, strerror(errno));
	if (procfile_read(path, out, size))
		return err_set(err, "sysctl: net.ipv4.%s: %s", leaf, strerror(errno));
	/* The kernel puts tabs between several numbers. */
	for (char *tab = out; (tab = strchr(tab, '\t'));)
		*tab = ' ';
	return 0;
}

void sysctl_defaults(void)
{
	char was[16];
	struct err err;

	/* Every machine's runs shall compare; reno is always built in. */
	sysctl_value("tcp_congestion_control", "reno", was, sizeof(was), &err);
}

int settings_keep(struct settings *settings, const char *name, const char *value, const char *was,
		  struct err *err)
{
	const char *leaf = sysctl_leaf(name);
	struct setting *setting = settings->at;

	while (setting < settings->at + settings->count && strcmp(setting->name, leaf) != 0)
		setting++;
	if (setting == settings->at + SETTINGS_MAX)
		return err_set(err, "sysctl: the lab keeps %d settings", SETTINGS_MAX);
	if (setting == settings->at + settings->count) {
		settings->count++;
		snprintf(setting->name, sizeof(setting->name), "%s", leaf);
		snprintf(setting->was, sizeof(setting->was), "%s", was);
	}
	snprintf(setting->value, sizeof(setting->value), "%s", value);
	return 0;
}

void settings_apply(const struct settings *settings)
{
	char now[128];
	struct err err;

	for (unsigned i = 0; i < settings->count; i++)
		sysctl_value(settings->at[i].name, settings->at[i].value, now, sizeof(now), &err);
}

void settings_undo(struct settings *settings)
{
	char now[128];
	struct err err;

	while (settings->count--)
		sysctl_value(settings->at[settings->count].name, settings->at[settings->count].was,
			     now, sizeof(now), &err);
	settings->count = 0;
}
