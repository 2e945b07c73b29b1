import type { Row } from "../data/bulk-insert.ts";
import { productRows, variantsPerProduct } from "../data/catalogue.ts";
import { idOf, madeAt } from "../data/made-up-ids.ts";
import type { Size } from "./sizes.ts";

/** A catalogue in which a shelf is as long in a large shop as in a small one; there are more shelves. */

const productsPerShelf = 50;
export const departments = 10;
/** Of so many products one is sold out. */
export const soldOutOneIn = 10;
/** Each variant was sold by two orders. */
const soldOfEach = 2;

export const productsOf = ({ variants }: Size) => variants / variantsPerProduct;
export const shelvesOf = (size: Size) => productsOf(size) / productsPerShelf;
export const shelfSlug = (shelf: number) => `shelf-${shelf}`;
export const departmentSlug = (department: number) => `department-${department}`;

/** Departments come first, then the shelves in them. */
export function categoryRows(index: number): Record<string, Row[]> {
  const at = madeAt(index);
  const shelf = index - departments;
  const department = departmentSlug(shelf % departments);
  const [slug, path, parent] =
    shelf < 0
      ? [departmentSlug(index), `${departmentSlug(index)}/`, null]
      : [shelfSlug(shelf), `${department}/${shelfSlug(shelf)}/`, idOf("category", shelf % departments)];
  const same = { id: idOf("category", index), slug, name: slug, name_key: slug, parent_id: parent };
  return { categories: [{ ...same, path, depth: shelf < 0 ? 0 : 1, version: 1, created_at: at, updated_at: at }] };
}

/** Products with their variants, stock and terms, and in the ledger what came in and went out. */
export function soldProductRows(index: number, size: Size): Record<string, Row[]> {
  const { products = [], variants = [], stock = [], stock_movements = [], product_terms = [] } = productRows(index);
  const soldOut = index % soldOutOneIn === 0;
  const shelf = idOf("category", departments + (index % shelvesOf(size)));
  return {
    products: products.map((row) => ({ ...row, category_id: shelf })),
    variants,
    stock: stock.map((row) => {
      const received = soldOut ? soldOfEach : Number(row["received"]);
      return { ...row, on_hand: received - soldOfEach, sold: soldOfEach, received };
    }),
    stock_movements: [
      ...stock_movements.map((row) => ({ ...row, quantity: soldOut ? soldOfEach : row["quantity"] ?? 0 })),
      ...variants.flatMap((_, nth) => salesOf(index * variantsPerProduct + nth, size)),
    ],
    product_terms,
  };
}

function salesOf(variant: number, { variants }: Size): Row[] {
  return Array.from({ length: soldOfEach }, (_, nth) => nth).flatMap((nth) =>
    ["reserve", "sell"].map((kind, step) => ({
      id: idOf("sale", variant * 2 * soldOfEach + 2 * nth + step), variant_id: idOf("variant", variant), kind, quantity: 1,
      reason: null, order_id: idOf("order", (variant - nth + variants) % variants), actor: "system:catalog", created_at: madeAt(variant),
    })),
  );
}
