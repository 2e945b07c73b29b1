import { z } from "zod";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { Texts } from "../../../mixins/contract/texts.ts";
import { nameKey } from "../../../mixins/contract/name-key.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import { SlugHistory } from "../../../mixins/database/slug-history.ts";
import type { contact, legal } from "../contract/fields.ts";
import type { Rating } from "../domain/merchant.ts";
import { noRating } from "../domain/merchant.ts";
import type { MerchantStatus } from "../merchants.contract.ts";

/** A merchant's row. Times are milliseconds since the Unix epoch. */
export interface Merchant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly texts: Texts;
  readonly status: MerchantStatus;
  /** Why staff rejected, suspended or closed it. */
  readonly reason: string | null;
  readonly contact: z.output<typeof contact>;
  readonly legal: z.output<typeof legal>;
  /** Only `setLogo` writes it. */
  readonly logo: StoredImage | null;
  /** Number of published products. */
  readonly products: number;
  readonly followers: number;
  /** Only `setRating` writes it. */
  readonly rating: Rating;
  readonly applicantId: string | null;
  readonly version: number;
  /** Version of the latest terms. */
  readonly termsVersion: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type MerchantRow = {
  id: string;
  slug: string;
  name: string;
  name_key: string;
  description: string;
  texts: string | null;
  status: MerchantStatus;
  reason: string | null;
  contact: string;
  legal: string;
  logo: string | null;
  products: number;
  followers: number;
  rating: string | null;
  applicant_id: string | null;
  version: number;
  terms_version: number;
  created_at: number;
  updated_at: number;
};

const columns =
  "id, slug, name, name_key, description, texts, status, reason, contact, legal, logo, products, followers, rating, applicant_id, version, terms_version, created_at, updated_at";
const entity = "merchant";
/** Greater than any character of a name key. */
const afterAll = "\u{10ffff}";

export class MerchantRepository {
  readonly #database: Database;
  readonly #slugs: SlugHistory;

  constructor(database: Database) {
    this.#database = database;
    this.#slugs = new SlugHistory(database, entity, "merchants");
  }

  /** @param among ids to look among; all merchants when undefined */
  async byId(id: string, among?: readonly string[]): Promise<Merchant | undefined> {
    return this.#one("id = ?", id, among);
  }

  async byIdOrSlug(idOrSlug: string): Promise<Merchant | undefined> {
    const known = z.uuid().safeParse(idOrSlug).success ? await this.byId(idOrSlug) : undefined;
    return known ?? this.#one("slug = ?", idOrSlug);
  }

  /** The merchant that had this slug before. */
  async byFormerSlug(slug: string): Promise<Merchant | undefined> {
    const id = await this.#slugs.idOf(slug);
    return id === undefined ? undefined : this.byId(id);
  }

  /**
   * Reads a merchant and locks it until the transaction ends.
   *
   * @param among ids to look among; all merchants when undefined
   */
  async lock(id: string, tx: Tx, among?: readonly string[]): Promise<Merchant | undefined> {
    return this.#one("id = ?", id, among, tx);
  }

  async list(
    { status, name }: { readonly status: MerchantStatus; readonly name: string | undefined },
    request: PageRequest,
  ): Promise<Page<Merchant>> {
    const from = name === undefined ? undefined : nameKey(name);
    return readKeysetPage<MerchantRow, Merchant>(this.#database, {
      columns,
      from: "merchants",
      where: {
        "status = ?": status,
        "name_key >= ? AND name_key < ?": from === undefined ? undefined : [from, from + afterAll],
      },
      sortColumns: { name: "name_key", createdAt: "created_at" },
      request,
      present: fromRow,
    });
  }

  /** @returns false, without a change, when the slug is taken */
  async insert(merchant: Merchant, tx: Tx): Promise<boolean> {
    const { id, products, followers, applicantId, createdAt } = merchant;
    const row = { ...changedRow(merchant), id, products, followers, applicant_id: applicantId };
    return this.#slugs.insert({ ...row, created_at: createdAt }, tx);
  }

  /** Saves a change under optimistic locking. */
  async update(before: Merchant, after: Merchant, tx: Tx): Promise<"saved" | "stale" | "taken"> {
    return this.#slugs.update(before, changedRow(after), tx);
  }

  async setLogo(id: string, logo: StoredImage | null, tx: Tx): Promise<void> {
    const sql = "UPDATE merchants SET logo = ? WHERE id = ?";
    await this.#database.execute(sql, [logo && JSON.stringify(logo), id], tx);
  }

  /** Forgets who applied, for a deleted account. */
  async forgetApplicant(userId: string, ids: readonly string[], tx: Tx): Promise<void> {
    if (ids.length === 0) return;
    const sql = "UPDATE merchants SET applicant_id = NULL WHERE id IN (?) AND applicant_id = ?";
    await this.#database.execute(sql, [ids, userId], tx);
  }

  /** Counts published products that came (or, negative, went). */
  async countProducts(id: string, added: number, tx: Tx): Promise<void> {
    const sql = "UPDATE merchants SET products = products + ? WHERE id = ?";
    await this.#database.execute(sql, [added, id], tx);
  }

  async setTermsVersion(id: string, version: number, tx: Tx): Promise<void> {
    await this.#database.execute("UPDATE merchants SET terms_version = ? WHERE id = ?", [version, id], tx);
  }

  async countFollowers(id: string, added: number, tx: Tx): Promise<void> {
    const sql = "UPDATE merchants SET followers = followers + ? WHERE id = ?";
    await this.#database.execute(sql, [added, id], tx);
  }

  /** Copies a rating, unless a newer one is known. */
  async setRating(id: string, rating: Rating, version: number, tx: Tx): Promise<void> {
    const sql = "UPDATE merchants SET rating = ?, rating_version = ? WHERE id = ? AND rating_version < ?";
    await this.#database.execute(sql, [JSON.stringify(rating), version, id, version], tx);
  }

  async #one(
    condition: string,
    value: string,
    among?: readonly string[],
    tx?: Tx,
  ): Promise<Merchant | undefined> {
    const limits = among ? `${condition} AND id IN (?)` : condition;
    const sql = `SELECT ${columns} FROM merchants WHERE ${limits}${tx ? this.#database.forUpdate : ""}`;
    const [row] = await this.#database.select<MerchantRow>(sql, among ? [value, among] : [value], tx);
    return row && fromRow(row);
  }
}

function changedRow(merchant: Merchant) {
  const { slug, name, description, texts, status, reason, contact, legal, version } = merchant;
  return {
    slug,
    name,
    name_key: nameKey(name),
    description,
    texts: Object.keys(texts).length === 0 ? null : JSON.stringify(texts),
    status,
    reason,
    contact: JSON.stringify(contact),
    legal: JSON.stringify(legal),
    version,
    terms_version: merchant.termsVersion,
    updated_at: merchant.updatedAt,
  };
}

function fromRow(row: MerchantRow): Merchant {
  const { id, slug, name, description, status, reason, products, followers, version } = row;
  return {
    id,
    slug,
    name,
    description,
    status,
    reason,
    products,
    followers,
    version,
    texts: row.texts === null ? {} : (JSON.parse(row.texts) as Texts),
    contact: JSON.parse(row.contact) as Merchant["contact"],
    legal: JSON.parse(row.legal) as Merchant["legal"],
    rating: row.rating === null ? noRating : (JSON.parse(row.rating) as Rating),
    logo: row.logo === null ? null : (JSON.parse(row.logo) as StoredImage),
    applicantId: row.applicant_id,
    termsVersion: row.terms_version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
