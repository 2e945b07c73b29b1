import { action } from "../merchants.dependencies.ts";
import { takeStep } from "../take-step.ts";

export const closeMerchant = action("merchants.close", (context, dependencies) =>
  takeStep("close", context, dependencies),
);
