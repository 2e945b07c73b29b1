import { expect, test } from "@jest/globals";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { apiIndex } from "../../../services/api/pages/index-of-api.ts";
import { apiPrefix, endpointsOf } from "../../../services/api/routing/endpoints.ts";
import { allContracts } from "../../support/all-contracts.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const guides = ["README.md", "docs/*.md", "docs/guides/*.md"]
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .toSorted();

const endpoints = endpointsOf(allContracts);
const routes = [
  ...endpoints.map(({ route, path }) => `${route.method} ${path}`),
  ...Object.values(apiIndex(allContracts, endpoints).links).map((path) => `GET ${path}`),
].map((route) => route.replaceAll(/\{\w+\}/g, "{}"));

const method = "(?:GET|POST|PUT|PATCH|DELETE)";
/** Several methods can share a path: `GET`, `DELETE /me/avatar`. */
const named = new RegExp(`((?:\`${method}\`,? )*)\`(${method}) (/[^\\s\`]*)\``, "g");

/** Routes that a page names, without prefix and query. */
function routesIn(page: string): string[] {
  const prose = readFileSync(join(root, page), "utf8").replaceAll(/^ *```[^]*?^ *```$/gm, "");
  return [...prose.matchAll(named)].flatMap(([, more = "", last = "", path = ""]) => {
    const [shown = ""] = path.replace(apiPrefix, "").split("?");
    return [...more.matchAll(new RegExp(method, "g")), last].map((verb) => `${String(verb)} ${shown}`);
  });
}

/** A segment that a page gives as an example stands for a param. */
function isServed(shown: string): boolean {
  const [verb = "", path = ""] = shown.replaceAll(/\{\w+\}/g, "{}").split(" ");
  const wanted = path.split("/");
  return routes.some((route) => {
    const [served = "", pattern = ""] = route.replace(` ${apiPrefix}/`, " /").split(" ");
    const segments = pattern.split("/");
    return (
      served === verb &&
      segments.length === wanted.length &&
      segments.every((segment, index) => segment === wanted[index] || segment === "{}")
    );
  });
}

test.each(guides)("routes that %s names are served", (page) => {
  expect(routesIn(page).filter((route) => !isServed(route))).toEqual([]);
});

test("guides name routes", () => {
  expect(guides.flatMap(routesIn).length).toBeGreaterThan(100);
});
