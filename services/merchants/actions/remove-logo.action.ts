import { actorOf, merchantFilter } from "../../../mixins/contract/caller.ts";
import { logoKind } from "../logos.ts";
import { action } from "../merchants.dependencies.ts";

export const removeLogo = action("merchants.logo.remove", async (context, { images }) => {
  const { params, caller, requestId, fail } = context;
  const logo = { kind: logoKind, id: params.id, among: merchantFilter(caller, "merchants:write") };
  if (!(await images.removeEach(logo, { actor: actorOf(caller), requestId }))) throw fail("not-found");
  return null;
});
