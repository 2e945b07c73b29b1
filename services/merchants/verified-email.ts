import type { TypedCall } from "../../mixins/contract/calls.ts";

/** The caller's address of e-mail, if it is verified: only then invitations of the address are theirs. */
export async function verifiedEmail(call: TypedCall): Promise<string | undefined> {
  const { email, emailVerified } = await call("users.me.get");
  return emailVerified ? email : undefined;
}
