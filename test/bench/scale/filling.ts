import type { Row } from "../data/bulk-insert.ts";
import {
  categoryRows,
  definitionRows,
  departments,
  merchantRows,
  productsOf,
  shelvesOf,
  soldProductRows,
} from "./catalogue-rows.ts";
import { TrailMaker } from "./audit-rows.ts";
import { orderRows, reservationRows } from "./order-rows.ts";
import { cartRows, inboxRows, personRows } from "./people-rows.ts";
import type { Size } from "./sizes.ts";

/** Generated rows of some of a service's tables, 0 to `count` − 1. */
export interface Filling {
  readonly service: string;
  /** Tables whose indexes are created after all rows. */
  readonly tables: readonly string[];
  readonly count: number;
  readonly make: (index: number) => Readonly<Record<string, readonly Row[]>>;
}

/** All tables of a shop of this size, with an intact audit chain and stock that agrees with its ledger. */
export function fillingsOf(size: Size, now: number): readonly Filling[] {
  const trail = new TrailMaker(size);
  const inbox = (service: string) => ({
    service,
    tables: ["inbox"],
    count: size.orders,
    make: (index: number) => inboxRows(index, now),
  });
  return [
    {
      service: "catalog",
      tables: ["attributes", "product_types", "brands"],
      count: 1,
      make: definitionRows,
    },
    { service: "catalog", tables: ["merchants"], count: size.merchants, make: merchantRows },
    { service: "catalog", tables: ["categories"], count: departments + shelvesOf(size), make: categoryRows },
    {
      service: "catalog",
      tables: [
        "products",
        "product_facets",
        "variants",
        "stock",
        "stock_movements",
        "search_documents",
        "search_postings",
        "search_candidates",
        "search_words",
      ],
      count: productsOf(size),
      make: (index) => soldProductRows(index, size),
    },
    {
      service: "catalog",
      tables: ["reservations", "reservation_lines"],
      count: size.orders,
      make: (index) => reservationRows(index, size),
    },
    {
      service: "orders",
      tables: ["orders", "order_lines", "order_parts", "ordered_carts", "payments", "timeline"],
      count: size.orders,
      make: (index) => orderRows(index, size),
    },
    {
      service: "users",
      tables: ["users", "sessions", "refresh_tokens", "sign_ins"],
      count: size.customers,
      make: (index) => personRows(index, now),
    },
    {
      service: "cart",
      tables: ["carts", "cart_items"],
      count: size.carts,
      make: (index) => cartRows(index, size, now),
    },
    ...(["catalog", "cart", "audit"] as const).map(inbox),
    {
      service: "audit",
      tables: ["audit_events"],
      count: size.entries,
      make: (index) => trail.next(index) as unknown as Record<string, Row[]>,
    },
    {
      service: "audit",
      tables: ["audit_head"],
      count: 1,
      make: () => ({ audit_head: [{ id: 1, ...trail.end, seal: null }] }),
    },
  ];
}
