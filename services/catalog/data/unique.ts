import { UniqueConstraintError } from "sequelize";

/**
 * Runs one statement that may put a value where another row has it already. Only that statement is undone then, the
 * transaction goes on.
 *
 * @returns what it returns, or `taken`
 */
export async function unlessTaken<T>(statement: () => Promise<T>): Promise<T | "taken"> {
  try {
    return await statement();
  } catch (error) {
    if (error instanceof UniqueConstraintError) return "taken";
    throw error;
  }
}
