import type { ErrorData } from "../../../mixins/contract/errors.ts";
import type { GatewayRequest } from "../routing/moleculer-web.ts";
import { templateOf } from "../routing/moleculer-web.ts";

/**
 * Where to find a resource that `moved`: the requested path with the path params that the error's data name
 * replaced by those values, and the same query.
 */
export function movedTo(
  { $alias, originalUrl }: Pick<GatewayRequest, "$alias" | "originalUrl">,
  data: ErrorData,
): string {
  const query = originalUrl.indexOf("?");
  const path = query === -1 ? originalUrl : originalUrl.slice(0, query);
  const names = templateOf($alias).split("/");
  const segments = path.split("/").map((segment, index) => {
    const name = /^\{(\w+)\}$/.exec(names[index] ?? "")?.[1];
    const value = name === undefined ? undefined : data[name];
    return typeof value === "string" ? encodeURIComponent(value) : segment;
  });
  return segments.join("/") + (query === -1 ? "" : originalUrl.slice(query));
}
