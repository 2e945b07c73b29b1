import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Static run-time imports of a file, without types and `import()`. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [
    ...text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+"([^"]+)"|^import\s+"([^"]+)"/gm),
  ].map(([, from, bare]) => from ?? bare ?? "");
}

/** Packages that a file loads, transitively. */
function packagesBehind(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const name of importsOf(file))
    if (!name.startsWith(".")) packages.add(name);
    else for (const found of packagesBehind(join(dirname(file), name), seen)) packages.add(found);
  return packages;
}

const measuring = /^(?:prom-client|@opentelemetry\/)/;

test("a node without metrics and tracing does not load their packages", () => {
  const services = readdirSync(join(root, "services"), { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".service.ts"),
  );
  expect(services.length).toBeGreaterThan(5);
  const starts = ["node/run-node.ts", ...services].map((file) => join(root, "services", file));
  for (const start of starts) {
    const found = [...packagesBehind(start)].filter((name) => measuring.test(name));
    expect({ start: relative(root, start), found }).toEqual({ start: relative(root, start), found: [] });
  }
});

test("one that does finds it", () => {
  expect([...packagesBehind(join(root, "mixins/observability/metrics/node-metrics.ts"))]).toContain(
    "prom-client",
  );
  expect([...packagesBehind(join(root, "mixins/observability/tracing/node-tracing.ts"))]).toContain(
    "@opentelemetry/sdk-trace",
  );
});
