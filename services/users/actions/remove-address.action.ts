import { action } from "../users.dependencies.ts";

export const removeAddress = action("users.addresses.remove", async (context, { addresses }) => {
  const { params, caller, transaction, fail } = context;
  if (!(await transaction((tx) => addresses.remove(caller.userId, params.id, tx)))) throw fail("not-found");
  return null;
});
