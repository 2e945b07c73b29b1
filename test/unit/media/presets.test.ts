import { expect, test } from "@jest/globals";
import { renditionPaths, typeOfRendition } from "../../../mixins/media/presets.ts";

const hash = "0123456789abcdef".repeat(4);

test("each image has ten renditions, whose paths tell their type", () => {
  const paths = renditionPaths("catalog", hash);
  expect(new Set(paths).size).toBe(10);
  expect(paths).toContain(`catalog/01/${hash}-card.webp`);
  for (const path of paths)
    expect(typeOfRendition(path)).toBe(path.endsWith(".webp") ? "image/webp" : "image/jpeg");
});

test("no other path is a rendition's", () => {
  const good = `catalog/01/${hash}-card.webp`;
  for (const bad of [
    `../01/${hash}-card.webp`,
    `catalog/02/${hash}-card.webp`,
    `catalog/01/${hash}-card.png`,
    `catalog/01/${hash}-full.webp`,
    `catalog/01/${hash.toUpperCase()}-card.webp`,
    `/${good}`,
    `${good}/`,
    `${good}\n`,
    good.replaceAll("/", "\\"),
  ])
    expect([bad, typeOfRendition(bad)]).toEqual([bad, undefined]);
});
