import type { Sequelize } from "sequelize";
import { QueryTypes } from "sequelize";

/**
 * Replication positions by GTID. MariaDB counts per domain (`0-1-1234`); MySQL keeps sets of transactions
 * (`uuid:1-1234`) and compares them itself.
 */
export interface GtidReader {
  /** The primary's current position. */
  primaryPosition(primary: Sequelize): Promise<string>;
  /**
   * Whether the replica has applied everything up to the position. False for a writable server: it is a
   * promoted or former primary with a history of its own.
   */
  hasReached(replica: Sequelize, position: string): Promise<boolean>;
}

const mariadb: GtidReader = {
  async primaryPosition(primary) {
    return selectValue(primary, "SELECT @@GLOBAL.gtid_binlog_pos AS value");
  },
  async hasReached(replica, position) {
    const applied = sequenceByDomain(
      await selectValue(replica, "SELECT IF(@@GLOBAL.read_only, @@GLOBAL.gtid_slave_pos, '') AS value"),
    );
    return [...sequenceByDomain(position)].every(
      ([domain, sequence]) => (applied.get(domain) ?? 0n) >= sequence,
    );
  },
};

const mysql: GtidReader = {
  async primaryPosition(primary) {
    return selectValue(primary, "SELECT @@GLOBAL.gtid_executed AS value");
  },
  async hasReached(replica, position) {
    const reached = "SELECT @@GLOBAL.read_only AND GTID_SUBSET(?, @@GLOBAL.gtid_executed) AS value";
    return (await selectValue(replica, reached, [position])) === "1";
  },
};

/** Detects the engine by the primary's version. */
export async function gtidReader(primary: Sequelize): Promise<GtidReader> {
  const version = await selectValue(primary, "SELECT VERSION() AS value");
  return version.toLowerCase().includes("mariadb") ? mariadb : mysql;
}

function sequenceByDomain(position: string): Map<string, bigint> {
  const parts = position.split(",").map((gtid) => gtid.trim().split("-"));
  return new Map(
    parts.flatMap(([domain, , sequence]) => (domain && sequence ? [[domain, BigInt(sequence)]] : [])),
  );
}

async function selectValue(server: Sequelize, sql: string, replacements: string[] = []): Promise<string> {
  const [row] = await server.query<{ value: string | number | null }>(sql, {
    type: QueryTypes.SELECT,
    replacements,
  });
  return String(row?.value ?? "");
}
