import { newId } from "../../contract/ids.ts";
import { hashPassword } from "../domain/passwords.ts";
import { action } from "../users.dependencies.ts";

/** Makes the first administrator. Once there is one, it changes nothing. */
export const ensureAdministrator = action("users.administrator.ensure", async (context, { users }) => {
  const { params, now, transaction } = context;
  const administrator = {
    id: newId(),
    email: params.email,
    emailVerifiedAt: null,
    name: "Administrator",
    passwordHash: await hashPassword(params.password),
    role: "administrator",
    status: "active",
    version: 1,
    createdAt: now,
    updatedAt: now,
  } as const;

  const created = await transaction(async (tx) => {
    if (await users.anyWithRole("administrator", tx)) return false;
    if (!(await users.insert(administrator, tx))) return false;
    const after = { role: administrator.role, status: administrator.status };
    tx.publish("users.account-changed", { userId: administrator.id, before: null, after });
    return true;
  });
  return { created };
});
