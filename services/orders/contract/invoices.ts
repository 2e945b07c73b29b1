import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { document } from "../../../mixins/contract/document.ts";
import { id } from "../../../mixins/contract/ids.ts";

const mediaTypes = ["text/html", "application/pdf"] as const;

export const invoiceActions = {
  "invoices.get": action({
    summary: "Get a paid order's invoice, as a page or as PDF",
    description:
      "An order has an invoice from its payment on, whatever its later status; refunds are listed on it. An unpaid order has none.",
    access: { ownerOr: "orders:read", orderToken: "id" },
    route: {
      method: "GET",
      path: "/orders/{id}/invoice",
      document: { mediaTypes, mediaTypeParam: "mediaType" },
    },
    params: z.strictObject({ id, mediaType: z.enum(mediaTypes).default("text/html") }),
    result: document,
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
    fairQueue: { concurrency: 4, maxWaiting: 20 },
  }),
};
