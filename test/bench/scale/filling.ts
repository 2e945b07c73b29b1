import type { DataService } from "../../../config/database.ts";
import type { Row } from "../data/bulk-insert.ts";
import { categoryRows, departments, productsOf, shelvesOf, soldProductRows } from "./catalogue-rows.ts";
import { TrailMaker } from "./audit-rows.ts";
import { orderRows, reservationRows } from "./order-rows.ts";
import { cartRows, inboxRows, personRows } from "./people-rows.ts";
import type { Size } from "./sizes.ts";

/** Rows of some tables of a service, made for 0, 1, 2 … up to `count`. */
export interface Filling {
  readonly service: DataService;
  /** Which tables; their indexes are made when all rows are there. */
  readonly tables: readonly string[];
  readonly count: number;
  readonly make: (index: number) => Readonly<Record<string, readonly Row[]>>;
}

/** All of a shop of this size. The chain of its audit trail is whole, and stock agrees with its ledger. */
export function fillingsOf(size: Size, now: number): readonly Filling[] {
  const trail = new TrailMaker(size);
  const inbox = (service: DataService) => ({ service, tables: ["inbox"], count: size.orders, make: (index: number) => inboxRows(index, now) });
  return [
    { service: "catalog", tables: ["categories"], count: departments + shelvesOf(size), make: categoryRows },
    { service: "catalog", tables: ["products", "variants", "stock", "stock_movements", "product_terms"], count: productsOf(size), make: (index) => soldProductRows(index, size) },
    { service: "catalog", tables: ["reservations", "reservation_lines"], count: size.orders, make: (index) => reservationRows(index, size) },
    { service: "orders", tables: ["orders", "order_lines", "ordered_carts", "payments", "timeline"], count: size.orders, make: (index) => orderRows(index, size) },
    { service: "users", tables: ["users", "sessions", "refresh_tokens", "sign_ins"], count: size.customers, make: (index) => personRows(index, now) },
    { service: "cart", tables: ["carts", "cart_items"], count: size.carts, make: (index) => cartRows(index, size, now) },
    ...(["catalog", "cart", "audit"] as const).map(inbox),
    { service: "audit", tables: ["audit_events"], count: size.entries, make: (index) => trail.next(index) as unknown as Record<string, Row[]> },
    { service: "audit", tables: ["audit_head"], count: 1, make: () => ({ audit_head: [{ id: 1, ...trail.end, seal: null }] }) },
  ];
}
