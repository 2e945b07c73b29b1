import type { Sequelize } from "sequelize";
import { QueryTypes } from "sequelize";

/**
 * How far a server has come in the primary's history, by GTID. MariaDB counts per domain (`0-1-1234`), MySQL keeps
 * sets of transactions (`uuid:1-1234`) and compares them itself.
 */
export interface ReplicationPositions {
  /** The primary's position now. */
  ofPrimary(primary: Sequelize): Promise<string>;
  /**
   * Whether the replica has applied everything up to the position. A server that takes changes is no replica: it is the
   * primary, after a promotion, or was one and has a history of its own.
   */
  hasReached(replica: Sequelize, position: string): Promise<boolean>;
}

const mariadb: ReplicationPositions = {
  async ofPrimary(primary) {
    return one(primary, "SELECT @@GLOBAL.gtid_binlog_pos AS value");
  },
  async hasReached(replica, position) {
    const applied = sequenceByDomain(await one(replica, "SELECT IF(@@GLOBAL.read_only, @@GLOBAL.gtid_slave_pos, '') AS value"));
    return [...sequenceByDomain(position)].every(([domain, sequence]) => (applied.get(domain) ?? 0n) >= sequence);
  },
};

const mysql: ReplicationPositions = {
  async ofPrimary(primary) {
    return one(primary, "SELECT @@GLOBAL.gtid_executed AS value");
  },
  async hasReached(replica, position) {
    const reached = "SELECT @@GLOBAL.read_only AND GTID_SUBSET(?, @@GLOBAL.gtid_executed) AS value";
    return (await one(replica, reached, [position])) === "1";
  },
};

/** Tells the two engines apart by asking the primary. */
export async function replicationPositions(primary: Sequelize): Promise<ReplicationPositions> {
  const version = await one(primary, "SELECT VERSION() AS value");
  return version.toLowerCase().includes("mariadb") ? mariadb : mysql;
}

function sequenceByDomain(position: string): Map<string, bigint> {
  const parts = position.split(",").map((gtid) => gtid.trim().split("-"));
  return new Map(parts.flatMap(([domain, , sequence]) => (domain && sequence ? [[domain, BigInt(sequence)]] : [])));
}

async function one(server: Sequelize, sql: string, replacements: string[] = []): Promise<string> {
  const [row] = await server.query<{ value: string | number | null }>(sql, { type: QueryTypes.SELECT, replacements });
  return String(row?.value ?? "");
}
