import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";

const guides = new URL("../../../docs/guides/", import.meta.url);

interface Quotation {
  readonly guide: string;
  /** The source files that the paragraph before it links to. */
  readonly files: readonly string[];
  readonly code: string;
}

function quotationsOf(guide: string): Quotation[] {
  const text = readFileSync(new URL(guide, guides), "utf8");
  return [...text.matchAll(/^ *```ts\n([^]*?)^ *```/gm)].map(({ index, 1: code = "" }) => {
    const paragraph = text.slice(0, index).trimEnd().split("\n\n").at(-1) ?? "";
    const files = [...paragraph.matchAll(/\]\(([^)\s]+\.ts)\)/g)].map(([, file = ""]) => file);
    return { guide, files, code };
  });
}

/** Ignores line breaks and indentation. */
const squeeze = (code: string) =>
  code
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([^\w ]) ?/g, "$1")
    .replaceAll(/,(?=[)\]}]|$)/g, "")
    .trim();
const quotations = readdirSync(guides)
  .filter((name) => name.endsWith(".md"))
  .flatMap(quotationsOf);

test("guides quote code from somewhere", () => {
  expect(quotations.length).toBeGreaterThan(3);
  expect(quotations.filter(({ files }) => files.length === 0)).toEqual([]);
});

test.each(quotations)("$guide quotes $files exactly, except for ellipses", ({ files, code }) => {
  const source = files.map((file) => squeeze(readFileSync(new URL(file, guides), "utf8"))).join("\n");
  const pieces = code.split("…").map(squeeze).filter(Boolean);
  expect(pieces.filter((piece) => !source.includes(piece))).toEqual([]);
});
