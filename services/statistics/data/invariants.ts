import type { Database } from "../../../mixins/database/database.ts";
import type { Invariant, Scope, ViolatingRow } from "../../../mixins/database/invariant.ts";
import { scopeCondition } from "../../../mixins/database/invariant.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";
import { taskInvariants } from "../../../mixins/tasks/task-invariants.ts";
import { Calendar } from "../domain/day.ts";
import { measureNames, measuresSql, scopes } from "../domain/measures.ts";
import { exactPeak } from "./exact-peak.ts";
import { PresenceRepository } from "./presence-repository.ts";

type Figures = Record<string, string | number>;

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "statistics.days",
    says: "The figures of each day are the sums of the day's ledger, as far as that is kept",
    subject: { table: "sales_days", key: "day", rowsPerPage: 20_000 },
    broken: { inPage: (database, scope) => wrongFigures(database, scope) },
  },
  {
    code: "statistics.counted",
    says: "Every day with entries in the ledger has figures",
    subject: { table: "sales_entries", key: "order_id" },
    broken: `SELECT e.order_id AS orderId, e.day, e.kind FROM sales_entries e
             LEFT JOIN sales_days d ON d.day = e.day AND d.scope = 'shop' AND d.key_id = '' AND d.merchant_id = '*'
             WHERE {page e.order_id} AND d.day IS NULL`,
  },
  {
    code: "statistics.steps",
    says: "Every step of an order is in the ledger at most once, and its goods with it",
    subject: { table: "sales_entries", key: "order_id" },
    broken: `SELECT e.order_id AS orderId, e.kind, e.product_id AS productId FROM sales_entries e
             LEFT JOIN sales_entries m ON m.order_id = e.order_id AND m.kind = e.kind AND m.ref_id = '' AND m.product_id = ''
               AND m.merchant_id = '*'
             WHERE {page e.order_id} AND e.kind NOT IN ('refunded', 'returned') AND (m.order_id IS NULL OR m.day <> e.day)`,
  },
  {
    code: "statistics.online",
    says: "The number of users online is that of users with an open session",
    subject: { table: "progress", key: "id" },
    async broken(database) {
      return database.select<{ online: number; withSession: number }>(
        `SELECT t.* FROM (
           SELECT online, (SELECT COUNT(DISTINCT user_id) FROM sessions
             WHERE ended_at IS NULL AND started_at IS NOT NULL) AS withSession FROM progress
         ) t WHERE t.online <> t.withSession`,
      );
    },
  },
  {
    code: "statistics.logins",
    says: "The logins and ended sessions of each day are those of its sessions, as far as these are kept",
    subject: { table: "activity_days", key: "day" },
    broken: `SELECT t.* FROM (
               SELECT a.day, a.logins, a.logouts, a.revoked, a.expired,
                 (SELECT COUNT(*) FROM sessions s WHERE s.started_day = a.day) AS started,
                 (SELECT COUNT(*) FROM sessions s WHERE s.ended_day = a.day AND s.ended_as = 'logged-out') AS left_,
                 (SELECT COUNT(*) FROM sessions s WHERE s.ended_day = a.day AND s.ended_as = 'revoked') AS taken,
                 (SELECT COUNT(*) FROM sessions s WHERE s.ended_day = a.day AND s.ended_as = 'expired') AS ran_out
               FROM activity_days a WHERE {page a.day} AND a.day >= (SELECT sessions_from FROM progress)
             ) t WHERE t.logins <> t.started OR t.logouts <> t.left_ OR t.revoked <> t.taken OR t.expired <> t.ran_out`,
  },
  {
    code: "statistics.peaks",
    says: "The peak of each closed day is the greatest number of users who were online at a time, as far as sessions are kept",
    subject: { table: "closed_days", key: "day" },
    broken: {
      inPage: (database, scope, { config }) => wrongPeaks(database, scope, config.statistics.timeZone),
    },
  },
  ...outboxInvariants,
  ...taskInvariants,
];

/** Compares the figures of a page's days with the sums of the ledger. */
async function wrongFigures(database: Database, scope: Scope): Promise<ViolatingRow[]> {
  const { sql, values } = scopeCondition("day", scope);
  const kept = `${sql} AND day >= (SELECT entries_from FROM progress)`;
  const read = async (text: string) => {
    const rows = await database.select<Figures>(text, values);
    return new Map(rows.map((row) => [`${row["day"]} ${row["scope"]} ${row["id"]} ${row["merchant"]}`, row]));
  };
  const figures = await read(
    `SELECT day, scope, key_id AS id, merchant_id AS merchant, ${measureNames.join(", ")} FROM sales_days WHERE ${kept}`,
  );
  const sums = new Map<string, Figures>();
  for (const { name, key, merchant, where } of scopes) {
    const counted = await read(
      `SELECT day, '${name}' AS scope, ${key} AS id, ${merchant} AS merchant, ${measuresSql}
       FROM sales_entries WHERE ${kept} AND ${where} GROUP BY day, ${key}, ${merchant}`,
    );
    for (const [id, row] of counted) sums.set(id, row);
  }
  return [...new Set([...figures.keys(), ...sums.keys()])].flatMap((id) => {
    const [told, sum] = [figures.get(id), sums.get(id)];
    const differing = measureNames.filter((name) => (told?.[name] ?? 0) !== (sum?.[name] ?? 0));
    const about = told ?? sum;
    if (differing.length === 0 || !about) return [];
    const [first = ""] = differing;
    return [
      {
        day: String(about["day"]),
        scope: String(about["scope"]),
        id: String(about["id"]),
        merchant: String(about["merchant"]),
        differs: differing.join(", "),
        figure: Number(told?.[first] ?? 0),
        ledger: Number(sum?.[first] ?? 0),
      },
    ];
  });
}

async function wrongPeaks(database: Database, scope: Scope, timeZone: string): Promise<ViolatingRow[]> {
  const { sql, values } = scopeCondition("d.day", scope);
  const days = await database.select<{ day: string; peak: number }>(
    `SELECT d.day, COALESCE(a.peak, 0) AS peak FROM closed_days d JOIN tasks t ON t.id = d.task_id
       LEFT JOIN activity_days a ON a.day = d.day
     WHERE ${sql} AND t.state = 'succeeded' AND d.late = 0 AND d.day >= (SELECT sessions_from FROM progress)`,
    values,
  );
  const presence = new PresenceRepository(database);
  const calendar = new Calendar(timeZone);
  const found: ViolatingRow[] = [];
  for (const { day, peak } of days) {
    const ofSessions = await exactPeak(day, presence, calendar);
    if (ofSessions !== peak) found.push({ day, peak, ofSessions });
  }
  return found;
}
