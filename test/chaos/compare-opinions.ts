import type { History, OperationOf } from "./history.ts";
import type { MallState } from "./mall-books.ts";
import { compareStates, stateRequests } from "./possible-states.ts";

type Told = Pick<History, "of">;

/** Checks that each line has its acknowledged review and no other one, and that products show their stars. */
export function compareReviews(history: Told, { reviews, products }: MallState): string[] {
  const wishes = Map.groupBy(history.of("reviews.create"), ({ params }) => params.lineId);
  const kept = Map.groupBy(reviews, ({ lineId }) => lineId);
  const ofProducts = Map.groupBy(reviews, ({ productId }) => productId);
  return [
    ...[...new Set([...wishes.keys(), ...kept.keys()])].flatMap((lineId) =>
      compareReview(lineId, wishes.get(lineId) ?? [], kept.get(lineId) ?? []),
    ),
    ...products.flatMap(({ id, ratingCount, ratingAverage }) => {
      const own = ofProducts.get(id) ?? [];
      const sum = own.reduce((stars, { rating }) => stars + rating, 0);
      const average = own.length === 0 ? 0 : Math.round((100 * sum) / own.length);
      return ratingCount === own.length && ratingAverage === average
        ? []
        : [`product ${id} shows ${ratingCount} reviews of ${ratingAverage}, not ${own.length} of ${average}`];
    }),
  ];
}

function compareReview(
  lineId: string,
  wishes: readonly OperationOf<"reviews.create">[],
  kept: MallState["reviews"],
): string[] {
  const told = wishes.filter(({ outcome }) => outcome === "ok");
  const isUncertain = wishes.some(({ outcome }) => outcome === "unknown");
  const [[wish], [review]] = [told, kept];
  if (kept.length > 1) return [`line ${lineId} has ${kept.length} reviews`];
  if (told.length > 1) return [`${told.length} reviews of line ${lineId} were acknowledged`];
  if (wish && (review?.id !== wish.answer?.id || review?.rating !== wish.params.rating))
    return [`line ${lineId} lacks its acknowledged review`];
  return !wish && !isUncertain && review ? [`line ${lineId} has an unrequested review`] : [];
}

/** Checks that each vote, favourite and followed merchant is as its user requested last, and counted once. */
export function compareChoices(history: Told, state: MallState): string[] {
  const logins = history.of("users.login").filter(({ outcome }) => outcome === "ok");
  const users = new Map(logins.map(({ who, answer }) => [who, answer?.user.id]));
  const of = (subject: string, userId: string | undefined) => `${subject} of user ${userId}`;
  const key = (who: string, subject: string) => of(subject, users.get(who));
  const votes = [
    ...stateRequests(history, "reviews.votes.put", ({ who, params }) => ({
      key: key(who, params.id),
      state: params.vote === "up" ? 1 : -1,
    })),
    ...stateRequests(history, "reviews.votes.remove", ({ who, params }) => ({
      key: key(who, params.id),
      state: 0,
    })),
  ];
  const favourites = [
    ...stateRequests(history, "favourites.create", ({ who, params }) => ({
      key: key(who, params.productId),
      state: true,
    })),
    ...stateRequests(history, "favourites.remove", ({ who, params }) => ({
      key: key(who, params.id),
      state: false,
    })),
  ];
  const followed = [
    ...stateRequests(history, "merchants.followed.add", ({ who, params }) => ({
      key: key(who, params.id),
      state: true,
    })),
    ...stateRequests(history, "merchants.followed.remove", ({ who, params }) => ({
      key: key(who, params.id),
      state: false,
    })),
  ];
  return [
    ...compareStates(
      "the vote on review",
      votes,
      new Map(state.votes.map(({ reviewId, userId, value }) => [of(reviewId, userId), value])),
      0,
    ),
    ...compareStates(
      "the favourite product",
      favourites,
      new Map(state.favourites.map(({ productId, userId }) => [of(productId, userId), true])),
      false,
    ),
    ...compareStates(
      "the followed merchant",
      followed,
      new Map(state.followers.map(({ merchantId, userId }) => [of(merchantId, userId), true])),
      false,
    ),
    ...compareCounts(
      "product",
      "favourites",
      state.products,
      Map.groupBy(state.favourites, ({ productId }) => productId),
    ),
    ...compareCounts(
      "merchant",
      "followers",
      state.merchants,
      Map.groupBy(state.followers, ({ merchantId }) => merchantId),
    ),
  ];
}

function compareCounts<K extends string>(
  what: string,
  column: K,
  counted: readonly ({ readonly id: string } & Readonly<Record<K, number>>)[],
  kept: ReadonlyMap<string, readonly unknown[]>,
): string[] {
  return counted.flatMap((row) => {
    const there = kept.get(row.id)?.length ?? 0;
    return row[column] === there
      ? []
      : [`${what} ${row.id} shows ${row[column]} ${column}, and has ${there}`];
  });
}
