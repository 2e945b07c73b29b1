import type { Database, Tx } from "../database/database.ts";
import type { FocalPoint } from "../contract/stored-image.ts";
import type { Image } from "./image.ts";

type ImageRow = {
  id: string;
  owner_kind: string;
  owner_id: string;
  hash: string;
  state: Image["state"];
  fault: Image["fault"];
  width: number;
  height: number;
  alt: string;
  focal_point: string | null;
  position: number;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns = `id, owner_kind, owner_id, hash, state, fault, width, height, alt, focal_point, position, version,
  created_at, updated_at`;

/** The images of a service's owners. Those of one owner change under its lock. */
export class ImageRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byId(id: string, tx?: Tx): Promise<Image | undefined> {
    const sql = `SELECT ${columns} FROM images WHERE id = ?`;
    const [row] = await this.#database.select<ImageRow>(sql, [id], tx);
    return row && fromRow(row);
  }

  /** All images of an owner, in order; their number is limited. */
  async ofOwner(kind: string, ownerId: string, tx?: Tx): Promise<Image[]> {
    const rows = await this.#database.select<ImageRow>(
      `SELECT ${columns} FROM images WHERE owner_kind = ? AND owner_id = ? ORDER BY position, id`,
      [kind, ownerId],
      tx,
    );
    return rows.map(fromRow);
  }

  /** Fails images whose processing began before a time. */
  async failAbandoned(before: number, now: number, tx: Tx): Promise<void> {
    await this.#database.execute(
      `UPDATE images SET state = 'failed', fault = 'abandoned', version = version + 1, updated_at = ?
       WHERE state = 'processing' AND updated_at < ?`,
      [now, before],
      tx,
    );
  }

  /** Locks images that failed before a time, oldest first. */
  async lockFailed(before: number, limit: number, tx: Tx): Promise<Pick<Image, "id" | "hash">[]> {
    const sql = `SELECT id, hash FROM images WHERE state = 'failed' AND updated_at < ? ORDER BY updated_at, id LIMIT ?`;
    return this.#database.select(sql + this.#database.forUpdate, [before, limit], tx);
  }

  async insert(image: Image, tx: Tx): Promise<void> {
    const { ownerKind, ownerId, alt, focalPoint, createdAt, updatedAt, ...same } = image;
    await this.#database.insertIfAbsent(
      "images",
      {
        ...same,
        owner_kind: ownerKind,
        owner_id: ownerId,
        alt: JSON.stringify(alt),
        focal_point: focalPoint && JSON.stringify(focalPoint),
        created_at: createdAt,
        updated_at: updatedAt,
      },
      tx,
    );
  }

  async update({ id, state, fault, alt, focalPoint, version, updatedAt }: Image, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE images SET state = ?, fault = ?, alt = ?, focal_point = ?, version = ?, updated_at = ? WHERE id = ?",
      [state, fault, JSON.stringify(alt), focalPoint && JSON.stringify(focalPoint), version, updatedAt, id],
      tx,
    );
  }

  /** Numbers images in the given order. */
  async reorder(ids: readonly string[], tx: Tx): Promise<void> {
    const cases = ids.map(() => "WHEN ? THEN ?").join(" ");
    await this.#database.execute(
      `UPDATE images SET position = CASE id ${cases} ELSE position END WHERE id IN (?)`,
      [...ids.flatMap((id, index) => [id, index]), ids],
      tx,
    );
  }

  async remove(ids: readonly string[], tx: Tx): Promise<void> {
    if (ids.length > 0) await this.#database.execute("DELETE FROM images WHERE id IN (?)", [ids], tx);
  }
}

function fromRow(row: ImageRow): Image {
  return {
    id: row.id,
    ownerKind: row.owner_kind,
    ownerId: row.owner_id,
    hash: row.hash,
    state: row.state,
    fault: row.fault,
    width: row.width,
    height: row.height,
    alt: JSON.parse(row.alt) as Record<string, string>,
    focalPoint: row.focal_point === null ? null : (JSON.parse(row.focal_point) as FocalPoint),
    position: row.position,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
