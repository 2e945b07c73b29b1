import { UniqueConstraintError } from "sequelize";

/**
 * Runs a statement that may violate a unique key. Only that statement is rolled back then; the transaction
 * continues.
 *
 * @returns its result, or `taken`
 */
export async function unlessTaken<T>(statement: () => Promise<T>): Promise<T | "taken"> {
  try {
    return await statement();
  } catch (error) {
    if (error instanceof UniqueConstraintError) return "taken";
    throw error;
  }
}
