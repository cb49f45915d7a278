#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make install: everything in its place, the program finds its parts there, uninstall takes all of it
# and nothing else.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"
unset MAKEFLAGS MAKELEVEL
listed() { # DIRECTORY
	(cd "$1" && find . \( -type f -o -type l \) -exec cksum {} + | sort)
}
for prefix in /usr '/opt/both ends'; do
	root="$dir/of ${prefix##*/}"
	# What others have put where we do.
	for other in bin/other share/zsh/site-functions/_other share/man/man1/other.1; do
		mkdir -p "$root$prefix/${other%/*}"
		echo "$other" >"$root$prefix/$other"
	done
	mkdir -p "$root/etc/apparmor.d"
	echo other >"$root/etc/apparmor.d/other"
	listed "$root" >before
	make -C "$SOURCE" O="$O" PREFIX="$prefix" DESTDIR="$root" install >out 2>&1
	verdict "make install PREFIX='$prefix'" out
	[ -x "$root$prefix/bin/bothends" ] && [ -x "$root$prefix/libexec/bothends/bothends-actor" ] &&
		ls "$root$prefix"/share/bothends/lessons/*.md >/dev/null
	verdict "program, actor and lessons ($prefix)" out
	for file in bash-completion/completions/bothends zsh/site-functions/_bothends \
		fish/vendor_completions.d/bothends.fish doc/bothends/CHANGELOG.md; do
		[ -s "$root$prefix/share/$file" ] || echo "$file"
	done >missing
	[ ! -s missing ]
	verdict "completion and papers ($prefix)" missing
	grep -q "^profile bothends \"$prefix/bin/bothends\"" "$root/etc/apparmor.d/bothends"
	verdict "the AppArmor profile names the program ($prefix)" "$root/etc/apparmor.d/bothends"
	page=$root$prefix/share/man/man1/bothends.1
	grep -q '^\.SH EXIT STATUS' "$page" && grep -q 'fBlinger' "$page" && ! grep -q '@' "$page"
	verdict "the manual page has the commands in it ($prefix)" out
	(cd / && timeout 100 "$root$prefix/bin/bothends" check -j 2 \
		"$root$prefix"/share/bothends/lessons/0*.md) >out 2>err </dev/null
	status=$?
	grep -q '^ok' out && ! grep -q '^not ok' out && [ $status -le 3 ]
	verdict "the installed program plays the installed lessons ($prefix)" out err
	# Another's profile in that place stays.
	make -C "$SOURCE" O="$O" PREFIX=/elsewhere DESTDIR="$root" uninstall >out 2>&1 &&
		[ -f "$root/etc/apparmor.d/bothends" ]
	verdict "uninstall of another prefix leaves this one alone ($prefix)" out
	make -C "$SOURCE" O="$O" PREFIX="$prefix" DESTDIR="$root" uninstall >out 2>&1 &&
		listed "$root" >after && cmp -s before after
	verdict "make uninstall takes all of it, and nothing else ($prefix)" out before after
	[ ! -e "$root$prefix/share/bothends" ] && [ ! -e "$root$prefix/libexec/bothends" ]
	verdict "nor leaves a directory ($prefix)" out
done

# An ordinary user, into a prefix of his own, without DESTDIR.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	mkdir mine && chown 65534:65534 mine
	own() {
		setpriv --reuid 65534 --regid 65534 --clear-groups \
			env HOME="$dir/mine" make -C "$SOURCE" O="$O" PREFIX="$dir/mine" "$1"
	}
	if ! setpriv --reuid 65534 --regid 65534 --clear-groups test -r "$SOURCE/Makefile" -a -r "$O"; then
		skip "install as an ordinary user" "uid 65534 does not reach the tree"
	else
		ls -l /etc/apparmor.d/bothends >before 2>&1
		own install >out 2>&1 && [ -x mine/bin/bothends ]
		verdict "make install as an ordinary user" out
		own uninstall >out 2>&1 && [ -z "$(find mine -type f)" ]
		verdict "and uninstall" out
		ls -l /etc/apparmor.d/bothends >after 2>&1
		cmp -s before after
		verdict "the system's AppArmor profiles are left alone" before after
	fi
fi

# One place has the version.
version=$(sed -nE 's/^#define LAB_VERSION "([^"]+)".*/\1/p' "$SOURCE/engine/lab.h")
"$BOTHENDS" --version >out
{
	[ "$(cat out)" = "bothends $version" ] &&
		grep -q "\"bothends $version\"" "$O/bothends.1" &&
		[ "$(sed -nE 's/^## ([0-9.]+) - .*/\1/p' "$SOURCE/CHANGELOG.md" | head -n 1)" = "$version" ] &&
		head -n 1 "$O/bothends.bash" | grep -qF "$version"
}
verdict "program, manual, changelog and completion have one version: $version" out

# The manual is good roff.
if command -v groff >/dev/null; then
	groff -man -ww -Tutf8 "$O/bothends.1" 2>err >out && [ ! -s err ] && grep -q 'FIN_WAIT2\|state' out
	verdict "groff has no warning for the manual page" err
fi
if command -v mandoc >/dev/null; then
	mandoc -Tlint -Wwarning "$O/bothends.1" >out 2>&1
	verdict "nor has mandoc" out
fi
done_testing
