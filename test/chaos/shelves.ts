import { newId } from "../../services/contract/ids.ts";
import type { Person } from "./person.ts";

/** What the run sells. */
export interface Shelves {
  readonly products: readonly { readonly id: string; readonly slug: string }[];
  /** Few, and everybody wants them. */
  readonly hot: readonly string[];
  readonly cold: readonly string[];
  /** The code of a coupon that does not last for everybody. */
  readonly coupon: string;
}

/** How many of each there are at first. */
const stockOfHot = 40;
const stockOfCold = 10_000;

/** Fills the shop before anything is wrong. @throws Error when that does not work */
export async function stockShelves(staff: Person): Promise<Shelves> {
  const products = await Promise.all(
    ["hot", "mugs", "plates"].map(async (name) => {
      const variants = Array.from({ length: name === "hot" ? 3 : 6 }, (_, index) => ({
        sku: `${name}-${index}-${newId()}`.toUpperCase(),
        priceMinor: 500 + 250 * index,
        options: { number: String(index) },
      }));
      const slug = `${name}-${newId()}`;
      const { answer } = await staff.want("catalog.products.create", { slug, name, status: "published", variants });
      if (!answer) throw new Error("the shelves cannot be filled");
      return { id: answer.id, slug, isHot: name === "hot", variantIds: answer.variants.map(({ id }) => id) };
    }),
  );
  const idsOf = (isHot: boolean) => products.filter((product) => product.isHot === isHot).flatMap(({ variantIds }) => variantIds);
  const coupon = { code: "CHAOS", discount: { kind: "percent", basisPoints: 1250 }, totalLimit: 60, perCustomerLimit: 5 } as const;
  const { outcome: made } = await staff.want("orders.coupons.create", coupon);
  if (made !== "ok") throw new Error("the coupon cannot be made");
  const shelves = { products, hot: idsOf(true), cold: idsOf(false), coupon: coupon.code };
  for (const [variantIds, quantity] of [[shelves.hot, stockOfHot], [shelves.cold, stockOfCold]] as const)
    for (const variantId of variantIds) {
      const { outcome } = await staff.want("catalog.stock.change", { variantId, kind: "receive", quantity, reason: "first delivery" });
      if (outcome !== "ok") throw new Error("the shelves cannot be filled");
    }
  return shelves;
}
