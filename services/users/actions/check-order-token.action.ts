import { action } from "../users.dependencies.ts";

/** Called by each gateway at most once a second per token. */
export const checkOrderToken = action(
  "users.order-tokens.check",
  async ({ params, now }, { orderTokens }) => (await orderTokens.find(params.tokenHash, now)) ?? null,
);
