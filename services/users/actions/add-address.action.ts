import { newId } from "../../contract/ids.ts";
import { presentAddress } from "../present.ts";
import { action } from "../users.dependencies.ts";

const addressesPerUser = 50;

export const addAddress = action("users.addresses.add", async (context, { addresses }) => {
  const { params, caller, now, transaction, fail } = context;
  const saved = {
    id: newId(),
    userId: caller.userId,
    label: params.label ?? null,
    address: params.address,
    createdAt: now,
    updatedAt: now,
  };
  if (!(await transaction((tx) => addresses.insert(saved, addressesPerUser, tx))))
    throw fail("limit-reached", `An account keeps at most ${addressesPerUser} addresses`, { limit: addressesPerUser });
  return presentAddress(saved);
});
