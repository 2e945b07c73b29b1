import { exportFilePart } from "../../../mixins/tasks/export-file.ts";
import { ownerFilter } from "../../contract/caller.ts";
import { action } from "../audit.dependencies.ts";

/** The file of an export, one chunk of it at a time. */
export const getTaskResult = action("audit.tasks.result", async ({ params, caller }, dependencies) =>
  exportFilePart({ ...params, owner: ownerFilter(caller, "audit:read"), name: "audit" }, dependencies),
);
