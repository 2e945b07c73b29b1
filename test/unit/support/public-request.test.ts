import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  checkedUrl,
  isPublicWeb,
  literalAddress,
  requestPublic,
} from "../../../mixins/support/public-request.ts";

/** Addresses of this machine, of private networks, of clouds' metadata and of other special purposes. */
const forbidden = [
  "127.0.0.1",
  "10.0.0.1",
  "172.16.0.1",
  "192.168.0.1",
  "169.254.169.254",
  "100.100.100.200",
  "192.0.0.192",
  "168.63.129.16",
  "0.0.0.0",
];

const bytesOf = (address: string) => address.split(".").map(Number);
const numberOf = (address: string) => bytesOf(address).reduce((sum, byte) => sum * 256 + byte, 0);
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
const halves = (address: string) => {
  const whole = hex(numberOf(address), 8);
  return `${whole.slice(0, 4)}:${whole.slice(4)}`;
};
const fullWidth = (address: string) =>
  address.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
const shortened = (address: string) => {
  const [first = 0, ...others] = bytesOf(address);
  return `${first}.${others.reduce((sum, byte) => sum * 256 + byte, 0)}`;
};

/** Ways to write an IPv4 address that clients understand. */
const spellings: Readonly<Record<string, (address: string) => string>> = {
  dotted: (address) => address,
  "with a dot at the end": (address) => `${address}.`,
  decimal: (address) => String(numberOf(address)),
  hexadecimal: (address) => `0x${hex(numberOf(address), 8)}`,
  octal: (address) => `0${numberOf(address).toString(8)}`,
  "hexadecimal bytes": (address) =>
    bytesOf(address)
      .map((byte) => `0x${hex(byte, 2)}`)
      .join("."),
  "octal bytes": (address) =>
    bytesOf(address)
      .map((byte) => `0${byte.toString(8)}`)
      .join("."),
  shortened,
  "full-width digits": fullWidth,
  "percent-encoded": (address) => `%3${address.at(0)}${address.slice(1)}`,
  "mapped to IPv6": (address) => `[::ffff:${address}]`,
  "mapped to IPv6, in hexadecimal": (address) => `[::ffff:${halves(address)}]`,
  "compatible with IPv6": (address) => `[::${address}]`,
  NAT64: (address) => `[64:ff9b::${address}]`,
  "local NAT64": (address) => `[64:ff9b:1::${address}]`,
  "6to4": (address) => `[2002:${halves(address)}::1]`,
  Teredo: (address) => `[2001:0:${halves(address)}::1]`,
};

const ofIpv6 =
  "[::1] [::] [0:0:0:0:0:0:0:1] [fe80::1] [febf::1] [fec0::1] [fc00::1] [fd00:ec2::254] [fd12:3456::1] [ff02::1] [ff0e::1] [100::1] [5f00::1] [2001:db8::1] [2001:10::1] [2001:20::1] [3fff::1] [4000::1] [::2] [::ffff:0:0]".split(
    " ",
  );

/** Names, and what they resolve to. */
const names: Readonly<Record<string, readonly string[]>> = {
  localhost: ["127.0.0.1", "::1"],
  "localhost.": ["127.0.0.1"],
  LOCALHOST: ["127.0.0.1"],
  "app.localhost": ["::1"],
  "127.0.0.1.nip.example": ["127.0.0.1"],
  "metadata.google.internal": ["169.254.169.254"],
  "rabbitmq.shop.svc.cluster.local": ["10.96.0.10"],
  "mixed.example": ["93.184.216.34", "10.0.0.1"],
  "mixed-families.example": ["2606:4700::1111", "::1"],
  "mapped.example": ["::ffff:10.0.0.1"],
  "link-local.example": ["fe80::1%eth0"],
  "xn--bcher-kva.example": ["192.168.0.7"],
  "bücher.example": ["192.168.0.7"],
  "this-network.example": ["0.0.0.0"],
  "broadcast.example": ["255.255.255.255"],
};

const otherPorts = [
  22, 25, 53, 81, 444, 2375, 3000, 3306, 4369, 5432, 5672, 6379, 8080, 8443, 9200, 11_211, 15_672, 27_017,
];

