import type { Job, JobContext } from "../service/jobs.ts";
import type { ImageDependencies, ImageParts } from "./image-parts.ts";
import { removeFile } from "./remove-file.ts";

const hourMs = 3_600_000;
/** Images in work for longer are given up, and failed ones are removed after as long again. */
const longestWorkMs = 24 * hourMs;
const batch = 100;

type Transaction = JobContext["transaction"];

/**
 * Gives up images whose processing does not end, removes failed ones after a day, and the files that no image
 * has referred to for `MEDIA_UNREFERENCED_HOURS`.
 */
export const collectFiles: Job<ImageDependencies> = {
  name: "collect-image-files",
  once: "cluster",
  every: () => hourMs,
  async run({ now, transaction }, { images: { parts } }) {
    const before = now - longestWorkMs;
    await transaction((tx) => parts.images.failAbandoned(before, now, tx));
    await removeFailed(parts, before, now, transaction);
    await removeUnreferenced(parts, now - parts.unreferencedMs, transaction);
    await parts.work.removeOld(now);
  },
};

async function removeFailed(
  { images, files }: ImageParts,
  before: number,
  now: number,
  transaction: Transaction,
): Promise<void> {
  for (let removed = batch; removed === batch;)
    removed = await transaction(async (tx) => {
      const failed = await images.lockFailed(before, batch, tx);
      await images.remove(
        failed.map(({ id }) => id),
        tx,
      );
      await files.release(
        failed.map(({ hash }) => hash),
        now,
        tx,
      );
      return failed.length;
    });
}

async function removeUnreferenced(
  parts: ImageParts,
  before: number,
  transaction: Transaction,
): Promise<void> {
  for (;;) {
    const hashes = await parts.files.unreferenced(before, batch);
    for (const hash of hashes)
      await removeFile(hash, (files, tx) => files.claimUnreferenced(hash, before, tx), parts, transaction);
    if (hashes.length < batch) return;
  }
}
