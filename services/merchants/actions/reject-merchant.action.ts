import { action } from "../merchants.dependencies.ts";
import { takeStep } from "../take-step.ts";

export const rejectMerchant = action("merchants.reject", (context, dependencies) =>
  takeStep("reject", context, dependencies),
);
