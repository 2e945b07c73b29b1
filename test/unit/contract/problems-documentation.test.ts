import { readFile } from "node:fs/promises";
import { expect, test } from "@jest/globals";
import { errorCatalogue } from "../../../mixins/contract/errors.ts";

test("docs/problems.md describes exactly the problems that the shop can answer with", async () => {
  const documentation = await readFile(new URL("../../../docs/problems.md", import.meta.url), "utf8");
  const sections = [
    ...documentation.matchAll(/^## `([a-z-]+)` \((\d{3})\)\n\n\*\*([^*]+)\.\*\*([^]+?)\n(?:\n|$)/gm),
  ];
  const asOneLine = (text = "") => text.trim().replaceAll(/\s+/g, " ");
  const documented = sections.map(([, code, status, title, meaning]) => [
    code,
    { status: Number(status), title: asOneLine(title), meaning: asOneLine(meaning) },
  ]);
  expect(Object.fromEntries(documented)).toEqual(errorCatalogue);
  expect(documentation.match(/^## /gm)).toHaveLength(Object.keys(errorCatalogue).length);
});
