import { actorOf } from "../../../mixins/contract/caller.ts";
import { avatarKind } from "../avatars.ts";
import { action } from "../users.dependencies.ts";

export const removeAvatar = action(
  "users.me.avatar.remove",
  async ({ caller, requestId, fail }, { images }) => {
    const me = { kind: avatarKind, id: caller.userId };
    if (!(await images.removeEach(me, { actor: actorOf(caller), requestId }))) throw fail("not-found");
    return null;
  },
);
