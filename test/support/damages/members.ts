import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage } from "../damage.ts";
import { insert, spoil } from "../damage.ts";

const lost = newId();
const times = { version: 1, created_at: 1, updated_at: 1 };

/** Damages to favourites, histories and shipping zones. */
export const damagesOfMembers: Readonly<Record<string, Damage>> = {
  "favourites.counts: of favourites that are not there": insert(
    "favourites",
    "favourite_counts",
    { product_id: lost, favourites: 2, version: 1, is_told: 1 },
    lost,
  ),
  "favourites.products: one that is not counted": insert(
    "favourites",
    "favourites",
    { id: lost, owner_id: lost, product_id: lost, note: null, price_minor: null, ...times },
    lost,
  ),
  "history.limit: last looked at before it was first": insert(
    "browsing-history",
    "browsing_history",
    { id: lost, owner_id: lost, product_id: lost, version: 1, created_at: 2, updated_at: 1 },
    lost,
  ),
  "shipping.zones: without an owner": insert(
    "shipping",
    "shipping_zones",
    { id: lost, merchant_id: lost, name: "x", areas: '[{"on":"everywhere"}]', ...times },
    lost,
  ),
  "shipping.methods: of no zone": insert(
    "shipping",
    "shipping_methods",
    {
      id: lost,
      zone_id: lost,
      merchant_id: null,
      kind: "delivery",
      name: "x",
      description: "",
      texts: null,
      enabled: 1,
      position: 0,
      terms: "{}",
      ...times,
    },
    lost,
  ),
  "products.favourites: of a version that was never counted": spoil(
    "catalog",
    "SELECT id FROM products ORDER BY id",
    "UPDATE products SET favourites = 3, favourites_version = 1000000 WHERE id = ?",
  ),
};
