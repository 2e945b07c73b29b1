import { z } from "zod";
import type { PaymentProvider, PaymentProviderDefinition } from "../provider-interface.ts";

/** Cash and bank transfers: staff record receipts, and pay refunds themselves. */
export const manualProvider: PaymentProvider = {
  name: "manual",
  refund: () => Promise.resolve({ status: "succeeded", reference: null }),
};

export const manual: PaymentProviderDefinition = {
  name: manualProvider.name,
  settings: z.object({}),
  setUp: () => () => Promise.resolve(manualProvider),
};
