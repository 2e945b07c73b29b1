import type { PicturedKind } from "../../mixins/media/image-parts.ts";
import type { UserRepository } from "./data/user-repository.ts";

export const avatarKind = "user";

/** A user's only image. */
export function avatars(users: UserRepository): PicturedKind {
  return {
    kind: avatarKind,
    max: 1,
    lock: async (id, tx) => {
      const user = await users.lock(id, tx);
      return user !== undefined && user.status !== "deleted";
    },
    save: async ({ ownerId, after: [avatar] }, tx) => {
      await users.setAvatar(ownerId, avatar ?? null, tx);
      tx.publish("users.avatar-changed", { userId: ownerId });
    },
  };
}
