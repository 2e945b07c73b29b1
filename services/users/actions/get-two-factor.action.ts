import { action } from "../users.dependencies.ts";

export const getTwoFactor = action("users.two-factor.get", async ({ caller }, dependencies) => {
  const { twoFactor, roles, staffTwoFactor } = dependencies;
  const [enabled, recoveryCodesLeft, permissions] = await Promise.all([
    twoFactor.isOn(caller.userId),
    twoFactor.recoveryCodesLeft(caller.userId),
    roles.permissionsOf(caller.role),
  ]);
  return { enabled, required: staffTwoFactor === "required" && permissions.length > 0, recoveryCodesLeft };
});
