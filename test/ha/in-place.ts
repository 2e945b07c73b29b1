/**
 * For `sh -c`, in its own mount namespace: mounts the configurations in `$1` over the system's for the
 * following command only, and execs that.
 */
export const overwriteInPlace = `set -e
mkdir -p /etc/keepalived
mount --bind "$1/nginx" /etc/nginx
mount --bind "$1/keepalived" /etc/keepalived
mount --bind "$1/log" /var/log/nginx
mount -t tmpfs tmpfs /var/lib/nginx
mount -t tmpfs tmpfs /run
shift
exec "$@"`;
