import type { ServiceBroker } from "moleculer";
import { createConnection, type Connection, type RowDataPacket } from "mysql2/promise";
import type { Input, Result } from "../../mixins/contract/calls.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { callShop } from "../../services/operations/console/known-nodes.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { peakOf, transitionsOf } from "../../services/statistics/domain/presence.ts";

/** Figures of users and sales, over all days. */
export interface Figures {
  readonly online: number;
  /** Greatest number of users online at a time. */
  readonly peak: number;
  readonly logins: number;
  readonly logouts: number;
  readonly ordersPlaced: number;
}

/** What the statistics say, and what the sessions and orders themselves say. */
export class StatisticsRecount {
  readonly #broker: ServiceBroker;
  readonly #connection: Connection;

  private constructor(broker: ServiceBroker, connection: Connection) {
    this.#broker = broker;
    this.#connection = connection;
  }

  static async open(broker: ServiceBroker): Promise<StatisticsRecount> {
    const { database } = configOf(broker);
    if (database.engine !== "mysql") throw new Error("a cluster has servers");
    const connection = await createConnection({ ...database.primary, ...database.migration });
    return new StatisticsRecount(broker, connection);
  }

  async told(): Promise<Figures> {
    const { online } = await this.#ask("statistics.users.online", {});
    const { items: users } = await this.#ask("statistics.users.days", {});
    const { items: sales } = await this.#ask("statistics.sales.days", {});
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    return {
      online,
      peak: Math.max(...users.map(({ peakOnline }) => peakOnline)),
      logins: sum(users.map(({ logins }) => logins)),
      logouts: sum(users.map(({ logouts }) => logouts)),
      ordersPlaced: sum(sales.map(({ ordersPlaced }) => ordersPlaced)),
    };
  }

  async counted(): Promise<Figures> {
    const sessions = await this.#rows("SELECT user_id, created_at, ended_at FROM shop_users.sessions");
    const users = Map.groupBy(sessions, ({ user_id }) => String(user_id)).values();
    const transitions = [...users].flatMap((own) => {
      const intervals = own.map(({ created_at, ended_at }) => ({
        began: Number(created_at),
        ended: ended_at === null ? Infinity : Number(ended_at),
      }));
      return transitionsOf(intervals, 0, Infinity);
    });
    const [orders] = await this.#rows("SELECT COUNT(*) AS n FROM shop_orders.orders");
    return {
      online: transitions.reduce((online, [, by]) => online + by, 0),
      peak: peakOf(transitions),
      logins: sessions.length,
      logouts: sessions.filter(({ ended_at }) => ended_at !== null).length,
      ordersPlaced: Number(orders?.["n"]),
    };
  }

  /** Codes of violated invariants about the statistics, within them and across services. */
  async violations(): Promise<string[]> {
    const { findings } = await verifyShop(configOf(this.#broker), { settled: true, patienceMs: 5000 });
    const own = findings.filter(({ code }) => code.startsWith("statistics."));
    return own.filter(({ broken }) => broken > 0).map(({ code }) => code);
  }

  async close(): Promise<void> {
    await this.#connection.end();
  }

  #ask<N extends "statistics.users.online" | "statistics.users.days" | "statistics.sales.days">(
    name: N,
    params: Input<N>,
  ): Promise<Result<N>> {
    return callShop(this.#broker, name, params, { meta: { caller: { kind: "operator", name: "test" } } });
  }

  async #rows(sql: string): Promise<RowDataPacket[]> {
    return (await this.#connection.query<RowDataPacket[]>(sql))[0];
  }
}
