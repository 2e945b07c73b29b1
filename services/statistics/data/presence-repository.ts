import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Day } from "../domain/day.ts";
import type { DayCounts, Interval, Presence, PresenceChange, Session } from "../domain/presence.ts";
import { noCounts } from "../domain/presence.ts";

const columns = `session_id AS sessionId, user_id AS userId, started_at AS startedAt, started_day AS startedDay,
  expires_at AS expiresAt, ended_at AS endedAt, ended_day AS endedDay, ended_as AS endedAs`;

/** Users whose sessions are read at once for the peak of a day. */
const usersAtOnce = 1000;

const counted = {
  table: "activity_days",
  key: ["day"],
  set: {
    logins: "add",
    logouts: "add",
    revoked: "add",
    expired: "add",
    registrations: "add",
    carts: "add",
    peak: "greatest",
  },
} as const;

/** Who is online, a row a session, and the day's counts. */
export class PresenceRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The state that events of these sessions change; all presence is locked until the transaction ends. */
  async lock(
    wanted: readonly { readonly sessionId: string; readonly userId: string }[],
    tx: Tx,
  ): Promise<Presence> {
    const [progress] = await this.#database.select<{ online: number }>(
      `SELECT online FROM progress WHERE id = 1${this.#database.forUpdate}`,
      [],
      tx,
    );
    const sessions = await this.#database.select<Session>(
      `SELECT ${columns} FROM sessions WHERE session_id IN (?)`,
      [[...new Set(wanted.map(({ sessionId }) => sessionId))]],
      tx,
    );
    const open = await this.#database.select<{ userId: string; number: number }>(
      `SELECT user_id AS userId, COUNT(*) AS number FROM sessions
       WHERE user_id IN (?) AND ended_at IS NULL AND started_at IS NOT NULL GROUP BY user_id`,
      [[...new Set(wanted.map(({ userId }) => userId))]],
      tx,
    );
    return {
      online: progress?.online ?? 0,
      sessions: new Map(sessions.map((session) => [session.sessionId, session])),
      openOf: new Map(open.map(({ userId, number }) => [userId, number])),
    };
  }

  /** Saves a change of the locked presence. */
  async save({ online, sessions, days }: PresenceChange, tx: Tx): Promise<void> {
    if (sessions.length === 0) return;
    const rows = sessions.map((session) => ({
      session_id: session.sessionId,
      user_id: session.userId,
      started_at: session.startedAt,
      started_day: session.startedDay,
      expires_at: session.expiresAt,
      ended_at: session.endedAt,
      ended_day: session.endedDay,
      ended_as: session.endedAs as string | null,
    }));
    const replaced = ["started_at", "started_day", "expires_at", "ended_at", "ended_day", "ended_as"];
    const set = Object.fromEntries(replaced.map((column) => [column, "replace" as const]));
    await this.#database.upsert({ table: "sessions", key: ["session_id"], set }, rows, tx);
    await this.#database.execute("UPDATE progress SET online = ? WHERE id = 1", [online], tx);
    await this.count(days, tx);
  }

  /** Adds to the counts of days. */
  async count(days: ReadonlyMap<Day, Partial<DayCounts>>, tx: Tx): Promise<void> {
    const rows = [...days]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([day, counts]) => ({ day, ...noCounts, ...counts }));
    await this.#database.upsert(counted, rows, tx);
  }

  /** Open sessions that have expired, up to `limit`. */
  async expired(now: number, limit: number, tx: Tx): Promise<Session[]> {
    return this.#database.select<Session>(
      `SELECT ${columns} FROM sessions WHERE ended_at IS NULL AND expires_at <= ? ORDER BY expires_at LIMIT ?`,
      [now, limit],
      tx,
    );
  }

  async online(): Promise<number> {
    const [row] = await this.#database.select<{ online: number }>("SELECT online FROM progress WHERE id = 1");
    return row?.online ?? 0;
  }

  async countsOf(from: Day, to: Day): Promise<({ day: Day } & DayCounts)[]> {
    return this.#database.select<{ day: Day } & DayCounts>(
      `SELECT day, logins, logouts, revoked, expired, registrations, carts, peak FROM activity_days
       WHERE day BETWEEN ? AND ? ORDER BY day`,
      [from, to],
    );
  }

  /** Sessions of each user who had one in the period, in pages of users. */
  async *sessionsBetween(from: number, before: number): AsyncGenerator<Interval[][]> {
    for (let after = ""; ;) {
      const users = await this.#database.select<{ id: string }>(
        "SELECT DISTINCT user_id AS id FROM sessions WHERE user_id > ? ORDER BY user_id LIMIT ?",
        [after, usersAtOnce],
      );
      const last = users.at(-1);
      if (!last) return;
      const rows = await this.#database.select<Interval & { userId: string }>(
        `SELECT user_id AS userId, started_at AS began, COALESCE(ended_at, ?) AS ended FROM sessions
         WHERE user_id > ? AND user_id <= ? AND started_at < ? AND (ended_at IS NULL OR ended_at > ?)`,
        [Number.MAX_SAFE_INTEGER, after, last.id, before, from],
      );
      yield [...Map.groupBy(rows, ({ userId }) => userId).values()];
      after = last.id;
    }
  }

  /** Replaces the peak of a day that is over by the exact one. */
  async setPeak(day: Day, peak: number, tx: Tx): Promise<void> {
    await this.count(new Map([[day, {}]]), tx);
    await this.#database.execute("UPDATE activity_days SET peak = ? WHERE day = ?", [peak, day], tx);
  }

  /** Removes up to `limit` sessions that ended before a day. @returns how many */
  async removeEnded(before: Day, limit: number, tx: Tx): Promise<number> {
    const rows = await this.#database.select<{ id: string }>(
      "SELECT session_id AS id FROM sessions WHERE ended_day < ? ORDER BY ended_day LIMIT ?",
      [before, limit],
      tx,
    );
    if (rows.length === 0) return 0;
    return this.#database.execute(
      "DELETE FROM sessions WHERE session_id IN (?)",
      [rows.map(({ id }) => id)],
      tx,
    );
  }
}
