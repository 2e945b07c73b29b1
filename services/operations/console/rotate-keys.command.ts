import type { ShopCommand } from "./command.ts";

export const rotateKeys: ShopCommand = {
  usage: "keys rotate",
  summary: "Rotate the key that signs access tokens, in a minute; sessions continue",
  async run({ call }) {
    const { kid, signsFrom } = await call("users.signing-keys.rotate", {});
    return `${kid} is published and signs from ${signsFrom} on; the previous key is removed when its last token has expired`;
  },
};
