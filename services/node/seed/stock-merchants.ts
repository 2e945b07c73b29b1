import type { Texts } from "../../catalog/demo/demo-kind.ts";
import type { MallProduct } from "../../catalog/demo/demo-mall.ts";
import { demoBrands } from "../../catalog/demo/demo-brands.ts";
import { demoDepartments, mallProducts } from "../../catalog/demo/demo-mall.ts";
import { callerOf } from "./accounts.ts";
import type { DemoShop } from "./demo-shop.ts";
import type { Seller } from "./seed-merchants.ts";

/** A product of the mall in the shop. */
export interface Ware {
  readonly id: string;
  readonly product: MallProduct;
  readonly department: string;
  /** Undefined: the shop itself. */
  readonly seller: Seller | undefined;
}

const departmentOf = new Map(
  demoDepartments.flatMap(({ slug, sections }) => sections.map((section) => [section.slug, slug] as const)),
);

/** The mall's products, those of the merchants' sections moved to them, in categories of their own. */
export async function stockMerchants(shop: DemoShop, sellers: readonly Seller[]): Promise<Ware[]> {
  const sellerOf = new Map(
    sellers.flatMap((seller) => seller.demo.sections.map((section) => [section, seller] as const)),
  );
  const known = await productsOf(shop);
  const wares = mallProducts().flatMap((product): (Ware & { version: number })[] => {
    const found = known.get(product.slug);
    if (!found) return [];
    const department = departmentOf.get(product.category) ?? "";
    return [{ ...found, product, department, seller: sellerOf.get(product.category) }];
  });
  await shop.each("ranges of merchants", sellers, async (seller) => {
    const own = wares.filter((ware) => ware.seller === seller);
    for (const { id, version } of own)
      await shop.eventually("not-found", () =>
        shop.call("catalog.products.update", { id, expectedVersion: version, merchantId: seller.id }),
      );
    if (own.length > 0) await arrange(seller, own, shop);
  });
  return wares;
}

async function productsOf(shop: DemoShop): Promise<Map<string, { id: string; version: number }>> {
  const products = new Map<string, { id: string; version: number }>();
  let cursor: string | undefined;
  do {
    const page = await shop.call("catalog.products.list", { limit: 100, sort: "name", cursor });
    for (const { slug, id, version } of page.items) products.set(slug, { id, version });
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return products;
}

const favourites: Texts = ["Favourites of our customers", "顾客最爱", "お客さまのお気に入り"];
const isFavourite = ({ product }: Ware) => product.tags.includes("bestseller");

/** A category for each section, below it one for each brand, and one for what sells best. */
async function arrange(seller: Seller, wares: readonly Ware[], shop: DemoShop): Promise<void> {
  const as = callerOf(seller.owner);
  const add = async (name: Texts, position: number, parentId: string | null = null) => {
    const params = { merchantId: seller.id, ...shop.texts({ name }), position, parentId };
    return (await shop.call("catalog.merchant-categories.create", params, as)).id;
  };
  const best = wares.some(isFavourite) ? await add(favourites, 0) : undefined;
  const placeOf = new Map<string, string>();
  for (const [index, slug] of seller.demo.sections.entries()) {
    const within = wares.filter(({ product }) => product.category === slug);
    const brands = [...new Set(within.map(({ product }) => product.brand))];
    const section = await add(sectionNames.get(slug) ?? [slug, slug, slug], index + 1);
    for (const [position, brand] of brands.entries()) {
      const name = brandNames.get(brand) ?? brand;
      placeOf.set(`${slug} ${brand}`, await add([name, name, name], position, section));
    }
  }
  for (const ware of wares) {
    const place = placeOf.get(`${ware.product.category} ${ware.product.brand}`);
    const categoryIds = [place, isFavourite(ware) ? best : undefined].filter((id) => id !== undefined);
    await shop.call("catalog.products.sort-in", { id: ware.id, categoryIds }, as);
  }
}

const sectionNames = new Map(
  demoDepartments.flatMap(({ sections }) => sections.map(({ slug, names }) => [slug, names] as const)),
);
const brandNames = new Map(demoBrands.map(({ slug, name }) => [slug, name]));
