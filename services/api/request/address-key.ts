import { BlockList, isIP } from "node:net";
import { ConfigError } from "../../../config/index.ts";

/** Matches an address against a set of addresses and networks. */
export type AddressSet = (address: string) => boolean;

/**
 * @param setting name of the setting that lists them
 * @throws ConfigError naming the setting when an entry is neither an address nor a network
 */
export function addressSet(addresses: readonly string[], setting: string): AddressSet {
  const list = new BlockList();
  for (const entry of addresses) {
    const [address = "", bits] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    try {
      if (bits === undefined) list.addAddress(address, family);
      else list.addSubnet(address, Number(bits), family);
    } catch {
      throw new ConfigError(`bad setting: ${setting}: ${entry} is neither an address nor a network`);
    }
  }
  return (address) => list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** Dual-stack sockets report IPv4 addresses as `::ffff:192.0.2.1`. */
export function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

/**
 * Rate-limit key of an address: itself, or for IPv6 its /64 network, which one household or one server owns.
 */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const [withoutZone = ""] = address.split("%");
  const [left = "", right] = withoutZone.split("::");
  const before = left === "" ? [] : left.split(":");
  const after = right === undefined || right === "" ? [] : right.split(":");
  const zeros = right === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}
