import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { Client } from "../../mixins/shop-action.ts";
import { addressSet, plainAddress } from "./address-key.ts";

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
    let address = plainAddress(request.socket.remoteAddress ?? "");
    const forwarded = request.headers["x-forwarded-for"];
    if (typeof forwarded === "string" && trustedProxies.length > 0) {
      const hops = forwarded.split(",").map((hop) => plainAddress(hop.trim()));
      while (isIP(address) !== 0 && isTrusted(address)) {
        const before = hops.pop();
        if (before === undefined || isIP(before) === 0) break;
        address = before;
      }
    }
    return { address: address || null, userAgent: request.headers["user-agent"]?.slice(0, userAgentLength) ?? null };
  };
}
