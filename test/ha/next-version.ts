import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const ofTheShop = ["config", "mixins", "services", "package.json"];

/** The migration that the next version brings, and without which none of its nodes starts. */
export const nextMigration = "9001-barcodes.expand";

const migration = `import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

export const barcodes: Migration = {
  name: "${nextMigration}",
  async up(query) {
    await query.addColumn("variants", "barcode", { type: DataTypes.STRING(20), allowNull: true });
    await query.addIndex("variants", ["barcode"], { name: "variants_barcode" });
  },
  async down(query) {
    await query.removeIndex("variants", "variants_barcode");
    await query.removeColumn("variants", "barcode");
  },
};
`;

/**
 * Creates the shop's next version: the same code with another version number and one more column in the
 * catalogue.
 *
 * @returns its root
 */
export function makeNextVersion(directory: string): string {
  const next = join(directory, "next-version");
  mkdirSync(next);
  for (const part of ofTheShop) cpSync(join(root, part), join(next, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(next, "node_modules"));
  edit(join(next, "package.json"), (text) => text.replace(/"version": "[^"]+"/, '"version": "99.0.0"'));
  const migrations = join(next, "services/catalog/data/migrations");
  writeFileSync(join(migrations, `${nextMigration}.ts`), migration);
  edit(join(migrations, "index.ts"), (text) => {
    const added = text.replace(/(export const migrations[^=]*= \[[^\]]*?),?\s*\];/, "$1, barcodes];");
    if (added === text) throw new Error("the list of migrations is not where it was");
    return `import { barcodes } from "./${nextMigration}.ts";\n${added}`;
  });
  return next;
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, "utf8")));
}
