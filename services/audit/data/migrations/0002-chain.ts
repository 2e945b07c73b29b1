import type { QueryInterface } from "sequelize";
import { DataTypes, QueryTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import type { AuditRow, ChainEnd } from "../../domain/chain.ts";
import { chainOnto, emptyChain } from "../../domain/chain.ts";

const rowsAtOnce = 500;
const hash = { type: DataTypes.CHAR(64), allowNull: false } as const;
const position = { type: DataTypes.BIGINT, allowNull: false } as const;
const moment = { type: DataTypes.BIGINT, allowNull: false } as const;

/** Sealed ends of the chain (anchors): permanent, and outside the trail they vouch for. */
const sealedEnd = {
  position: { ...position, primaryKey: true },
  hash,
  seal: hash,
  created_at: moment,
};

/**
 * Chains existing entries, in recorded order, in a new table that then replaces the trail. An interrupted run
 * starts over.
 */
export const chain: Migration = {
  name: "0002-chain",

  async up(query: QueryInterface) {
    if (await query.tableExists("audit_events")) await chainEntries(query);
    await query.renameTable("audit_chained", "audit_events");
    await query.addIndex("audit_events", ["position"], { name: "audit_chain", unique: true });
    await query.addIndex("audit_events", ["occurred_at", "id"], { name: "audit_by_time" });
    await query.addIndex("audit_events", ["type", "occurred_at", "id"], { name: "audit_by_type" });
    await query.addIndex("audit_events", ["actor_id", "occurred_at", "id"], { name: "audit_by_actor" });
    await query.addIndex("audit_events", ["entity", "entity_id", "occurred_at", "id"], {
      name: "audit_by_entity",
    });
  },

  async down(query: QueryInterface) {
    await query.removeIndex("audit_events", "audit_chain");
    await dropColumns(query, "audit_events", ["position", "previous_hash", "hash"]);
    for (const table of ["audit_head", "audit_anchors", "audit_checkpoints"]) await query.dropTable(table);
  },
};

async function chainEntries(query: QueryInterface): Promise<void> {
  for (const table of ["audit_chained", "audit_head", "audit_anchors", "audit_checkpoints"])
    await query.dropTable(table);
  await query.createTable("audit_chained", {
    /** Id of the recorded durable event. */
    id: { type: DataTypes.CHAR(36), primaryKey: true },
    type: { type: DataTypes.STRING(60), allowNull: false },
    actor_kind: { type: DataTypes.STRING(10), allowNull: false },
    actor_id: { type: DataTypes.STRING(60), allowNull: true },
    entity: { type: DataTypes.STRING(20), allowNull: false },
    entity_id: { type: DataTypes.STRING(60), allowNull: true },
    /** The event's payload as JSON. */
    details: { type: mediumText, allowNull: false },
    request_id: { type: DataTypes.STRING(64), allowNull: false },
    occurred_at: moment,
    recorded_at: moment,
    position,
    previous_hash: hash,
    hash,
  });
  const end = await copyChained(query);
  await query.createTable("audit_head", {
    id: { type: DataTypes.INTEGER, primaryKey: true },
    position,
    hash,
    seal: { ...hash, allowNull: true },
  });
  // The migration has no key; the first node that has one seals the end.
  if (end.position >= 0) await query.bulkInsert("audit_head", [{ id: 1, ...end, seal: null }]);
  await query.createTable("audit_anchors", sealedEnd);
  await query.createTable("audit_checkpoints", sealedEnd);
  await query.dropTable("audit_events");
}

async function copyChained(query: QueryInterface): Promise<ChainEnd> {
  let end = emptyChain;
  let after = { recorded_at: -1, id: "" };
  for (;;) {
    const rows = await query.sequelize.query<AuditRow>(
      `SELECT id, type, actor_kind, actor_id, entity, entity_id, details, request_id, occurred_at, recorded_at
       FROM audit_events WHERE recorded_at > :recorded OR (recorded_at = :recorded AND id > :id)
       ORDER BY recorded_at, id LIMIT ${rowsAtOnce}`,
      { type: QueryTypes.SELECT, replacements: { recorded: after.recorded_at, id: after.id } },
    );
    const last = rows.at(-1);
    if (!last) return end;
    const chained = chainOnto(end, rows);
    await query.bulkInsert("audit_chained", chained);
    const { position, hash } = chained.at(-1) ?? end;
    end = { position, hash };
    after = last;
  }
}
