import { z } from "zod";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Texts } from "../../../mixins/contract/texts.ts";
import type { Seo } from "../domain/product.ts";
import { nameKey } from "../../../mixins/contract/name-key.ts";
import { selectWhereIn } from "./batch-statements.ts";
import { parsed, written } from "./json-column.ts";
import { namesOf } from "../domain/search/labels.ts";
import { indexNames } from "./search/search-names.ts";
import { SlugHistory } from "../../../mixins/database/slug-history.ts";

/** A brand's row. Times are milliseconds since the Unix epoch. */
export interface Brand {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly seo: Seo;
  /** Only `setImage` writes it. */
  readonly image: StoredImage | null;
  /** Empty where a list was read without them. */
  readonly texts: Texts;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What products show of their brand. */
export type BrandReference = Pick<Brand, "id" | "slug" | "name" | "texts">;

type BrandRow = {
  id: string;
  slug: string;
  name: string;
  name_key: string;
  description: string;
  seo: string | null;
  image: string | null;
  texts?: string | null;
  version: number;
  created_at: number;
  updated_at: number;
};

type ReferenceRow = Pick<BrandRow, "id" | "slug" | "name" | "texts">;

const columnsWithoutTexts =
  "id, slug, name, name_key, description, seo, image, version, created_at, updated_at";
const columns = `${columnsWithoutTexts}, texts`;

export class BrandRepository {
  readonly #database: Database;
  readonly #slugs: SlugHistory;

  constructor(database: Database) {
    this.#database = database;
    this.#slugs = new SlugHistory(database, "brand", "brands");
  }

  async byId(id: string, tx?: Tx): Promise<Brand | undefined> {
    return this.#one("id = ?", id, tx);
  }

  async byIdOrSlug(idOrSlug: string): Promise<Brand | undefined> {
    const known = z.uuid().safeParse(idOrSlug).success ? await this.byId(idOrSlug) : undefined;
    return known ?? this.#one("slug = ?", idOrSlug);
  }

  /** Ids of the brands with these slugs or ids. */
  async idsOf(idsOrSlugs: readonly string[]): Promise<string[]> {
    const sql = "SELECT id FROM brands WHERE slug IN (?) UNION SELECT id FROM brands WHERE id IN (?)";
    const rows = await this.#database.select<{ id: string }>(sql, [idsOrSlugs, idsOrSlugs]);
    return rows.map(({ id }) => id);
  }

  /** What lists show of brands. */
  async ofIds(
    ids: readonly string[],
    { withTexts }: { readonly withTexts: boolean },
  ): Promise<BrandReference[]> {
    const sql = `SELECT id, slug, name${withTexts ? ", texts" : ""} FROM brands WHERE id IN (?)`;
    const rows = await selectWhereIn<ReferenceRow>(this.#database, sql, [ids]);
    return rows.map((row) => ({ ...row, texts: parsed(row.texts ?? null, {}) }));
  }

  /** The brand that had this slug before. */
  async byFormerSlug(slug: string): Promise<Brand | undefined> {
    const id = await this.#slugs.idOf(slug);
    return id === undefined ? undefined : this.byId(id);
  }

  /** Reads a brand and locks it until the transaction ends. */
  async lock(id: string, tx: Tx): Promise<Brand | undefined> {
    return this.#one(`id = ?${this.#database.forUpdate}`, id, tx);
  }

  async list(request: PageRequest, { withTexts }: { readonly withTexts: boolean }): Promise<Page<Brand>> {
    return readKeysetPage<BrandRow, Brand>(this.#database, {
      columns: withTexts ? columns : columnsWithoutTexts,
      from: "brands",
      where: {},
      sortColumns: { name: "name_key" },
      request,
      present: fromRow,
    });
  }

  /** @returns false, without a change, when the slug is taken */
  async insert(brand: Brand, tx: Tx): Promise<boolean> {
    const { id, createdAt } = brand;
    const row = { id, ...changedRow(brand), created_at: createdAt };
    if (!(await this.#slugs.insert(row, tx))) return false;
    await indexNames(this.#database, "brand", brand.id, namesOf(brand), tx);
    return true;
  }

  /** Saves a change under optimistic locking. */
  async update(before: Brand, after: Brand, tx: Tx): Promise<"saved" | "stale" | "taken"> {
    const outcome = await this.#slugs.update(before, changedRow(after), tx);
    if (outcome === "saved") await indexNames(this.#database, "brand", after.id, namesOf(after), tx);
    return outcome;
  }

  async setImage(id: string, image: StoredImage | null, tx: Tx): Promise<void> {
    const sql = "UPDATE brands SET image = ? WHERE id = ?";
    await this.#database.execute(sql, [image && JSON.stringify(image), id], tx);
  }

  async remove(id: string, tx: Tx): Promise<void> {
    await this.#slugs.remove(id, tx);
    await this.#database.execute("DELETE FROM brands WHERE id = ?", [id], tx);
    await indexNames(this.#database, "brand", id, [], tx);
  }

  async #one(condition: string, value: string, tx?: Tx): Promise<Brand | undefined> {
    const sql = `SELECT ${columns} FROM brands WHERE ${condition}`;
    const [row] = await this.#database.select<BrandRow>(sql, [value], tx);
    return row && fromRow(row);
  }
}

function changedRow({ slug, name, description, seo, texts, version, updatedAt }: Brand) {
  return {
    slug,
    name,
    name_key: nameKey(name),
    description,
    seo: written(seo),
    texts: written(texts),
    version,
    updated_at: updatedAt,
  };
}

function fromRow({ name_key: _key, seo, image, texts, created_at, updated_at, ...same }: BrandRow): Brand {
  return {
    ...same,
    seo: parsed(seo, {}),
    texts: parsed(texts ?? null, {}),
    image: parsed(image, null),
    createdAt: created_at,
    updatedAt: updated_at,
  };
}
