import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ActionContract } from "../../../mixins/contract/contract.ts";
import { renditionPaths } from "../../../mixins/media/presets.ts";
import { allContracts } from "../../support/all-contracts.ts";

const folder = join(import.meta.dirname, "../../../deploy/nginx");
const http = readFileSync(join(folder, "shop/http.conf"), "utf8");
const server = readFileSync(join(folder, "shop/server.conf"), "utf8");

const locales = readFileSync(join(folder, "shop/locales.conf"), "utf8");

const routes = allContracts.flatMap(({ actions }) =>
  Object.values<ActionContract>(actions).flatMap((action) =>
    action.route ? [{ ...action, route: action.route }] : [],
  ),
);
const pathOf = ({ path, atRoot }: { path: string; atRoot?: boolean | undefined }) =>
  (atRoot ? "" : "/api/v1") + path.replaceAll(/\{\w+\}/g, "019c2f6e-0000-7000-8000-000000000001");

describe("nginx's configuration", () => {
  test("only idempotent requests are retried at the next gateway", () => {
    const [, pattern = ""] =
      /map "\$request_method \$uri \$http_idempotency_key" \$shop_repeatable \{\s+"~(.+)" 1;/.exec(http) ??
      [];
    const repeated = new RegExp(pattern);
    const sent = routes.filter(({ route }) => repeated.test(`${route.method} ${pathOf(route)} key`));
    expect(sent.map(({ route }) => route.path)).toEqual(
      expect.arrayContaining(["/orders", "/orders/{id}/payments"]),
    );
    for (const { route, idempotent } of sent) {
      expect(Object.values(route.headers ?? {})).toContain("Idempotency-Key");
      expect(idempotent).toBe(true);
      expect(repeated.test(`${route.method} ${pathOf(route)} `)).toBe(false);
    }
  });

  test("public responses are cached, and no others", () => {
    const [, pattern = ""] = /location ~ (\S+) \{\s+if \(\$shop_change\)/.exec(server) ?? [];
    const kept = new RegExp(pattern);
    const isPublic = ({ route }: (typeof routes)[number]) => route.caching === "public" && !route.atRoot;
    expect(routes.filter(isPublic).filter(({ route }) => !kept.test(pathOf(route)))).toEqual([]);
    const isPrivate = ({ route }: (typeof routes)[number]) =>
      /^\/(?:carts|orders|me(?:\/|$)|auth|users|audit)/.test(route.path);
    expect(routes.filter(isPrivate).filter(({ route }) => kept.test(pathOf(route)))).toEqual([]);
  });

  test("images are taken at full size and served from disk, and no other path is", () => {
    const [, uploads = ""] = /location ~ (\S+) \{\s+client_max_body_size 65m;/.exec(server) ?? [];
    const ofImages = routes.filter(({ route }) => route.upload?.mediaTypes.includes("image/jpeg"));
    expect(ofImages.map(({ route }) => route.path)).toContain("/me/avatar");
    expect(ofImages.filter(({ route }) => !new RegExp(uploads).test(pathOf(route)))).toEqual([]);
    const [, served = ""] = /location ~ "(\^\/media\/.+)" \{/.exec(server) ?? [];
    const hash = "0123456789abcdef".repeat(4);
    for (const path of renditionPaths("catalog", hash))
      expect(new RegExp(served).exec(`/media/${path}`)?.groups?.shop_rendition).toBe(path);
    for (const path of [`/media/../${hash}`, `/media/catalog/01/${hash}`, `/media/catalog/01/../x-card.webp`])
      expect(new RegExp(served).test(path)).toBe(false);
  });

  test("cached responses expire after a second", () => {
    const [, pattern = ""] = /map \$msec \$shop_second \{\s+"~(.+?)" \$second;/.exec(http) ?? [];
    const secondOf = (msec: string) => new RegExp(pattern).exec(msec)?.groups?.second;
    expect(secondOf("1800000000.000")).toBe("1800000000");
    expect(secondOf("1800000000.999")).toBe("1800000000");
    expect(http).toMatch(/proxy_cache_key "[^"]*\$shop_second"/);
  });

  test("cached responses are told apart by the first of the shop's languages that a client names", () => {
    const [, pattern = ""] = /# "~\*(.+)" \$language;/.exec(locales) ?? [];
    const languageOf = (header: string) => new RegExp(pattern, "i").exec(header)?.groups?.language ?? "";
    expect(languageOf("zh-CN,zh;q=0.9,en;q=0.8")).toBe("zh");
    expect(languageOf("fr-CA, ja;q=0.5, en;q=0")).toBe("ja");
    expect(languageOf("en;q=0.0, ja")).toBe("ja");
    expect(languageOf("eng, x-en, *")).toBe("");
    expect(http).toMatch(/proxy_cache_key "[^"]*\$shop_language [^"]*"/);
    expect(http).toMatch(/^proxy_set_header Accept-Language \$shop_language;$/m);
  });
});
