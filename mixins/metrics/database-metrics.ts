import type { ServiceBroker } from "moleculer";
import type { Sequelize } from "sequelize";
import type { Database } from "../database/database.ts";
import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import type { Family, Sample } from "./metrics.ts";

/** What Sequelize's types leave out. */
interface Pool {
  readonly using: number;
  readonly available: number;
  readonly waiting: number;
  readonly maxSize: number;
}

/** The node's connections to databases and what it knows of their replicas; SQLite has neither. */
export function databaseFamilies(broker: ServiceBroker): Family[] {
  const pools = (valueOf: (pool: Pool) => number) => () =>
    databasesOf(broker).flatMap(({ service, database }): Sample[] => {
      const pool = poolOf(database.sequelize);
      return pool && database.engine === "mysql" ? [{ labels: { service }, value: valueOf(pool) }] : [];
    });
  const replicas = (valueOf: (status: ReturnType<Database["replicaStatus"]>[number]) => number | undefined) => () =>
    databasesOf(broker).flatMap(({ service, database }) =>
      database.replicaStatus().flatMap((status): Sample[] => {
        const value = valueOf(status);
        return value === undefined ? [] : [{ labels: { service, replica: status.name }, value }];
      }),
    );
  return [
    { name: "shop_db_pool_used", help: "Connections to the primary that are in use", type: "gauge", read: pools((pool) => pool.using) },
    { name: "shop_db_pool_idle", help: "Open connections to the primary that nobody uses", type: "gauge", read: pools((pool) => pool.available) },
    { name: "shop_db_pool_waiting", help: "Statements and transactions that wait for a connection", type: "gauge", read: pools((pool) => pool.waiting) },
    { name: "shop_db_pool_max", help: "How many connections to the primary there may be", type: "gauge", read: pools((pool) => pool.maxSize) },
    {
      name: "shop_db_replica_good",
      help: "1 while this node reads from the replica, 0 while it leaves it out",
      type: "gauge",
      read: replicas(({ good }) => Number(good)),
    },
    {
      name: "shop_db_replica_lag_seconds",
      help: "How far the replica was behind when this node last looked; missing when it did not answer",
      type: "gauge",
      read: replicas(({ lagMs }) => (lagMs === null ? undefined : lagMs / 1000)),
    },
    {
      name: "shop_db_replica_reads_total",
      help: "Statements that this node sent to the replica",
      type: "counter",
      read: replicas(({ reads }) => reads),
    },
  ];
}

/** The databases of the services that have started on this node. */
export function databasesOf(broker: ServiceBroker): { readonly service: string; readonly database: Database }[] {
  const services = broker.services as Partial<ServiceWithDatabase>[];
  return services.flatMap(({ name, database }) => (name && database ? [{ service: name, database }] : []));
}

function poolOf(sequelize: Sequelize): Pool | undefined {
  return (sequelize as unknown as { connectionManager?: { pool?: Pool } }).connectionManager?.pool;
}
