import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { inBatches } from "../../../services/catalog/import/in-batches.ts";
import { jsonElements, jsonLines, maxRowLength } from "../../../services/catalog/import/json-elements.ts";
import type { MediaType } from "../../../services/catalog/import/read-rows.ts";
import { findRows } from "../../../services/catalog/import/read-rows.ts";

async function* pieces(...texts: string[]) {
  yield* texts;
}
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
const rows = async (mediaType: MediaType, ...texts: string[]) =>
  (await all(findRows(pieces(...texts), mediaType))).map((read) => read(2));
const unreadable = { name: "TaskFailure", code: "unreadable-file" };

/** A text cut anywhere. */
function cut(text: string, at: readonly number[]): string[] {
  const places = [0, ...at.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((place, index) => text.slice(places[index], place));
}

describe("a JSON array", () => {
  test("falls into its elements, wherever the pieces were cut", async () => {
    const cuts = fc.array(fc.nat({ max: 10_000 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        cuts,
        fc.constantFrom(0, 2),
        async (elements, at, indent) => {
          const texts = await all(jsonElements(pieces(...cut(JSON.stringify(elements, null, indent), at))));
          expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(
            JSON.parse(JSON.stringify(elements)),
          );
        },
      ),
    );
  });

  test.each(["", "{}", "[1", '["a', "[1] [2]", "[{}", "x"])("%j is unreadable", async (text) => {
    await expect(all(jsonElements(pieces(text)))).rejects.toMatchObject(unreadable);
  });

  test("with a broken element goes on behind it", async () => {
    const read = await rows("application/json", '[{"product":"a"},{product:b},{"product":"c"},]');
    expect(read).toEqual([
      { row: 1, product: "a" },
      [expect.objectContaining({ row: 2, code: "malformed" })],
      { row: 3, product: "c" },
      [expect.objectContaining({ row: 4, code: "malformed" })],
    ]);
  });

  test("with an unterminated string is rejected without buffering it", async () => {
    const endless = (async function* () {
      yield '["';
      for (;;) yield "x".repeat(64 * 1024);
    })();
    await expect(all(jsonElements(endless))).rejects.toMatchObject(unreadable);
  });
});

describe("lines of JSON", () => {
  test("are read wherever the pieces were cut, blank ones are passed over", async () => {
    expect(await rows("application/x-ndjson", '{"product":', '"a"}\r\n\n{"prod', 'uct":"b"}')).toEqual([
      { row: 1, product: "a" },
      { row: 2, product: "b" },
    ]);
  });

  test("that never end are given up", async () => {
    await expect(all(jsonLines(pieces("x".repeat(maxRowLength), "x")))).rejects.toMatchObject(unreadable);
  });
});

describe("CSV", () => {
  test("is read wherever the pieces were cut, with quotation marks, line breaks and any case of the header", async () => {
    const text =
      '\uFEFFProduct,NAME,description\r\nmug,"A ""big"" mug, red","two\nlines"\r\n\r\nbowl,Bowl,\r\n';
    const read = [
      { row: 1, product: "mug", name: 'A "big" mug, red', description: "two\nlines" },
      { row: 2, product: "bowl", name: "Bowl" },
    ];
    for (let at = 0; at <= text.length; at += 1)
      expect(await rows("text/csv", text.slice(0, at), text.slice(at))).toEqual(read);
  });

  test("a row with too many or too few cells is left out, the others are not", async () => {
    expect(await rows("text/csv", "product,name\na\nb,B\nc,C,D\n")).toEqual([
      [expect.objectContaining({ row: 1, code: "malformed" })],
      { row: 2, product: "b", name: "B" },
      [expect.objectContaining({ row: 3, code: "malformed" })],
    ]);
  });

  test.each([
    ["", "unreadable-file"],
    ['product,name\nmug,"Mug\nbowl,Bowl', "unreadable-file"],
    ['product,name\nmug,"Mug"x\n', "unreadable-file"],
    ["product,colour\n", "unknown-column"],
    ["product,__proto__\n", "unknown-column"],
    ["product,name,Name\n", "unknown-column"],
    ["PK\u0003\u0004 a spreadsheet of another kind", "unknown-column"],
  ])("%j is refused as a whole: %s", async (text, code) => {
    await expect(rows("text/csv", text)).rejects.toMatchObject({ code });
  });

  test("a hundred thousand rows pass through with few of them held at a time", async () => {
    let made = 0;
    const source = (async function* () {
      yield "product,name\n";
      for (let piece = 0; piece < 1000; piece += 1) {
        yield Array.from({ length: 100 }, () => `p-${(made += 1)},Product\n`).join("");
      }
    })();
    let taken = 0;
    let mostHeld = 0;
    for await (const batch of inBatches(findRows(source, "text/csv"), 200, 0)) {
      mostHeld = Math.max(mostHeld, made - taken);
      taken += batch.length;
    }
    expect(taken).toBe(100_000);
    expect(mostHeld).toBeLessThan(5000);
  });
});

test("batches skip finished rows and do not overlap", async () => {
  const source = async function* () {
    for (let n = 1; n <= 10; n += 1) yield n;
  };
  expect(await all(inBatches(source(), 4, 3))).toEqual([
    [4, 5, 6, 7],
    [8, 9, 10],
  ]);
  expect(await all(inBatches(source(), 4, 10))).toEqual([]);
});
