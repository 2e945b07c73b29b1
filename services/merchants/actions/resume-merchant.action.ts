import { action } from "../merchants.dependencies.ts";
import { takeStep } from "../take-step.ts";

export const resumeMerchant = action("merchants.resume", (context, dependencies) =>
  takeStep("resume", context, dependencies),
);
