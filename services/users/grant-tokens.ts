import type { Result } from "../../mixins/contract/calls.ts";
import type { User } from "./data/user-repository.ts";
import { presentTokens } from "./present.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

interface Opened {
  readonly sessionId: string;
  readonly refreshToken: string;
}

/** Response to a login or a token refresh. */
export async function grantTokens(
  user: User,
  { sessionId, refreshToken }: Opened,
  cartId: string | null,
  now: number,
  { roles, tokens, deviceTokens }: UsersDependencies,
): Promise<Result<"users.login">> {
  const permissions = await roles.permissionsOf(user.role);
  const accessToken = await tokens.accessToken(user.id, sessionId, now);
  const deviceToken = deviceTokens.issue(user.email, now);
  return presentTokens({
    user,
    permissions,
    accessToken,
    accessMs: tokens.accessMs,
    refreshToken,
    deviceToken,
    cartId,
  });
}
