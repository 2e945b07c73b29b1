import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { KindName } from "../domain/kinds.ts";
import type { TemplateContent } from "../domain/template.ts";
import { shippedVersion } from "../domain/template.ts";

/** A template that staff wrote. */
export interface OwnTemplate extends TemplateContent {
  readonly kind: KindName;
  readonly locale: string;
  /** From `shippedVersion + 1`. */
  readonly version: number;
  /** Milliseconds since the Unix epoch. */
  readonly updatedAt: number;
}

type TemplateRow = Omit<OwnTemplate, "updatedAt"> & { updated_at: number };

export class TemplateRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Templates of a kind in some of these locales. */
  async ofKind(kind: KindName, locales: readonly string[], tx?: Tx): Promise<OwnTemplate[]> {
    const sql = `SELECT kind, locale, subject, text, html, short, version, updated_at FROM templates
      WHERE kind = ? AND locale IN (?)`;
    const rows = await this.#database.select<TemplateRow>(sql, [kind, locales], tx);
    return rows.map(({ updated_at: updatedAt, ...same }) => ({ ...same, updatedAt }));
  }

  /** Adds the first version of staff, or replaces the version before. @returns false when that is another one */
  async save({ updatedAt, ...template }: OwnTemplate, tx: Tx): Promise<boolean> {
    const row = { ...template, updated_at: updatedAt };
    if (template.version === shippedVersion + 1) return this.#database.insertIfAbsent("templates", row, tx);
    const sql = `UPDATE templates SET subject = ?, text = ?, html = ?, short = ?, version = ?, updated_at = ?
      WHERE kind = ? AND locale = ? AND version = ?`;
    const { subject, text, html, short, version, kind, locale } = template;
    const values = [subject, text, html, short, version, updatedAt, kind, locale, version - 1];
    return (await this.#database.execute(sql, values, tx)) === 1;
  }
}