const invalid = [
  "https://user@hooks.example/",
  "https://user:password@hooks.example/",
  "https://:password@hooks.example/",
  "https://hooks.example@127.0.0.1/",
  "https://127.0.0.1:443@hooks.example/",
  "ftp://hooks.example/",
  "file:///etc/passwd",
  "gopher://127.0.0.1:6379/_FLUSHALL",
  "data:text/plain,a",
  "javascript:alert(1)",
  "ws://hooks.example/",
  "unix:/run/docker.sock",
  "hooks.example",
  "//hooks.example/",
  "https://",
  "https://?path",
  "https://[::1",
  "https://256.256.256.256/",
  "https://1.2.3.4.5/",
  "https://a b.example/",
  "https://hooks.example:99999/",
  "https://%00.example/",
  "",
];

const vectors: readonly (readonly [string, string])[] = [
  ...forbidden.flatMap((address) =>
    Object.entries(spellings).map(
      ([name, spell]) => [`${address} ${name}`, `https://${spell(address)}/`] as const,
    ),
  ),
  ...ofIpv6.map((address) => [address, `https://${address}/`] as const),
  ...Object.keys(names).map((name) => [`the name ${name}`, `https://${name}/`] as const),
  ...otherPorts.map((port) => [`port ${port}`, `https://93.184.216.34:${port}/`] as const),
];

describe("a URL that somebody gave", () => {
  let server: Server;
  let port: number;
  let connections = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      response
        .writeHead(302, { location: "http://127.0.0.1/", "x-host": request.headers.host ?? "" })
        .end("moved");
    }).on("connection", () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => void server.close());

  const signal = () => AbortSignal.timeout(5000);
  const resolve = (host: string) => {
    const known = names[host] ?? names[decodeURIComponent(host)] ?? ["10.0.0.1"];
    return Promise.resolve(known.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })));
  };

  test("is tried in more than two hundred ways", () => {
    expect(vectors.length + invalid.length).toBeGreaterThanOrEqual(200);
  });

  test.each(vectors)("does not lead to %s", async (_name, url) => {
    const refused = requestPublic(url, { headers: {}, signal: signal(), resolve, protocols: ["https:"] });
    await expect(refused).rejects.toMatchObject({
      code: expect.stringMatching(/^forbidden-address$|^invalid-url$/),
    });
  });

  test.each(invalid)("is no URL to send to: %s", async (url) => {
    const refused = requestPublic(url, { headers: {}, signal: signal(), resolve, protocols: ["https:"] });
    await expect(refused).rejects.toMatchObject({ code: "invalid-url" });
  });

  test("leads to this machine in no spelling, whatever its port", async () => {
    connections = 0;
    for (const spell of Object.values(spellings))
      await expect(
        requestPublic(`http://${spell("127.0.0.1")}:${port}/`, { headers: {}, signal: signal(), resolve }),
      ).rejects.toMatchObject({ name: "FetchFault" });
    expect(connections).toBe(0);
  });

  test.each([
    "https://93.184.216.34/",
    "https://[2606:4700::1111]/",
    "https://1.1.1.1:443/",
    "http://8.8.8.8/",
  ])("may be %s", (url) => {
    const { address, port: used } = literalAddress(checkedUrl(url, ["https:", "http:"]));
    expect(isPublicWeb(address?.address ?? "", used)).toBe(true);
  });

  test("is resolved once: a name that points elsewhere by the time of the connection has no effect", async () => {
    const answers = ["127.0.0.1", "10.0.0.1"];
    let asked = 0;
    const rebinding = () => Promise.resolve([{ address: answers[asked++] ?? "", family: 4 }]);
    const response = await requestPublic(`http://rebinding.example:${port}/`, {
      headers: {},
      signal: signal(),
      resolve: rebinding,
      isAllowed: (address) => address === "127.0.0.1",
    });
    response.destroy();
    expect(asked).toBe(1);
    // The redirect is returned, and the name was sent.
    expect([response.statusCode, response.headers["x-host"]]).toEqual([302, `rebinding.example:${port}`]);
  });

  test("does not wait for a name server that does not answer", async () => {
    const silent = () => new Promise<never>(() => {});
    const late = requestPublic("https://silent.example/", {
      headers: {},
      signal: AbortSignal.timeout(20),
      resolve: silent,
    });
    await expect(late).rejects.toMatchObject({ code: "unreachable", message: "took too long" });
  });
});
