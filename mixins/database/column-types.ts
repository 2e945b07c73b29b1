/**
 * Text of up to 16 MiB; MySQL's plain TEXT ends at 64 KiB, and SQLite accepts any type name that contains
 * TEXT. Spelled out because Sequelize warns about its own name for it.
 */
export const mediumText = "MEDIUMTEXT";
