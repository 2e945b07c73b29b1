import { action } from "../users.dependencies.ts";

/** Takes equally long for unknown accounts: an address needs no table, a number one look-up. */
export const checkDeviceToken = action(
  "users.device-tokens.check",
  async ({ params, now }, { users, deviceTokens }) => {
    const { deviceToken, phone } = params;
    const email = phone === undefined ? params.email : (await users.byPhone(phone))?.email;
    return { isGood: deviceTokens.isGood(deviceToken, email ?? "", now) && email !== undefined };
  },
);
