#!/bin/sh
# Installs the packages given as arguments (as root, on Debian or Ubuntu) without letting any of them
# start a service now or enable one for the next boot. It is a script of its own, not a part of the
# stack command, so that it finishes and puts things back even when that command is killed.
set -eu

policy=/usr/sbin/policy-rc.d
saved=$policy.before-shopserver-stack
none=$policy.none-before-shopserver-stack

# One at a time: a second run would take the first one's policy for the system's.
exec 9>/run/shopserver-stack-install.lock
flock 9

put_policy_back() {
    if [ -e "$saved" ] || [ -L "$saved" ]; then
        mv -f "$saved" "$policy"
    elif [ -e "$none" ]; then
        rm -f "$policy" "$none"
    fi
}

# Everything that starts at boot, by systemd or by the older runlevels.
starts_at_boot() {
    find /etc/systemd/system -mindepth 2 -type l -path '*.wants/*' 2>/dev/null || true
    find /etc/rc[2-5].d -name 'S*' 2>/dev/null || true
}

put_policy_back # a run that was killed could not
trap put_policy_back EXIT
trap 'exit 130' INT TERM HUP

before=$(starts_at_boot | sort)

# Debian's own way of saying "start no service" to a package that is being installed.
if [ -e "$policy" ] || [ -L "$policy" ]; then mv "$policy" "$saved"; else : > "$none"; fi
printf '#!/bin/sh\nexit 101\n' > "$policy"
chmod 755 "$policy"

export DEBIAN_FRONTEND=noninteractive
install() {
    # --no-remove: a database or broker that is here already is never replaced.
    apt-get install --yes --no-install-recommends --no-remove -o DPkg::Lock::Timeout=300 "$@" < /dev/null
}
# The package lists may be missing or too old: then fetch them and try once more.
install "$@" || { apt-get update && install "$@"; }

starts_at_boot | sort | while read -r link; do
    if printf '%s\n' "$before" | grep -qxF "$link"; then continue; fi
    case $link in
        /etc/systemd/*) rm -f "$link" ;; # what `systemctl disable` does; it may not be there, and an upgrade respects it
        *) name=$(basename "$link"); update-rc.d "${name#S??}" disable 2>/dev/null || rm -f "$link" ;;
    esac
done
