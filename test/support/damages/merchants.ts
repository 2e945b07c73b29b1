import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage } from "../damage.ts";
import { insert, spoil } from "../damage.ts";

const lost = newId();
const active = "SELECT id FROM merchants WHERE status = 'active' ORDER BY id";
const merchants = (statement: string, also?: readonly string[], find = active) =>
  spoil("merchants", find, statement, also);
const member = "SELECT user_id AS id FROM members WHERE role IS NOT NULL";

/** Damages to merchants, and to what others know of them. */
export const damagesOfMerchants: Readonly<Record<string, Damage>> = {
  "merchants.profiles: an unknown status": merchants("UPDATE merchants SET status = 'lost' WHERE id = ?", [
    "merchants.copies",
  ]),
  "merchants.profiles: nobody to talk to": merchants("UPDATE merchants SET contact = '{}' WHERE id = ?"),
  "merchants.profiles: without terms": merchants("DELETE FROM terms WHERE merchant_id = ?"),
  "merchants.counts: a follower too many": merchants(
    "UPDATE merchants SET followers = followers + 1 WHERE id = ?",
  ),
  "merchants.members: an unknown role": spoil(
    "merchants",
    member,
    "UPDATE members SET role = 'guest' WHERE user_id = ?",
    ["merchants.memberships"],
  ),
  "merchants.members: of no merchant": insert(
    "merchants",
    "members",
    { merchant_id: lost, user_id: lost, role: null, email: null, version: 1, joined_at: 1 },
    lost,
    ["merchants.memberships"],
  ),
  "merchants.invitations: of no merchant": insert(
    "merchants",
    "invitations",
    { id: lost, merchant_id: lost, email: "a@b.example", role: "owner", created_at: 1, expires_at: 2 },
    lost,
  ),
  "merchants.terms: more than all": merchants("UPDATE terms SET basis_points = 10001 WHERE merchant_id = ?"),
  "merchants.limits: a membership too many": spoil(
    "merchants",
    "SELECT user_id AS id FROM user_counts",
    "UPDATE user_counts SET memberships = memberships + 1 WHERE user_id = ?",
  ),
  "merchants.memberships: another role": spoil(
    "users",
    "SELECT user_id AS id FROM memberships WHERE role = 'owner'",
    "UPDATE memberships SET role = 'support' WHERE user_id = ?",
  ),
  "merchants.memberships: a forged one": insert(
    "users",
    "memberships",
    { user_id: lost, merchant_id: newId(), role: "owner", version: 1 },
    lost,
  ),
  "merchants.copies: suspended, and on sale": spoil(
    "catalog",
    active,
    "UPDATE merchants SET status = 'suspended' WHERE id = ?",
  ),
  "merchants.copies: of none": insert(
    "catalog",
    "merchants",
    { id: lost, slug: "lost", name: "Lost", status: "active", version: 1 },
    lost,
  ),
  "merchants.products: a product too many": merchants(
    "UPDATE merchants SET products = products + 1 WHERE id = ?",
  ),
  "merchants.ratings: a star too many": spoil(
    "merchants",
    "SELECT id FROM merchants WHERE rating_version > 0",
    `UPDATE merchants SET rating = '{"average":5,"count":9,"stars":{"5":9}}' WHERE id = ?`,
  ),
  "merchants.ratings: not shown": spoil(
    "merchants",
    "SELECT id FROM merchants WHERE rating_version > 0",
    "UPDATE merchants SET rating = 'lost' WHERE id = ?",
  ),
  "merchant-categories.tree: of no merchant": insert(
    "catalog",
    "merchant_categories",
    {
      id: lost,
      merchant_id: lost,
      parent_id: null,
      name: "Lost",
      texts: null,
      position: 0,
      version: 1,
      created_at: 1,
      updated_at: 1,
    },
    lost,
  ),
  "merchant-categories.products: of nothing": insert(
    "catalog",
    "merchant_category_products",
    { category_id: lost, product_id: lost },
    lost,
  ),
  "products.merchants: of none": {
    also: ["products.facets"],
    async damage(data) {
      const [row] = await data.catalog.select<{ id: string; slug: string }>(
        "SELECT id, slug FROM products WHERE merchant_id IS NULL ORDER BY id LIMIT 1",
        [],
      );
      await data.catalog.run("UPDATE products SET merchant_id = ? WHERE id = ?", lost, row?.id ?? "");
      return row?.slug ?? "";
    },
  },
};
