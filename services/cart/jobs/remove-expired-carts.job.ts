import { job } from "../cart.dependencies.ts";

const batch = 200;

/** Carts that nobody has used for their whole life are of no use to anyone. */
export const removeExpiredCarts = job({
  name: "remove-expired-carts",
  every: () => 60_000,
  async run({ now, transaction }, { carts }) {
    let removed = batch;
    while (removed === batch) removed = await transaction((tx) => carts.removeExpired(now, batch, tx));
  },
});
