import type { Tx } from "../../mixins/database/database.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

/** Makes room for another default address. Locks the account, so that of concurrent requests the last one wins. */
export async function clearDefaultAddress(
  userId: string,
  { users, addresses }: UsersDependencies,
  tx: Tx,
): Promise<void> {
  await users.lock(userId, tx);
  await addresses.clearDefault(userId, tx);
}
