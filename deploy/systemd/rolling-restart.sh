#!/bin/sh
# Restarts the nodes of this machine one after the other, gateways last, and goes on only when the last one is ready.
# Ends with 1 at the first that is not, and leaves the others as they are. One machine at a time.
set -eu

etc=${SHOP_ETC:-/etc/shopserver}
patience=${SHOP_READY_SECONDS:-60}

value() { # file, name: the last one counts, as it does for systemd
    sed -n "s/^$2=//p" "$1" | tail -n 1
}

services_of() { # instance
    named=$(value "$etc/nodes/$1.env" SERVICES)
    echo "${named:-$1}"
}

ready() { # instance
    port=$(value "$etc/nodes/$1.env" INTERNAL_PORT)
    curl --silent --fail --output /dev/null --max-time 5 "http://127.0.0.1:$port/ready"
}

restart() { # instance
    echo "shopserver@$1: restarting"
    systemctl restart "shopserver@$1.service"
    waited=0
    until ready "$1"; do
        if [ "$waited" -ge "$patience" ]; then
            echo "shopserver@$1 is not ready after $patience s: the others are left as they are" >&2
            exit 1
        fi
        waited=$((waited + 1))
        sleep 1
    done
    echo "shopserver@$1: ready"
}

units=$(systemctl list-units --plain --no-legend --state=active 'shopserver@*.service' | awk '{ print $1 }')
instances=$(for unit in $units; do unit=${unit#shopserver@}; echo "${unit%.service}"; done)

# A gateway that offers what no node can do yet would not become ready.
for gateways in no yes; do
    for instance in $instances; do
        case ",$(services_of "$instance")," in
            *,api,*) kind=yes ;;
            *) kind=no ;;
        esac
        if [ "$kind" = "$gateways" ]; then restart "$instance"; fi
    done
done
