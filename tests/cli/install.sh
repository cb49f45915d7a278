#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make install: everything in its place, the program finds its parts there, uninstall takes it all.
# shellcheck source=tests/cli/lib.sh
. "$SOURCE/tests/cli/lib.sh"
unset MAKEFLAGS MAKELEVEL
for prefix in /usr/local /opt/both; do
	root=$dir/${prefix##*/}
	make -C "$SOURCE" O="$O" PREFIX=$prefix DESTDIR="$root" install >out 2>&1
	verdict "make install PREFIX=$prefix" out
	[ -x "$root$prefix/bin/bothends" ] && [ -x "$root$prefix/libexec/bothends/bothends-actor" ] &&
		ls "$root$prefix"/share/bothends/lessons/*.md >/dev/null
	verdict "program, actor and lessons ($prefix)" out
	grep -q "^profile bothends \"$prefix/bin/bothends\"" "$root/etc/apparmor.d/bothends"
	verdict "the AppArmor profile names the program ($prefix)" "$root/etc/apparmor.d/bothends"
	page=$root$prefix/share/man/man1/bothends.1
	grep -q '^\.SH EXIT STATUS' "$page" && grep -q 'fBlinger' "$page" && ! grep -q '@' "$page"
	verdict "the manual page has the commands in it ($prefix)" out
	(cd / && timeout 100 "$root$prefix/bin/bothends" check -j 2) >out 2>err </dev/null
	status=$?
	grep -q '^ok' out && ! grep -q '^not ok' out && [ $status -le 3 ]
	verdict "the installed program plays the installed lessons ($prefix)" out err
	make -C "$SOURCE" O="$O" PREFIX=$prefix DESTDIR="$root" uninstall >out 2>&1 &&
		[ -z "$(find "$root" -type f -o -type l)" ]
	verdict "make uninstall leaves no file ($prefix)" out
done
done_testing
