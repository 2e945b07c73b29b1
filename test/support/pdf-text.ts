import { inflateSync } from "node:zlib";

/**
 * What a document of pdfkit shows, as who copies text from it gets it: by height, in the order of printing,
 * with `\0` for a character without a glyph.
 */
export function pdfText(pdf: Buffer): string {
  const objects = new Map(
    [...pdf.toString("latin1").matchAll(/^(\d+) 0 obj\n(.*?)\nendobj$/gms)].map(
      ([, number = "", body = ""]) => [number, body],
    ),
  );
  const object = (reference: string | undefined) => objects.get(reference ?? "") ?? "";
  const fonts = new Map<string, readonly string[]>();
  for (const body of objects.values())
    for (const [, name = "", number] of body.matchAll(/\/(F\d+) (\d+) 0 R/g))
      fonts.set(name, charactersOf(streamOf(object(/\/ToUnicode (\d+) 0 R/.exec(object(number))?.[1]))));

  const pages = [...objects.values()].filter((body) => /\/Type \/Page$/m.test(body));
  return pages
    .map((page) => shownOn(streamOf(object(/\/Contents (\d+) 0 R/.exec(page)?.[1])), fonts))
    .join("\n");
}

function shownOn(content: string, fonts: ReadonlyMap<string, readonly string[]>): string {
  let shown = "";
  let height: string | undefined;
  for (const [, y, font = "", glyphs = ""] of content.matchAll(
    /1 0 0 1 [\d.]+ ([\d.]+) Tm\n\/(F\d+) [\d.]+ Tf\n\[(.*)\] TJ/g,
  )) {
    if (height !== undefined && y !== height) shown += "\n";
    height = y;
    for (const [, run = ""] of glyphs.matchAll(/<(\w+)>/g))
      for (const glyph of run.match(/.{4}/g) ?? [])
        shown += fonts.get(font)?.[Number.parseInt(glyph, 16)] ?? "\0";
  }
  return shown;
}

/** Inflated. */
function streamOf(body: string): string {
  const [, stream = ""] = /stream\n(.*)\nendstream/s.exec(body) ?? [];
  return inflateSync(Buffer.from(stream, "latin1")).toString("latin1");
}

/** By glyph, from a map of `bfrange` lists. */
function charactersOf(map: string): string[] {
  const ranges = [...map.matchAll(/<\w{4}> <\w{4}> \[(.*)\]/g)];
  return ranges.flatMap(([, list = ""]) =>
    [...list.matchAll(/<([\w ]*)>/g)].map(([, codes = ""]) =>
      String.fromCharCode(...codes.split(" ").map((code) => Number.parseInt(code, 16))),
    ),
  );
}
