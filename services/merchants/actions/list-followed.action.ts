import { action } from "../merchants.dependencies.ts";
import { presentFollowed } from "../present.ts";

export const listFollowed = action("merchants.followed.list", async ({ params, caller }, dependencies) => {
  const { followers, locales, imagePresenter } = dependencies;
  const { locale } = params;
  const page = await followers.list(caller.userId, params);
  const images = imagePresenter.in(locale);
  return {
    ...page,
    items: page.items.map((followed) => presentFollowed(locales.localized(followed, locale), images)),
  };
});
