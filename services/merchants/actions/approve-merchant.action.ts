import { action } from "../merchants.dependencies.ts";
import { takeStep } from "../take-step.ts";

export const approveMerchant = action("merchants.approve", (context, dependencies) =>
  takeStep("approve", context, dependencies),
);
