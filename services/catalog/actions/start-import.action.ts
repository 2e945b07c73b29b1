import { actorOf, may } from "../../contract/caller.ts";
import { action } from "../catalog.dependencies.ts";
import { storeUpload } from "../import/store-upload.ts";
import { importProducts } from "../tasks/import-products.task.ts";

/** An import begins when the whole file has arrived; one that breaks off leaves nothing. */
export const startImport = action("catalog.imports.start", async (context, { tasks, files, uploads }) => {
  const { params, caller, requestId, body, transaction, fail } = context;
  using slot = uploads.take();
  if (!slot) throw fail("unavailable", "Too many files are being uploaded");
  const fileId = await storeUpload(body, files, transaction);
  const origin = { actor: actorOf(caller), requestId };
  const mayReceive = may(caller, "stock:write");
  const task = await transaction(async (tx) => {
    const queued = await tasks.enqueue(importProducts, { fileId, mediaType: params.mediaType, mayReceive }, origin, tx);
    await files.assign(fileId, queued.id, tx);
    return queued;
  });
  return { task };
});
