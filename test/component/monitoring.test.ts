import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { internalAddress } from "../../mixins/service/admin-port.ts";
import { promtool } from "../support/promtool.ts";
import { startShop } from "../support/shop.ts";

const source = fileURLToPath(new URL("../../deploy/monitoring", import.meta.url));
const text = (name: string) => readFileSync(join(source, name), "utf8");

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

const rules = (parse(text("alerts.yml")) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const dashboard = JSON.parse(text("dashboard.json")) as {
  panels: { id: number; title: string; targets?: { expr: string }[] }[];
};
const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const metricNames = (expr: string) => expr.match(/\b(?:shop|nodejs|process)_[a-z0-9_]+\b/g) ?? [];

const tool = promtool();
const withPromtool = tool === undefined ? test.skip : test;

describe("monitoring", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "monitoring-"));
    cpSync(source, directory, { recursive: true });
    mkdirSync(join(directory, "nodes"), { recursive: true });
    cpSync(join(source, "nodes.example.yml"), join(directory, "nodes", "local.yml"));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const run = (...args: string[]) =>
    execFileSync(tool ?? "promtool", args, { cwd: directory, encoding: "utf8" });

  withPromtool("is a configuration that Prometheus takes, with the alerts that it names", () => {
    expect(run("check", "config", "prometheus.yml")).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  withPromtool("the alerts fire when they should, and only then", () => {
    expect(run("test", "rules", "alerts.test.yml")).toContain("SUCCESS");
  });

  withPromtool("asks Prometheus only what it understands", () => {
    const recorded = queries.map((expr, index) => ({
      record: `panel:${index}`,
      expr: expr.replaceAll("$__rate_interval", "5m"),
    }));
    writeFileSync(
      join(directory, "dashboard.rules.yml"),
      JSON.stringify({ groups: [{ name: "dashboard", rules: recorded }] }),
    );
    expect(run("check", "rules", "dashboard.rules.yml")).toContain(`SUCCESS: ${queries.length} rules found`);
  });

  test("names only metrics that a node tells, and leaves none of the shop's own unseen", async () => {
    const shop = await startShop({ env: { INTERNAL_PORT: "0" } });
    const answer = await (
      await fetch(`http://127.0.0.1:${internalAddress(shop.broker)?.port}/metrics`)
    ).text();
    await shop.stop();
    const types = [...answer.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => ({
      name,
      type,
    }));
    const told = new Set(
      types.flatMap(({ name, type }) => [
        name,
        ...(type === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => name + end) : []),
      ]),
    );
    const named = [...queries, ...rules.map(({ expr }) => expr)].flatMap(metricNames);
    expect(named.length).toBeGreaterThan(50);
    expect([...new Set(named)].filter((name) => !told.has(name))).toEqual([]);
    const seen = new Set(named.map((name) => name.replace(/_(?:bucket|sum|count)$/, "")));
    const own = types.filter(({ name }) => name.startsWith("shop_"));
    expect(own.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
  });

  test("every alert has a severity, a meaning and a remedy", () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, labels, annotations } of rules) {
      expect(["page", "ticket"]).toContain(labels.severity);
      for (const part of ["summary", "meaning", "action"])
        expect(`${alert} ${part}: ${annotations[part] ?? "missing"}`).not.toMatch(/missing$/);
    }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});
