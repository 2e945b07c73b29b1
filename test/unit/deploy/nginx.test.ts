import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ActionContract } from "../../../services/contract/contract.ts";
import { allContracts } from "../../../services/contracts.ts";

const folder = join(import.meta.dirname, "../../../deploy/nginx");
const http = readFileSync(join(folder, "shop/http.conf"), "utf8");
const server = readFileSync(join(folder, "shop/server.conf"), "utf8");

const routes = allContracts.flatMap(({ actions }) =>
  Object.values<ActionContract>(actions).flatMap((action) => (action.route ? [{ ...action, route: action.route }] : [])),
);
const pathOf = ({ path, atRoot }: { path: string; atRoot?: boolean | undefined }) =>
  (atRoot ? "" : "/api/v1") + path.replaceAll(/\{\w+\}/g, "019c2f6e-0000-7000-8000-000000000001");

describe("nginx's configuration", () => {
  test("only what compares its key, and may be sent again, is sent again", () => {
    const [, pattern = ""] = /map "\$request_method \$uri \$http_idempotency_key" \$shop_repeatable \{\s+"~(.+)" 1;/.exec(http) ?? [];
    const repeated = new RegExp(pattern);
    const sent = routes.filter(({ route }) => repeated.test(`${route.method} ${pathOf(route)} key`));
    expect(sent.map(({ route }) => route.path)).toEqual(expect.arrayContaining(["/orders", "/orders/{id}/payments"]));
    for (const { route, idempotent } of sent) {
      expect(Object.values(route.headers ?? {})).toContain("Idempotency-Key");
      expect(idempotent).toBe(true);
      expect(repeated.test(`${route.method} ${pathOf(route)} `)).toBe(false);
    }
  });

  test("whatever is public is kept, and nothing else is asked of the cache", () => {
    const [, pattern = ""] = /location ~ (\S+) \{\s+if \(\$shop_change\)/.exec(server) ?? [];
    const kept = new RegExp(pattern);
    const isPublic = ({ route }: (typeof routes)[number]) => route.caching === "public" && !route.atRoot;
    expect(routes.filter(isPublic).filter(({ route }) => !kept.test(pathOf(route)))).toEqual([]);
    const isPrivate = ({ route }: (typeof routes)[number]) => /^\/(?:carts|orders|me|auth|users|audit)/.test(route.path);
    expect(routes.filter(isPrivate).filter(({ route }) => kept.test(pathOf(route)))).toEqual([]);
  });

  test("nothing that is kept is given for longer than a second", () => {
    const [, pattern = ""] = /map \$msec \$shop_second \{\s+"~(.+?)" \$second;/.exec(http) ?? [];
    const secondOf = (msec: string) => new RegExp(pattern).exec(msec)?.groups?.second;
    expect(secondOf("1800000000.000")).toBe("1800000000");
    expect(secondOf("1800000000.999")).toBe("1800000000");
    expect(http).toMatch(/proxy_cache_key "[^"]*\$shop_second"/);
  });
});
