import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openArchive, pictureName } from "../../../services/catalog/import/open-archive.ts";
import type { ZipEntry } from "../../support/zip.ts";
import { zipOf } from "../../support/zip.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "shop-archive-"));
});
afterAll(() => rm(directory, { recursive: true }));

const opened = async (bytes: Uint8Array) => {
  const path = join(directory, "archive.zip");
  await writeFile(path, bytes);
  return openArchive(path);
};
const rows = { name: "products.csv", content: "product\nmug\n" };
const refused = (message: RegExp) =>
  expect.objectContaining({ type: "malformed-request", message: expect.stringMatching(message) });

describe("an uploaded ZIP", () => {
  test("has rows and pictures, whose names are seen from the rows; the rest is left alone", async () => {
    using archive = await opened(
      zipOf([
        { name: "shop/", content: "" },
        { name: "shop/products.csv", content: rows.content },
        { name: "shop/pictures/Mu\u0308g.JPG", content: "jpeg" },
        { name: "logo.png", content: "png" },
        { name: "shop/more.zip", content: zipOf([rows]) },
        { name: "shop/readme.txt", content: "x" },
        { name: "__MACOSX/shop/._products.csv", content: "x" },
        { name: "shop/.hidden.csv", content: "x" },
      ]),
    );
    expect(archive.mediaType).toBe("text/csv");
    expect((await buffer(Readable.from(archive.rows.read()))).toString()).toBe(rows.content);
    expect(archive.pictures.map(({ name }) => name)).toEqual(["pictures/M\u00fcg.JPG", "../logo.png"]);
    expect(pictureName("./pictures/Mu\u0308g.JPG")).toBe("pictures/M\u00fcg.JPG");
  });

  test.each<[string, ZipEntry[], RegExp]>([
    ["without rows", [{ name: "mug.jpg", content: "x" }], /one file with rows/],
    ["with two files of rows", [rows, { name: "more.json", content: "[]" }], /one file with rows/],
    ["that leads out of itself", [rows, { name: "../../etc/mug.jpg", content: "x" }], /damaged or no ZIP/],
    ["with an absolute path", [rows, { name: "/etc/mug.jpg", content: "x" }], /damaged or no ZIP/],
    ["with a backslash", [rows, { name: "..\\mug.jpg", content: "x" }], /damaged or no ZIP/],
    ["that names a file twice", [rows, rows], /twice/],
    ["that is encrypted", [{ ...rows, isEncrypted: true }], /encrypted/],
    [
      "that unpacks to more than a gibibyte",
      [rows, { name: "mug.jpg", content: "x", claimedLength: 1_100_000_000 }],
      /more than \d+ bytes/,
    ],
  ])("%s is refused", async (_, entries, message) => {
    await expect(opened(zipOf(entries))).rejects.toEqual(refused(message));
  });

  test("that is none, or cut, is refused", async () => {
    await expect(opened(Buffer.from("product\nmug\n"))).rejects.toEqual(refused(/no ZIP/));
    await expect(opened(zipOf([rows]).subarray(0, -30))).rejects.toEqual(refused(/no ZIP/));
  });

  test.each([5, 5000])("a file that says it has %i bytes is read no further", async (claimedLength) => {
    const bomb = { name: "bomb.png", content: Buffer.alloc(1_000_000), claimedLength };
    using archive = await opened(zipOf([rows, bomb]));
    let bytes = 0;
    const read = async () => {
      for await (const chunk of archive.pictures[0]?.read() ?? []) bytes += chunk.length;
    };
    await expect(read()).rejects.toEqual(refused(/damaged/));
    expect(bytes).toBeLessThanOrEqual(claimedLength);
  });
});
