import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import S3rver from "@20minutes/s3rver";
import type { MediaStore } from "../../../mixins/media/media-store.ts";
import { openMediaStore } from "../../../mixins/media/open-media-store.ts";

const silent = { error: () => undefined };
let directory: string;
let server: S3rver;
const stores: Record<string, MediaStore> = {};
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "shop-stores-"));
  server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: join(directory, "bucket"),
    configureBuckets: [{ name: "shop", configs: [] }],
  });
  const { port } = await server.run();
  const s3 = {
    bucket: "shop",
    endpoint: `http://127.0.0.1:${port}`,
    region: "eu-west-1",
    accessKeyId: "S3RVER",
    secretAccessKey: "S3RVER",
  };
  stores["disk"] = openMediaStore({ s3: undefined, directory: join(directory, "disk") }, silent);
  stores["s3"] = openMediaStore({ s3, directory: undefined }, silent);
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

const key = "public/catalog/aa/image-card.webp";
async function file(content: string): Promise<string> {
  const path = join(await mkdtemp(join(directory, "given-")), "file");
  await writeFile(path, content);
  return path;
}

describe.each(["disk", "s3"])("the store on %s", (name) => {
  const store = () => stores[name] as MediaStore;
  const contentOf = async (named: string) => {
    const opened = await store().open(named);
    return opened && { bytes: opened.bytes, content: String(await buffer(opened.stream)) };
  };

  test("has what was put last, until it is removed", async () => {
    expect(await contentOf(key)).toBeUndefined();
    await store().put(key, await file("first"), "image/webp");
    await store().put(key, await file("second one"), "image/webp");
    expect(await contentOf(key)).toEqual({ bytes: 10, content: "second one" });
    await store().remove(key);
    await store().remove(key);
    expect(await contentOf(key)).toBeUndefined();
  });

  test("has one of two files whole that are put at once", async () => {
    const [one, other] = [await file("1".repeat(100_000)), await file("2".repeat(100_000))];
    await Promise.all([store().put(key, one, "image/webp"), store().put(key, other, "image/webp")]);
    expect((await contentOf(key))?.content).toMatch(/^(?:1{100000}|2{100000})$/);
    await store().remove(key);
  });
});

test("on disk nothing is left of a file that could not be stored", async () => {
  await expect(stores["disk"]?.put("public/x/y", join(directory, "none"), "")).rejects.toMatchObject({
    type: "unavailable",
  });
  expect(await readdir(join(directory, "disk/public/x"))).toEqual([]);
});

test("a store that cannot be reached, and a shop without one, is unavailable", async () => {
  const s3 = {
    bucket: "shop",
    endpoint: "http://127.0.0.1:1",
    region: "eu-west-1",
    accessKeyId: "a",
    secretAccessKey: "b",
  };
  for (const media of [
    { s3, directory: undefined },
    { s3: undefined, directory: undefined },
  ])
    await expect(openMediaStore(media, silent).open(key)).rejects.toMatchObject({ type: "unavailable" });
});
