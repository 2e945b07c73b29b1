import type { TypedCall } from "../../mixins/contract/calls.ts";

/** The caller's name for others to see: the nickname, or the name of those who have none. */
export async function authorNameOf(call: TypedCall): Promise<string> {
  const { nickname, name } = await call("users.me.get");
  return nickname ?? name;
}
