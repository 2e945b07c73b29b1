import { newId } from "../../../mixins/contract/ids.ts";
import { noDetails } from "../data/user-repository.ts";
import { assertUncommonPassword } from "../domain/new-password.ts";
import { hashPassword } from "../domain/passwords.ts";
import { action } from "../users.dependencies.ts";

const name = "Administrator";

/** Creates the first administrator. A no-op if one exists. */
export const ensureAdministrator = action("users.administrator.ensure", async (context, { users, shop }) => {
  const { params, now, transaction } = context;
  assertUncommonPassword(params.password, { email: params.email, name, shop });
  const administrator = {
    id: newId(),
    email: params.email,
    emailVerifiedAt: null,
    name,
    passwordHash: await hashPassword(params.password),
    role: "administrator",
    status: "active",
    avatar: null,
    ...noDetails,
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
