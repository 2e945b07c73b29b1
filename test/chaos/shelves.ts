import { newId } from "../../mixins/contract/ids.ts";
import type { Employee } from "./employee.ts";
import { prepared } from "./employee.ts";
import type { Merchant } from "./merchant.ts";

/** The run's catalogue. */
export interface ChaosCatalogue {
  readonly products: readonly { readonly id: string; readonly slug: string }[];
  /** Few contended variants. */
  readonly hot: readonly string[];
  readonly cold: readonly string[];
  /** Code of a coupon that runs out. */
  readonly coupon: string;
  readonly merchants: readonly Merchant[];
}

/** Initial stock of each. */
const stockOfHot = 40;
const stockOfCold = 10_000;

interface Shelf {
  readonly id: string;
  readonly slug: string;
  readonly isHot: boolean;
  readonly variantIds: readonly string[];
}

/**
 * Creates the catalogue before the first fault: goods of the shop itself and of its merchants.
 *
 * @throws Error on a failure
 */
export async function createChaosCatalogue(
  staff: Employee,
  merchants: readonly Merchant[],
): Promise<ChaosCatalogue> {
  const ofShop = ["hot", "mugs", "plates"].map((name) => fillShelf(staff, name, null));
  const ofMerchants = merchants.map(({ id, owner }, index) =>
    fillShelf(owner, index === 0 ? "hot" : `tiles-${index}`, id),
  );
  const products = await Promise.all([...ofShop, ...ofMerchants]);
  const coupon = {
    code: "CHAOS",
    discount: { kind: "percent", basisPoints: 1250 },
    totalLimit: 60,
    perCustomerLimit: 5,
  } as const;
  await prepared(async () => staff.request("orders.coupons.create", coupon));
  const idsOf = (isHot: boolean) =>
    products.filter((product) => product.isHot === isHot).flatMap(({ variantIds }) => variantIds);
  return { products, hot: idsOf(true), cold: idsOf(false), coupon: coupon.code, merchants };
}

async function fillShelf(seller: Employee, name: string, merchantId: string | null): Promise<Shelf> {
  const isHot = name === "hot";
  const { id, slug, variants } = await prepared(async () => {
    const unique = `${name}-${newId()}`;
    return seller.request("catalog.products.create", {
      slug: unique,
      name,
      merchantId,
      status: "published",
      variants: Array.from({ length: isHot ? 3 : 6 }, (_, index) => ({
        sku: `${unique}-${index}`.toUpperCase(),
        priceMinor: 500 + 250 * index,
        options: { number: String(index) },
      })),
    });
  });
  const quantity = isHot ? stockOfHot : stockOfCold;
  for (const { id: variantId } of variants)
    await prepared(async () => {
      const reason = `first delivery ${newId()}`;
      return seller.request("catalog.stock.change", { variantId, kind: "receive", quantity, reason });
    });
  return { id, slug, isHot, variantIds: variants.map((variant) => variant.id) };
}
