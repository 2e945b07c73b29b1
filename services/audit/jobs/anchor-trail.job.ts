import { emptyChain } from "../domain/chain.ts";
import { job } from "../audit.dependencies.ts";

const minuteMs = 60_000;

/**
 * Writes the end of the trail down, sealed, in a table of its own that only grows, and in the log: who keeps logs
 * elsewhere can hold the trail against them. One node does it for all.
 */
export const anchorTrail = job({
  name: "anchor-trail",
  every: () => minuteMs,
  async run({ now, log, transaction }, { chain, sealer }) {
    const anchored = (await chain.lastAnchor()) ?? emptyChain;
    const head = await chain.head();
    if (!head || head.position <= anchored.position) return;
    const end = { position: head.position, hash: head.hash };
    const seal = sealer.seal("anchor", end);
    const added = await transaction(async (tx) => {
      // One that a migration made has no seal yet.
      const current = await chain.lockHead(tx);
      if (head.seal === null) await chain.moveHead(current, sealer, tx);
      return chain.addAnchor({ ...end, seal }, now, tx);
    });
    if (added) log.info(`the audit trail ends at position ${end.position} with hash ${end.hash}, sealed ${seal}`);
  },
});
