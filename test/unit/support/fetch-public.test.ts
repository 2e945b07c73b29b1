import { createServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { FetchOptions } from "../../../mixins/support/fetch-public.ts";
import { fetchPublic } from "../../../mixins/support/fetch-public.ts";
import { isPublicAddress } from "../../../mixins/support/public-address.ts";

describe("an address", () => {
  test.each(["8.8.8.8", "93.184.216.34", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::8a"])(
    "%s is public",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  test.each([
    ..."0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8".split(" "),
    ..."192.0.2.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255".split(
      " ",
    ),
    ..."::1 :: fe80::1 fc00::1 fd12::1 ff02::1 ::ffff:8.8.8.8 ::ffff:127.0.0.1 64:ff9b::7f00:1".split(" "),
    ..."2001::1 2001:db8::1 2002:7f00:1:: 3fff::1 fe80::1%eth0 localhost 127.1".split(" "),
  ])("%s is not", (address) => expect(isPublicAddress(address)).toBe(false));
});

describe("fetching a URL that somebody gave", () => {
  let server: Server;
  let port: number;
  let requests: string[] = [];
  beforeAll(async () => {
    const http = createServer((request, response) => {
      requests.push(`${request.headers.host} ${request.url}`);
      const [, kind, rest = ""] = /^\/(\w+)\/?(.*)$/.exec(request.url ?? "") ?? [];
      if (kind === "to") response.writeHead(302, { location: decodeURIComponent(rest) }).end();
      else if (kind === "picture") response.end("a picture");
      else if (kind === "cut")
        response.writeHead(200, { "content-length": 99 }).write("a", () => response.destroy());
      else if (kind !== "silence") response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    server = http;
    ({ port } = http.address() as AddressInfo);
  });
  afterAll(() => void server.close());

  const get = (url: string, options: Partial<FetchOptions> = {}) =>
    text(fetchPublic(url, { timeoutMs: 5000, ...options }));
  /** As if this machine's address were public, for a name that only the test knows. */
  const allowed = {
    isAllowed: (address: string, used: number) => address === "127.0.0.1" && used === port,
    resolve: (host: string) =>
      Promise.resolve([{ address: host === "pictures.example" ? "127.0.0.1" : "10.0.0.1", family: 4 }]),
  };
  const url = (path: string, host = "pictures.example") => `http://${host}:${port}/${path}`;
  const to = (target: string) => url(`to/${encodeURIComponent(target)}`);

  test("connects to the checked address, with the host's name in the request", async () => {
    requests = [];
    expect(await get(to("/picture"), allowed)).toBe("a picture");
    expect(requests.at(-1)).toBe(`pictures.example:${port} /picture`);
  });

  test.each(["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])(
    "does not connect to %s",
    async (host) => {
      requests = [];
      await expect(get(url("picture", host))).rejects.toMatchObject({ code: "forbidden-address" });
      expect(requests).toEqual([]);
    },
  );

  test("follows no redirect to a forbidden address, and not more than three", async () => {
    await expect(get(to(url("picture", "internal.example")), allowed)).rejects.toMatchObject({
      code: "forbidden-address",
    });
    const again = to(to(to(to("/picture"))));
    await expect(get(again, allowed)).rejects.toMatchObject({ code: "bad-response" });
    await expect(get(to("file:///etc/passwd"), allowed)).rejects.toMatchObject({ code: "invalid-url" });
  });

  test("refuses a host when one of its addresses is forbidden, and other ports of public ones", async () => {
    const addresses = ["93.184.216.34", "10.0.0.1"].map((address) => ({ address, family: 4 }));
    const resolve = () => Promise.resolve(addresses);
    await expect(get("http://mixed.example/", { resolve })).rejects.toMatchObject({
      code: "forbidden-address",
    });
    await expect(get("http://93.184.216.34:6379/")).rejects.toMatchObject({ code: "forbidden-address" });
  });

  test.each([
    ["file:///etc/passwd", "invalid-url"],
    ["ftp://pictures.example/", "invalid-url"],
    ["http://user:pass@pictures.example/", "invalid-url"],
    ["picture.jpg", "invalid-url"],
  ])("refuses %s", async (target, code) => {
    await expect(get(target)).rejects.toMatchObject({ code });
  });

  test("reports what is missing, cut, silent or unknown", async () => {
    await expect(get(url("missing"), allowed)).rejects.toMatchObject({ code: "bad-response" });
    await expect(get(url("cut"), allowed)).rejects.toMatchObject({ code: "unreachable" });
    await expect(get(url("silence"), { ...allowed, timeoutMs: 50 })).rejects.toMatchObject({
      code: "unreachable",
      message: "took too long",
    });
    const resolve = () => Promise.reject(Object.assign(new Error("x"), { code: "ENOTFOUND" }));
    await expect(get("http://nowhere.example/", { resolve })).rejects.toMatchObject({ code: "unreachable" });
  });
});
