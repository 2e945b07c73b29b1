import type { ShopCommand } from "./command.ts";

export const withdrawKey: ShopCommand = {
  usage: "keys withdraw <kid>",
  summary: "Refuse, within a second, all access tokens that a key has signed; sessions go on and get new ones",
  async run({ call }, [kid = ""]) {
    const { successor } = await call("users.signing-keys.withdraw", { kid });
    return `${kid} is withdrawn: what it signed is refused everywhere within a second; ${successor} follows it`;
  },
};
