import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import type { Origin, Tx } from "../database/database.ts";
import { id } from "../contract/ids.ts";
import { tasksOf } from "../tasks/task.ts";
import { TaskFailure } from "../tasks/task.ts";
import type { ImageDependencies, ImageParts } from "./image-parts.ts";
import { decodeImage, ImageFault, renderImage } from "./image-processor.ts";
import { originalKey, publicKey } from "./media-store.ts";
import { removeFile } from "./remove-file.ts";
import type { Preset } from "./presets.ts";
import { presetNames, renditionPath, renditionTypes } from "./presets.ts";
import type { Image } from "./image.ts";

const origin: Origin = { actor: { kind: "system", id: "images" }, requestId: "images" };

const task = tasksOf<ImageDependencies>();

/**
 * Makes the renditions of an image and removes the uploaded file with its metadata. An equal image that is
 * ready shares its renditions. Every step may be repeated, on any node.
 */
export const makeRenditions = task({
  kind: "make-image-renditions",
  params: z.strictObject({ imageId: id, hash: z.string() }),
  checkpoint: z.object({}),

  async run({ params, commit }, { images }) {
    const { parts } = images;
    const image = await parts.images.byId(params.imageId);
    if (!image) {
      // Uploads of removed images must not fill the store.
      const { hash } = params;
      const transaction = <T>(work: (tx: Tx) => Promise<T>) => parts.database.transaction(origin, work);
      await removeFile(hash, (files, tx) => files.claimUnfinished(hash, tx), parts, transaction);
    }
    if (image?.state !== "processing") return { imageId: params.imageId, state: image?.state ?? "removed" };

    const total = presetNames.length + 1;
    const progress = (done: number) => ({ done, total, checkpoint: {} });
    const end = (fault: Image["fault"]) =>
      commit(async (tx) => {
        await images.finish(image, fault, tx);
        return progress(total);
      });
    const original = originalKey(parts.service, image.hash);
    try {
      if (!(await parts.files.isReady(image.hash)))
        await render(image, parts, (done) => commit(() => Promise.resolve(progress(done))));
    } catch (error) {
      if (!(error instanceof ImageFault)) throw error;
      await end("damaged");
      await parts.store.remove(original);
      throw new TaskFailure("invalid-image", "The file is damaged");
    }
    await end(null);
    await parts.store.remove(original);
    return { imageId: image.id, state: "ready" };
  },
});

/** @throws ImageFault when the uploaded file cannot be decoded */
async function render(
  { hash }: Image,
  { service, store, work, limits, files: known }: ImageParts,
  advance: (done: number) => Promise<void>,
): Promise<void> {
  const opened = await store.open(originalKey(service, hash));
  if (!opened) {
    // The task of an equal image has just ended and removed it.
    if (await known.isReady(hash)) return;
    throw new ImageFault("the uploaded file is gone");
  }
  await using directory = await work.create();
  const [upload, plain] = [join(directory.path, "upload"), join(directory.path, "plain.png")];
  await pipeline(opened.stream, createWriteStream(upload));
  await decodeImage(upload, plain, limits.maxPixels);
  await advance(1);
  for (const [index, preset] of presetNames.entries()) {
    const files = renditionFiles(directory.path, preset);
    await renderImage(plain, preset, files);
    for (const ending of ["webp", "jpg"] as const)
      await store.put(
        publicKey(renditionPath(service, hash, preset, ending)),
        files[ending],
        renditionTypes[ending],
      );
    await advance(index + 2);
  }
}

function renditionFiles(directory: string, preset: Preset) {
  return { webp: join(directory, `${preset}.webp`), jpg: join(directory, `${preset}.jpg`) };
}
