import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { Client } from "../../../mixins/service/action-runtime.ts";
import { addressSet, plainAddress } from "./address-key.ts";

const userAgentLength = 200;

/**
 * Determines client addresses. `X-Forwarded-For` is read from the right; the client is the first address that
 * is not a trusted proxy.
 *
 * @param trustedProxies addresses and networks (`10.0.0.0/8`)
 * @param warn is called once, on the first forwarded request without trusted proxies: all clients behind a
 *   proxy then share one limit
 * @throws ConfigError naming `TRUSTED_PROXIES` when an entry is neither an address nor a network
 */
export function clientResolver(
  trustedProxies: readonly string[],
  warn: (warning: string) => void = () => undefined,
): (request: IncomingMessage) => Client {
  const isTrusted = addressSet(trustedProxies, "TRUSTED_PROXIES");
  let hasWarned = false;
  return (request) => {
    let address = plainAddress(request.socket.remoteAddress ?? "");
    const forwarded = request.headers["x-forwarded-for"];
    if (forwarded !== undefined && trustedProxies.length === 0 && !hasWarned) {
      hasWarned = true;
      warn(
        `forwarded request from ${address} (X-Forwarded-For) but TRUSTED_PROXIES is empty: clients behind this proxy share one rate limit`,
      );
    }
    if (typeof forwarded === "string" && trustedProxies.length > 0) {
      const hops = forwarded.split(",").map((hop) => plainAddress(hop.trim()));
      while (isIP(address) !== 0 && isTrusted(address)) {
        const before = hops.pop();
        if (before === undefined || isIP(before) === 0) break;
        address = before;
      }
    }
    return {
      address: address || null,
      userAgent: request.headers["user-agent"]?.slice(0, userAgentLength) ?? null,
    };
  };
}
