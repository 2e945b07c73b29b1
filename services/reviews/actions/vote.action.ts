import type { Vote } from "../data/vote-repository.ts";
import { action } from "../reviews.dependencies.ts";

const values = { up: 1, down: -1 } as const satisfies Record<string, Vote>;

/** What a vote adds to a review's counts. */
const counted = (vote: Vote | undefined) => ({ up: Number(vote === 1), down: Number(vote === -1) });

export const putVote = action("reviews.votes.put", async (context, { reviews, votes }) => {
  const { params, caller, transaction, fail } = context;
  const { userId } = caller;
  const wanted = values[params.vote];
  return transaction(async (tx) => {
    const review = await reviews.lockPublished(params.id, tx);
    if (!review) throw fail("not-found");
    if (review.authorId === userId) throw fail("own-content");
    const before = await votes.of(review.id, userId, tx);
    const [lost, won] = [counted(before), counted(wanted)];
    const change = { up: won.up - lost.up, down: won.down - lost.down };
    if (before !== wanted) {
      if (before) await votes.remove(review.id, userId, tx);
      await votes.insert(review.id, userId, wanted, tx);
      await reviews.addVotes(review.id, change, tx);
    }
    const { upVotes, downVotes } = review;
    return { upVotes: upVotes + change.up, downVotes: downVotes + change.down, yours: params.vote };
  });
});

export const removeVote = action("reviews.votes.remove", async (context, { reviews, votes }) => {
  const { params, caller, transaction, fail } = context;
  const { userId } = caller;
  return transaction(async (tx) => {
    const review = await reviews.lockPublished(params.id, tx);
    if (!review) throw fail("not-found");
    const before = await votes.of(review.id, userId, tx);
    const { up, down } = counted(before);
    if (before) {
      await votes.remove(review.id, userId, tx);
      await reviews.addVotes(review.id, { up: -up, down: -down }, tx);
    }
    return { upVotes: review.upVotes - up, downVotes: review.downVotes - down, yours: null };
  });
});
