import { BlockList, isIP } from "node:net";

/** Special-purpose networks of IPv4, by the registry of IANA and of a cloud; also multicast. */
const reservedIpv4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  // Azure's platform answers virtual machines there.
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];

/** All that is public of IPv6; loopback, mapped, translated, private and local addresses are outside. */
const globalUnicast = "2000::/3";
/** Special-purpose networks within: protocols, Teredo, documentation, 6to4. */
const reservedIpv6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const reserved = networks("ipv4", reservedIpv4);
const reservedWithin = networks("ipv6", reservedIpv6);
const unicast = networks("ipv6", [globalUnicast]);

/** False for addresses of this machine, of private networks and of special purposes, and for other texts. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !reserved.check(address, "ipv4");
  return family === 6 && unicast.check(address, "ipv6") && !reservedWithin.check(address, "ipv6");
}

function networks(family: "ipv4" | "ipv6", all: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of all) {
    const [start = "", prefix] = network.split("/");
    list.addSubnet(start, Number(prefix), family);
  }
  return list;
}
