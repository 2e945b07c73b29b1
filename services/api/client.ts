import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { Client } from "../../mixins/shop-service.ts";
import { addressSet } from "./address-key.ts";

const userAgentLength = 200;

/**
 * Tells where requests come from. `X-Forwarded-For` is believed as far as trusted proxies wrote it: the client is the
 * right-most address that is not one of theirs.
 *
 * @param trustedProxies addresses and networks (`10.0.0.0/8`)
 * @throws ConfigError naming `TRUSTED_PROXIES` when one of them is neither
 */
export function clientReader(trustedProxies: readonly string[]): (request: IncomingMessage) => Client {
  const isTrusted = addressSet(trustedProxies, "TRUSTED_PROXIES");
  return (request) => {
    let address = plain(request.socket.remoteAddress ?? "");
    const forwarded = request.headers["x-forwarded-for"];
    if (typeof forwarded === "string" && trustedProxies.length > 0) {
      const hops = forwarded.split(",").map((hop) => plain(hop.trim()));
      while (isIP(address) !== 0 && isTrusted(address)) {
        const before = hops.pop();
        if (before === undefined || isIP(before) === 0) break;
        address = before;
      }
    }
    return { address: address || null, userAgent: request.headers["user-agent"]?.slice(0, userAgentLength) ?? null };
  };
}

/** IPv4 addresses arrive as `::ffff:192.0.2.1` at a socket that listens on both. */
function plain(address: string): string {
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
