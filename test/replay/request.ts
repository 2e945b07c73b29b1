import type { Route } from "../../mixins/contract/contract.ts";
import { pathParams } from "../../mixins/contract/contract.ts";

const requestTimeoutMs = 30_000;

/**
 * The request behind an action, as its route declares it.
 *
 * @param base origin of the shop
 * @throws TypeError when that is not a URL
 */
export function requestOf(
  base: string,
  route: Route,
  params: object,
  token: string | undefined,
): [URL, RequestInit] {
  const rest = new Map(Object.entries<unknown>({ ...params }).filter(([, value]) => value !== undefined));
  const take = (name: string) => {
    const value = rest.get(name);
    rest.delete(name);
    return value;
  };

  const path = pathParams(route.path).reduce(
    (filled, name) => filled.replace(`{${name}}`, encodeURIComponent(textOf(take(name)))),
    route.path as string,
  );
  const url = new URL(`${base}${route.atRoot ? "" : "/api/v1"}${path}`);
  const headers = new Headers(token === undefined ? {} : { Authorization: `Bearer ${token}` });
  for (const [name, header] of Object.entries(route.headers ?? {})) {
    const value = take(name);
    // If-Match names a version as the strong ETag that carries it.
    if (value !== undefined)
      headers.set(header, header === "If-Match" ? `"${textOf(value)}"` : textOf(value));
  }

  const init: RequestInit = { method: route.method, headers, signal: AbortSignal.timeout(requestTimeoutMs) };
  if (route.method === "GET" || route.method === "DELETE")
    for (const [name, value] of rest) url.searchParams.set(name, textOf(value));
  else {
    headers.set("Content-Type", "application/json");
    init.body = JSON.stringify(Object.fromEntries(rest));
  }
  return [url, init];
}

/** Paths, queries and headers carry scalars only. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
