import { z } from "zod";
import { action } from "../../contract/contract.ts";
import { document } from "../../contract/document.ts";
import { id } from "../../contract/ids.ts";

const mediaTypes = ["text/html", "application/pdf"] as const;

export const invoiceActions = {
  "invoices.get": action({
    summary: "A paid order's invoice, as a page or as PDF",
    description:
      "An order has an invoice from its payment on, whatever becomes of it later; what was given back is listed on it. An order that was never paid has none.",
    access: { ownerOr: "orders:read" },
    route: {
      method: "GET",
      path: "/orders/{id}/invoice",
      document: { mediaTypes, mediaTypeParam: "mediaType" },
    },
    params: z.strictObject({ id, mediaType: z.enum(mediaTypes).default("text/html") }),
    result: document,
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
    bulkhead: { concurrency: 4, queue: 100 },
  }),
};
