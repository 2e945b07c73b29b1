import type { Service, ServiceBroker } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { observeStatements } from "../../mixins/database/statement-observer.ts";

/** Machine-independent costs of a use case. */
export interface Cost {
  /** SQL statements by service; those of transactions include the one that writes events into the outbox. */
  readonly statements: Readonly<Record<string, number>>;
  /** Transactions by service. */
  readonly transactions: Readonly<Record<string, number>>;
  /** Calls of services, in order; in a cluster each can be a message and its response. */
  readonly calls: readonly string[];
  /** Of the calls' params and results as JSON. */
  readonly bytes: number;
}

type Call = (name: string, params: unknown, options?: object) => Promise<unknown>;

/** Counts activity in a broker's services while `work` runs; requires an otherwise idle broker. */
export async function costOf(broker: ServiceBroker, work: () => Promise<unknown>): Promise<Cost> {
  const nameOf = new Map<object, string>(
    (broker.services as (Service & Partial<ServiceWithDatabase>)[]).flatMap(({ database, name }) =>
      database ? [[database, name] as const] : [],
    ),
  );
  const [statements, transactions] = [{} as Record<string, number>, {} as Record<string, number>];
  const calls: string[] = [];
  let bytes = 0;
  const stop = observeStatements(({ database, sql }) => {
    const counts = sql === "BEGIN" ? transactions : statements;
    const name = nameOf.get(database) ?? "?";
    counts[name] = (counts[name] ?? 0) + 1;
  });
  const call = broker.call.bind(broker) as Call;
  const counted: Call = async (name, params, options) => {
    // The framework's gateway calls its own handler without a message.
    if (name.startsWith("api.")) return call(name, params, options);
    calls.push(name);
    const result = await call(name, params, options);
    bytes += lengthOf(params) + lengthOf(result);
    return result;
  };
  Object.assign(broker, { call: counted });
  try {
    await work();
  } finally {
    stop();
    Object.assign(broker, { call });
  }
  return { statements, transactions, calls, bytes };
}

function lengthOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value ?? null));
}
