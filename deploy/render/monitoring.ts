import { withParts } from "./parts.ts";

/** `deploy/monitoring/alerts.test.yml`, from its present text: a node that runs all services but `orders`. */
export function alertTests(text: string, names: readonly string[]): string {
  const services = names.filter((name) => name !== "orders").join(",");
  return withParts(text, {
    services: `      - { series: 'shop_node_info{node="all-1", services="${services}"}', values: "1x40" }`,
  });
}

/** `deploy/monitoring/alerts.yml`, from its present text. */
export function alerts(text: string, names: readonly string[]): string {
  const absent = (name: string) =>
    `label_replace(absent(shop_node_info{services=~"(.*,)?${name}(,.*)?"}), "service", "${name}", "", "")`;
  return withParts(text, {
    services: names.map((name, index) => `          ${index === 0 ? "" : "  or "}${absent(name)}\n`).join(""),
  });
}
