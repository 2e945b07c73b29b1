/**
 * For `sh -c`, in mounts of its own: puts the configurations in `$1` into the places of the system's, for the command
 * that follows only, and becomes that.
 */
export const inPlace = `set -e
mkdir -p /etc/keepalived
mount --bind "$1/nginx" /etc/nginx
mount --bind "$1/keepalived" /etc/keepalived
mount --bind "$1/log" /var/log/nginx
mount -t tmpfs tmpfs /var/lib/nginx
mount -t tmpfs tmpfs /run
shift
exec "$@"`;
