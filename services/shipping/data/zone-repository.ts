import type { Database, Tx } from "../../../mixins/database/database.ts";
import { oneOf } from "../../../mixins/database/query/one-of.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import { updateVersion } from "../../../mixins/database/update-version.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Area } from "../contract/zones.ts";
import type { Zone } from "../domain/rate-groups.ts";

type ZoneRow = {
  id: string;
  merchant_id: string | null;
  name: string;
  areas: string;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns = "id, merchant_id, name, areas, version, created_at, updated_at";
const owned = (among: readonly string[] | undefined) => (among ? " AND merchant_id IN (?)" : "");

/** Shipping zones, of which a merchant has few. `among`: merchants to look among; all when undefined. */
export class ZoneRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async any(): Promise<boolean> {
    return (await this.#database.select("SELECT id FROM shipping_zones LIMIT 1", [])).length > 0;
  }

  async list(among: readonly string[] | undefined, request: PageRequest): Promise<Page<Zone>> {
    return readKeysetPage<ZoneRow, Zone>(this.#database, {
      columns,
      from: "shipping_zones",
      where: oneOf("merchant_id", among),
      sortColumns: { createdAt: "created_at" },
      request,
      present: fromRow,
    });
  }

  async byId(id: string, among: readonly string[] | undefined, tx?: Tx): Promise<Zone | undefined> {
    const sql = `SELECT ${columns} FROM shipping_zones WHERE id = ?${owned(among)}`;
    const [row] = await this.#database.select<ZoneRow>(sql, among ? [id, among] : [id], tx);
    return row && fromRow(row);
  }

  /** As `byId`, and locks the zone until the transaction ends. */
  async lock(id: string, among: readonly string[] | undefined, tx: Tx): Promise<Zone | undefined> {
    const sql = `SELECT ${columns} FROM shipping_zones WHERE id = ?${owned(among)}${this.#database.forUpdate}`;
    const [row] = await this.#database.select<ZoneRow>(sql, among ? [id, among] : [id], tx);
    return row && fromRow(row);
  }

  /** The zones of these merchants and of the mall. */
  async ofMerchants(merchantIds: readonly string[]): Promise<Zone[]> {
    const sql = `SELECT ${columns} FROM shipping_zones WHERE merchant_id IS NULL OR merchant_id IN (?)`;
    return (await this.#database.select<ZoneRow>(sql, [["-", ...merchantIds]])).map(fromRow);
  }

  /** The zones of a merchant, or of the mall; no other transaction changes them until this one ends. */
  async lockAllOf(merchantId: string | null, tx: Tx): Promise<Zone[]> {
    const owner = merchantId ?? "mall";
    const lock = () =>
      this.#database.execute("UPDATE zone_owners SET changes = changes + 1 WHERE owner = ?", [owner], tx);
    if ((await lock()) === 0) {
      await this.#database.insertIfAbsent("zone_owners", { owner, changes: 0 }, tx);
      await lock();
    }
    const own = merchantId === null ? "merchant_id IS NULL" : "merchant_id = ?";
    const sql = `SELECT ${columns} FROM shipping_zones WHERE ${own}`;
    return (await this.#database.select<ZoneRow>(sql, merchantId === null ? [] : [merchantId], tx)).map(
      fromRow,
    );
  }

  async insert(zone: Zone, tx: Tx): Promise<void> {
    const { id, merchantId, createdAt } = zone;
    const row = { ...changedRow(zone), id, merchant_id: merchantId, created_at: createdAt };
    await this.#database.insertIfAbsent("shipping_zones", row, tx);
  }

  /** @returns false on a conflict */
  async update(zone: Zone, tx: Tx): Promise<boolean> {
    const before = { id: zone.id, version: zone.version - 1 };
    return (await updateVersion(this.#database, "shipping_zones", before, changedRow(zone), tx)) === "saved";
  }

  /** Removes a locked zone with its methods. */
  async remove(id: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM shipping_methods WHERE zone_id = ?", [id], tx);
    await this.#database.execute("DELETE FROM shipping_zones WHERE id = ?", [id], tx);
  }
}

function changedRow({ name, areas, version, updatedAt }: Zone) {
  return { name, areas: JSON.stringify(areas), version, updated_at: updatedAt };
}

function fromRow({ id, name, version, ...row }: ZoneRow): Zone {
  return {
    id,
    name,
    version,
    merchantId: row.merchant_id,
    areas: JSON.parse(row.areas) as Area[],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
