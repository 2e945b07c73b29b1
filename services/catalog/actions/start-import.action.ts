import { actorOf, merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../catalog.dependencies.ts";
import { maxUploadBytes } from "../catalog.contract.ts";
import { storeArchive } from "../import/store-archive.ts";
import { storeUpload } from "../import/store-upload.ts";
import { importProducts } from "../tasks/import-products.task.ts";

/** Starts an import once the whole file has arrived; an aborted upload leaves nothing behind. */
export const startImport = action("catalog.imports.start", async (context, dependencies) => {
  const { params, caller, requestId, body, transaction, fail } = context;
  const { tasks, files, uploads } = dependencies;
  using slot = uploads.tryAcquire();
  if (!slot) throw fail("unavailable", "Too many concurrent uploads");
  const origin = { actor: actorOf(caller), requestId };
  const uploaded =
    params.mediaType === "application/zip"
      ? await storeArchive(body, { origin, maxBytes: maxUploadBytes }, dependencies, transaction)
      : { fileId: await storeUpload(body, files, transaction), mediaType: params.mediaType };
  const merchants = merchantFilter(caller, "catalog:write");
  const stored = { ...uploaded, ...(merchants ? { merchants: [...merchants] } : {}) };
  const receiving = merchantFilter(caller, "stock:write");
  const mayReceive = receiving ? [...receiving] : true;
  const task = await transaction(async (tx) => {
    const queued = await tasks.enqueue(importProducts, { ...stored, mayReceive }, origin, tx);
    await files.assign(stored.fileId, queued.id, tx);
    if ("picturesId" in stored) await files.assign(stored.picturesId, queued.id, tx);
    return queued;
  });
  return { task };
});
