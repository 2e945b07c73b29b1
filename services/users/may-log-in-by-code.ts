import type { Tx } from "../../mixins/database/database.ts";
import type { User } from "./data/user-repository.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

/**
 * Active customers. Staff need their password: a number can be taken over at its carrier. Does the same work for
 * an unknown account.
 */
export async function mayLogInByCode(
  user: User | undefined,
  { roles }: UsersDependencies,
  tx?: Tx,
): Promise<boolean> {
  const permissions = await roles.permissionsOf(user?.role ?? "customer", tx);
  return user?.status === "active" && permissions.length === 0;
}
