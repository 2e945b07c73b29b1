import type { ShopCommand } from "./command.ts";

export const withdrawKey: ShopCommand = {
  usage: "keys withdraw <kid>",
  summary:
    "Withdraw a signing key: its access tokens are rejected within a second; sessions continue with new ones",
  async run({ call }, [kid = ""]) {
    const { successor } = await call("users.signing-keys.withdraw", { kid });
    return `${kid} is withdrawn: its tokens are rejected everywhere within a second; ${successor} replaces it`;
  },
};
