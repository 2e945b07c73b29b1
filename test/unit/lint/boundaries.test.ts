import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";

interface Override {
  readonly files: readonly string[];
  readonly rules: {
    readonly "eslint/no-restricted-imports"?:
      | "off"
      | readonly ["error", { readonly patterns: readonly { readonly regex: string }[] }];
  };
}

const { overrides } = JSON.parse(
  readFileSync(new URL("../../../.oxlintrc.json", import.meta.url), "utf8"),
) as { overrides: readonly Override[] };

/** Patterns of imports that files like this must not have: those of its own override, which replace earlier ones. */
function patternsFor(files: string): RegExp[] {
  const rule = overrides.find((override) => override.files.includes(files))?.rules[
    "eslint/no-restricted-imports"
  ];
  return rule === undefined || rule === "off" ? [] : rule[1].patterns.map(({ regex }) => new RegExp(regex));
}

const isRefused = (files: string, name: string) => patternsFor(files).some((pattern) => pattern.test(name));

describe("import boundaries", () => {
  test("use no lookaround or backreference, with which oxlint ignores a pattern silently", () => {
    const texts = overrides.flatMap(({ files }) =>
      files.flatMap((file) => patternsFor(file).map(({ source }) => source)),
    );
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.filter((text) => /\(\?[=!<]|\\[1-9]/.test(text))).toEqual([]);
  });

  test.each([
    ["services/*/*.ts", "../"],
    ["services/*/*/**", "../../"],
    ["services/*/*/*/**", "../../../"],
    ["services/*/*/*/*/**", "../../../../"],
    ["services/*/{actions,events,jobs}/*.ts", "../../"],
    ["services/*/domain/**", "../../"],
  ])("%s knows of another service its contract only", (files, up) => {
    for (const name of [
      "orders/orders.service.ts",
      "orders/orders.dependencies.ts",
      "orders/data/x.ts",
      "orders/contract/x.ts",
      "gift-notes/x.ts",
    ])
      expect({ name, refused: isRefused(files, up + name) }).toEqual({ name, refused: true });
    for (const name of [
      "orders/orders.contract.ts",
      "gift-notes/gift-notes.contract.ts",
      "../mixins/contract/money.ts",
    ])
      expect({ name, refused: isRefused(files, up + name) }).toEqual({ name, refused: false });
  });

  test("the platform knows no service", () => {
    expect(isRefused("mixins/**", "../../services/orders/orders.contract.ts")).toBe(true);
    expect(isRefused("mixins/contract/**", "../../services/orders/orders.contract.ts")).toBe(true);
  });

  test("decisions know no database, broker or platform but contracts and helpers", () => {
    for (const name of [
      "moleculer",
      "node:fs",
      "../data/x.ts",
      "../../../mixins/database/database.ts",
      "../../../mixins/service/jobs.ts",
      "../../../mixins/cache/cache.ts",
    ])
      expect({ name, refused: isRefused("services/*/domain/**", name) }).toEqual({ name, refused: true });
    for (const name of [
      "./cart.ts",
      "../../../mixins/contract/ids.ts",
      "../../../mixins/support/with-timeout.ts",
      "node:crypto",
    ])
      expect({ name, refused: isRefused("services/*/domain/**", name) }).toEqual({ name, refused: false });
  });
});
