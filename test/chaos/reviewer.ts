import type { ShopClient } from "./person.ts";
import type { ChaosCatalogue } from "./shelves.ts";

/** A customer reviews, votes, adds or removes a favourite, or follows a merchant: often twice at once. */
export async function speakUp(person: ShopClient, catalogue: ChaosCatalogue): Promise<void> {
  const choice = person.random();
  if (choice < 0.4) await review(person);
  else if (choice < 0.7) await vote(person, catalogue);
  else if (choice < 0.9) await chooseFavourite(person, catalogue);
  else await follow(person, catalogue);
}

const twice = async (person: ShopClient, wish: () => Promise<unknown>) =>
  Promise.all(person.chance(0.5) ? [wish(), wish()] : [wish()]);

async function review(person: ShopClient): Promise<void> {
  const { answer } = await person.request("reviews.purchases.list", { limit: 10 });
  if (!answer || answer.items.length === 0) return;
  const { productId, lineId } = person.oneOf(answer.items);
  const rating = 1 + Math.floor(person.random() * 5);
  await twice(person, async () =>
    person.request("reviews.create", { productId, lineId, rating, text: "As it is" }),
  );
}

async function vote(person: ShopClient, { products }: ChaosCatalogue): Promise<void> {
  const { answer } = await person.request("reviews.products.list", {
    idOrSlug: person.oneOf(products).id,
    limit: 5,
  });
  if (!answer || answer.items.length === 0) return;
  const { id } = person.oneOf(answer.items);
  const choice = person.random();
  await twice(person, async () =>
    choice < 0.2
      ? person.request("reviews.votes.remove", { id })
      : person.request("reviews.votes.put", { id, vote: choice < 0.7 ? "up" : "down" }),
  );
}

async function chooseFavourite(person: ShopClient, { products }: ChaosCatalogue): Promise<void> {
  const { id } = person.oneOf(products);
  const adds = person.chance(0.7);
  await twice(person, async () =>
    adds
      ? person.request("favourites.create", { productId: id })
      : person.request("favourites.remove", { id }),
  );
}

async function follow(person: ShopClient, { merchants }: ChaosCatalogue): Promise<void> {
  const { id } = person.oneOf(merchants);
  const adds = person.chance(0.7);
  await twice(person, async () =>
    person.request(adds ? "merchants.followed.add" : "merchants.followed.remove", { id }),
  );
}
