import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { addImage } from "../../../mixins/media/image-handlers.ts";
import { logoKind } from "../logos.ts";
import { action } from "../merchants.dependencies.ts";

export const setLogo = action("merchants.logo.set", (context, dependencies) => {
  const among = merchantFilter(context.caller, "merchants:write");
  return addImage({ kind: logoKind, id: context.params.id, among }, context, dependencies);
});
