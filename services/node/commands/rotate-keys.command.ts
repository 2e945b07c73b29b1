import type { ShopCommand } from "./command.ts";

export const rotateKeys: ShopCommand = {
  usage: "keys rotate",
  summary: "Sign access tokens with a new key from a minute from now on; nobody is logged out",
  async run({ call }) {
    const { kid, signsFrom } = await call("users.signing-keys.rotate", {});
    return `${kid} is published and signs from ${signsFrom} on; the one before goes when its last token has expired`;
  },
};
