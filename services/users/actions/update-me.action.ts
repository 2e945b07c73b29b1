import { presentUser } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const updateMe = action("users.me.update", async ({ params, caller, now, transaction, fail }, { users, roles }) =>
  transaction(async (tx) => {
    const user = await users.byId(caller.userId, tx);
    if (!user) throw fail("not-found");
    if (params.expectedVersion !== undefined && params.expectedVersion !== user.version)
      throw fail("precondition-failed");
    const changed = { ...user, name: params.name, version: user.version + 1, updatedAt: now };
    if (!(await users.update(changed, tx))) throw fail("precondition-failed");
    return presentUser(changed, await roles.permissionsOf(user.role, tx));
  }),
);
