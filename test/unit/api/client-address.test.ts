import type { IncomingMessage } from "node:http";
import { expect, test } from "@jest/globals";
import { clientResolver } from "../../../services/api/request/client-address.ts";

function request(remoteAddress: string, forwarded?: string, userAgent?: string): IncomingMessage {
  const headers = { "x-forwarded-for": forwarded, "user-agent": userAgent };
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

const address = (proxies: string[], remote: string, forwarded?: string) =>
  clientResolver(proxies)(request(remote, forwarded)).address;

test("X-Forwarded-For of someone who is no trusted proxy is not believed", () => {
  expect(address([], "203.0.113.9", "198.51.100.1")).toBe("203.0.113.9");
  expect(address(["10.0.0.0/8"], "203.0.113.9", "198.51.100.1")).toBe("203.0.113.9");
});

test("the client is the right-most address that is no trusted proxy's", () => {
  expect(address(["10.0.0.0/8"], "10.0.0.1", "6.6.6.6, 198.51.100.1, 10.2.3.4")).toBe("198.51.100.1");
});

test("client-supplied entries before the proxies' own have no effect", () => {
  expect(address(["10.0.0.1"], "10.0.0.1", "127.0.0.1, 10.0.0.1, 198.51.100.1")).toBe("198.51.100.1");
});

test("an entry that is no address ends the search at the last hop that is known", () => {
  expect(address(["10.0.0.0/8"], "10.0.0.1", "unknown, 10.2.3.4")).toBe("10.2.3.4");
  expect(address(["10.0.0.0/8"], "10.0.0.1", "")).toBe("10.0.0.1");
});

test("IPv6 networks and IPv4 addresses in IPv6 form are understood", () => {
  expect(address(["2001:db8::/32", "10.0.0.1"], "2001:db8::5", "2001:4860::1, ::ffff:10.0.0.1")).toBe(
    "2001:4860::1",
  );
  expect(address([], "::ffff:192.0.2.1")).toBe("192.0.2.1");
});

test("a trusted proxy that is no address stops the start and names the setting", () => {
  expect(() => clientResolver(["10.0.0.0/99"])).toThrow("TRUSTED_PROXIES");
  expect(() => clientResolver(["proxy.example"])).toThrow("TRUSTED_PROXIES");
});

test("the user agent is truncated", () => {
  expect(clientResolver([])(request("192.0.2.1", undefined, "x".repeat(500))).userAgent).toHaveLength(200);
});

test("the first forwarded request warns when no proxy is trusted, and never when one is", () => {
  const warnings: string[] = [];
  const read = clientResolver([], (warning) => warnings.push(warning));
  read(request("192.0.2.1"));
  expect(warnings).toEqual([]);
  for (let number = 0; number < 3; number += 1) read(request("10.0.0.1", "198.51.100.1"));
  expect(warnings).toEqual([expect.stringMatching(/from 10\.0\.0\.1 .*TRUSTED_PROXIES is empty/)]);
  clientResolver(["10.0.0.1"], (warning) => warnings.push(warning))(request("10.0.0.1", "198.51.100.1"));
  expect(warnings).toHaveLength(1);
});
