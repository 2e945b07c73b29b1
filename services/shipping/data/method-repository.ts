import type { Database, Tx } from "../../../mixins/database/database.ts";
import { oneOf } from "../../../mixins/database/query/one-of.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import { updateVersion } from "../../../mixins/database/update-version.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Texts } from "../../../mixins/contract/texts.ts";
import type { MethodTerms } from "../contract/methods.ts";
import type { Method } from "../domain/method.ts";

type MethodRow = {
  id: string;
  zone_id: string;
  merchant_id: string | null;
  kind: Method["kind"];
  name: string;
  description: string;
  texts: string | null;
  enabled: number;
  position: number;
  terms: string;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns =
  "id, zone_id, merchant_id, kind, name, description, texts, enabled, position, terms, version, created_at, updated_at";

/** Shipping methods, of which a zone has few. `among`: merchants to look among; all when undefined. */
export class MethodRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(
    { among, zoneId }: { readonly among: readonly string[] | undefined; readonly zoneId: string | undefined },
    request: PageRequest,
  ): Promise<Page<Method>> {
    return readKeysetPage<MethodRow, Method>(this.#database, {
      columns,
      from: "shipping_methods",
      where: { ...oneOf("merchant_id", among), "zone_id = ?": zoneId },
      sortColumns: { createdAt: "created_at" },
      request,
      present: fromRow,
    });
  }

  async byId(id: string, among: readonly string[] | undefined, tx?: Tx): Promise<Method | undefined> {
    const sql = `SELECT ${columns} FROM shipping_methods WHERE id = ?${among ? " AND merchant_id IN (?)" : ""}`;
    const [row] = await this.#database.select<MethodRow>(sql, among ? [id, among] : [id], tx);
    return row && fromRow(row);
  }

  async ofZones(zoneIds: readonly string[]): Promise<Method[]> {
    if (zoneIds.length === 0) return [];
    const sql = `SELECT ${columns} FROM shipping_methods WHERE zone_id IN (?)`;
    return (await this.#database.select<MethodRow>(sql, [zoneIds])).map(fromRow);
  }

  async countOf(zoneId: string, tx: Tx): Promise<number> {
    const sql = "SELECT COUNT(*) AS methods FROM shipping_methods WHERE zone_id = ?";
    const [row] = await this.#database.select<{ methods: number }>(sql, [zoneId], tx);
    return row?.methods ?? 0;
  }

  async insert(method: Method, tx: Tx): Promise<void> {
    const { id, zoneId, merchantId, kind, createdAt } = method;
    const fixed = { id, zone_id: zoneId, merchant_id: merchantId, kind, created_at: createdAt };
    await this.#database.insertIfAbsent("shipping_methods", { ...changedRow(method), ...fixed }, tx);
  }

  /** @returns false on a conflict */
  async update(method: Method, tx: Tx): Promise<boolean> {
    const before = { id: method.id, version: method.version - 1 };
    const saved = await updateVersion(this.#database, "shipping_methods", before, changedRow(method), tx);
    return saved === "saved";
  }

  /** @returns false on a conflict */
  async remove({ id, version }: Method, tx: Tx): Promise<boolean> {
    const sql = "DELETE FROM shipping_methods WHERE id = ? AND version = ?";
    return (await this.#database.execute(sql, [id, version], tx)) === 1;
  }
}

function changedRow(method: Method) {
  const { name, description, texts, enabled, position, terms, version, updatedAt } = method;
  return {
    name,
    description,
    texts: Object.keys(texts).length === 0 ? null : JSON.stringify(texts),
    enabled: Number(enabled),
    position,
    terms: JSON.stringify(terms),
    version,
    updated_at: updatedAt,
  };
}

function fromRow(row: MethodRow): Method {
  const { id, kind, name, description, position, version } = row;
  return {
    id,
    kind,
    name,
    description,
    position,
    version,
    zoneId: row.zone_id,
    merchantId: row.merchant_id,
    texts: row.texts === null ? {} : (JSON.parse(row.texts) as Texts),
    enabled: row.enabled === 1,
    terms: JSON.parse(row.terms) as MethodTerms,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
