import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { task } from "../../../mixins/contract/tasks.ts";
import { write } from "./access.ts";

export const searchActions = {
  "search-index.rebuild": action({
    summary: "Build the index of the external search engine anew",
    description:
      "Searches use the index before until the new one is complete. Fails with `no-external-engine` when `SEARCH_ENGINE` is `built-in`, whose index is part of the catalogue.",
    access: write,
    route: {
      method: "POST",
      path: "/products/search-index/rebuilds",
      limit: "expensive",
      status: 202,
      location: "/tasks/{task.id}",
    },
    params: z.strictObject({}),
    result: z.strictObject({ task }),
    errors: [],
    idempotent: false,
  }),
};
