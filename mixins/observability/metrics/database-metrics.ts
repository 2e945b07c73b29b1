import type { ServiceBroker } from "moleculer";
import type { Sequelize } from "sequelize";
import type { Database } from "../../database/database.ts";
import type { ServiceWithDatabase } from "../../database/database.mixin.ts";
import type { MetricFamily, Sample } from "./metrics.ts";

/** Sequelize's pool, which its types omit. */
interface Pool {
  readonly using: number;
  readonly available: number;
  readonly waiting: number;
  readonly maxSize: number;
}

/** Connection pools and replicas of this node; SQLite has neither. */
export function databaseFamilies(broker: ServiceBroker): MetricFamily[] {
  const pools = (valueOf: (pool: Pool) => number) => () =>
    databasesOf(broker).flatMap(({ service, database }): Sample[] => {
      const pool = poolOf(database.sequelize);
      return pool && database.engine === "mysql" ? [{ labels: { service }, value: valueOf(pool) }] : [];
    });
  const replicas =
    (valueOf: (status: ReturnType<Database["replicaStatus"]>[number]) => number | undefined) => () =>
      databasesOf(broker).flatMap(({ service, database }) =>
        database.replicaStatus().flatMap((status): Sample[] => {
          const value = valueOf(status);
          return value === undefined ? [] : [{ labels: { service, replica: status.name }, value }];
        }),
      );
  return [
    {
      name: "shop_db_pool_used",
      help: "Connections to the primary in use",
      type: "gauge",
      read: pools((pool) => pool.using),
    },
    {
      name: "shop_db_pool_idle",
      help: "Idle connections to the primary",
      type: "gauge",
      read: pools((pool) => pool.available),
    },
    {
      name: "shop_db_pool_waiting",
      help: "Statements and transactions waiting for a connection",
      type: "gauge",
      read: pools((pool) => pool.waiting),
    },
    {
      name: "shop_db_pool_max",
      help: "Maximum number of connections to the primary",
      type: "gauge",
      read: pools((pool) => pool.maxSize),
    },
    {
      name: "shop_db_replica_good",
      help: "1 while this node reads from the replica, 0 while it is ejected",
      type: "gauge",
      read: replicas(({ healthy }) => Number(healthy)),
    },
    {
      name: "shop_db_replica_lag_seconds",
      help: "Lag of the replica at the last health check; missing when it did not answer",
      type: "gauge",
      read: replicas(({ lagMs }) => (lagMs === null ? undefined : lagMs / 1000)),
    },
    {
      name: "shop_db_replica_reads_total",
      help: "Statements sent to the replica",
      type: "counter",
      read: replicas(({ reads }) => reads),
    },
  ];
}

/** Databases of the services that have started on this node. */
export function databasesOf(
  broker: ServiceBroker,
): { readonly service: string; readonly database: Database }[] {
  const services = broker.services as Partial<ServiceWithDatabase>[];
  return services.flatMap(({ name, database }) => (name && database ? [{ service: name, database }] : []));
}

function poolOf(sequelize: Sequelize): Pool | undefined {
  return (sequelize as unknown as { connectionManager?: { pool?: Pool } }).connectionManager?.pool;
}
