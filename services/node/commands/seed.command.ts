import type { ShopCommand } from "./command.ts";

export const seed: ShopCommand = {
  usage: "seed",
  summary: "Fill an empty catalogue with demonstration products",
  async run({ call }) {
    const { products } = await call("catalog.demo.seed", {});
    return products === 0 ? "the catalogue is not empty: nothing was added" : `${products} products were added`;
  },
};
