import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Choices, Preferences } from "../domain/preferences.ts";
import { noPreferences } from "../domain/preferences.ts";

type PreferenceRow = {
  customer_id: string;
  choices: string;
  quiet_from: number | null;
  quiet_to: number | null;
  time_zone: string | null;
};

const columns = "customer_id, choices, quiet_from, quiet_to, time_zone";

const saving = {
  table: "preferences",
  key: ["customer_id"],
  set: {
    choices: "replace",
    quiet_from: "replace",
    quiet_to: "replace",
    time_zone: "replace",
    updated_at: "replace",
  },
} as const;

/** One row for each customer who chose something. */
export class PreferenceRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async of(customerId: string, tx?: Tx): Promise<Preferences> {
    return (await this.ofMany([customerId], tx)).get(customerId) ?? noPreferences;
  }

  /** Of those who chose something. */
  async ofMany(customerIds: readonly string[], tx?: Tx): Promise<ReadonlyMap<string, Preferences>> {
    if (customerIds.length === 0) return new Map();
    const sql = `SELECT ${columns} FROM preferences WHERE customer_id IN (?)`;
    const rows = await this.#database.select<PreferenceRow>(sql, [customerIds], tx);
    return new Map(rows.map((row) => [row.customer_id, fromRow(row)]));
  }

  /** Locks the customer's row, which is added if there is none, until the transaction ends. */
  async lock(customerId: string, now: number, tx: Tx): Promise<Preferences> {
    const none = { customer_id: customerId, choices: "{}", updated_at: now };
    await this.#database.insertIfAbsent("preferences", none, tx);
    const sql = `SELECT ${columns} FROM preferences WHERE customer_id = ?${this.#database.forUpdate}`;
    const [row] = await this.#database.select<PreferenceRow>(sql, [customerId], tx);
    return row ? fromRow(row) : noPreferences;
  }

  async save(
    customerId: string,
    { choices, quietHours, timeZone }: Preferences,
    now: number,
    tx: Tx,
  ): Promise<void> {
    const { from = null, to = null } = quietHours ?? {};
    const row = {
      customer_id: customerId,
      choices: JSON.stringify(choices),
      quiet_from: from,
      quiet_to: to,
      time_zone: timeZone,
      updated_at: now,
    };
    await this.#database.upsert(saving, [row], tx);
  }

  async remove(customerId: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM preferences WHERE customer_id = ?", [customerId], tx);
  }
}

function fromRow({
  choices,
  quiet_from: from,
  quiet_to: to,
  time_zone: timeZone,
}: PreferenceRow): Preferences {
  return {
    choices: JSON.parse(choices) as Choices,
    quietHours: from === null || to === null ? null : { from, to },
    timeZone,
  };
}
