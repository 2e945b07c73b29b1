import type { ShopCommand } from "./command.ts";

export const seed: ShopCommand = {
  usage: "seed [mall]",
  summary: "Fill an empty catalogue with demonstration products, or add a mall of some 250",
  async run({ call }, [what]) {
    if (what === "mall") {
      const { task } = await call("catalog.demo.mall", {});
      return task
        ? "the mall is being added in the background"
        : "the shop has products of its own: nothing added";
    }
    const { products } = await call("catalog.demo.seed", {});
    return products === 0 ? "the catalogue is not empty: nothing added" : `${products} products added`;
  },
};
