import { job } from "../cart.dependencies.ts";

const batch = 200;

/** Removes carts unused for their whole lifetime. */
export const removeExpiredCarts = job({
  name: "remove-expired-carts",
  once: "node",
  every: () => 60_000,
  async run({ now, transaction }, { carts }) {
    let removed = batch;
    while (removed === batch) removed = await transaction((tx) => carts.removeExpired(now, batch, tx));
  },
});
