import { addImage } from "../../../mixins/media/image-handlers.ts";
import { avatarKind } from "../avatars.ts";
import { action } from "../users.dependencies.ts";

export const setAvatar = action("users.me.avatar.set", (context, dependencies) =>
  addImage({ kind: avatarKind, id: context.caller.userId }, context, dependencies),
);
