import { addImage } from "../../../mixins/media/image-handlers.ts";
import { actorOf } from "../../../mixins/contract/caller.ts";
import { assertWithin, editableUntil } from "../domain/review.ts";
import { pictureKind } from "../pictures.ts";
import { action } from "../reviews.dependencies.ts";

export const listPictures = action(
  "reviews.own.images.list",
  async ({ params, caller, fail }, { reviews, images, imagePresenter }) => {
    if (!(await reviews.ofAuthor(params.id, caller.userId))) throw fail("not-found");
    const found = await images.list({ kind: pictureKind, id: params.id });
    return { items: found.map((image, position) => imagePresenter.details(image, position)) };
  },
);

export const addPicture = action("reviews.own.images.add", async (context, dependencies) => {
  const { params, caller, now, fail } = context;
  const review = await dependencies.reviews.ofAuthor(params.id, caller.userId);
  if (!review) throw fail("not-found");
  assertWithin(editableUntil(review, dependencies.rules), now);
  return addImage({ kind: pictureKind, id: review.id }, context, dependencies);
});

export const removePicture = action(
  "reviews.own.images.remove",
  async ({ params, caller, requestId, fail }, { reviews, images }) => {
    const { ownerId, id } = params;
    if (!(await reviews.ofAuthor(ownerId, caller.userId))) throw fail("not-found");
    await images.remove({ kind: pictureKind, id: ownerId }, id, { actor: actorOf(caller), requestId });
    return null;
  },
);
