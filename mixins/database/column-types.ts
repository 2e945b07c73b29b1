/**
 * Text of up to 16 MiB. MySQL's plain TEXT ends at 64 KiB; SQLite takes any type with TEXT in its name for text.
 * Sequelize warns about its own name for it, so it is spelled out.
 */
export const mediumText = "MEDIUMTEXT";
