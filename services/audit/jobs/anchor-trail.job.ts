import { emptyChain } from "../domain/chain.ts";
import { job } from "../audit.dependencies.ts";

const minuteMs = 60_000;

/**
 * Anchors the sealed end of the trail in an append-only table and in the log, so that archived logs can prove
 * later tampering.
 */
export const anchorTrail = job({
  name: "anchor-trail",
  once: "cluster",
  every: () => minuteMs,
  async run({ now, log, transaction }, { chain, sealer }) {
    const anchored = (await chain.lastAnchor()) ?? emptyChain;
    const head = await chain.head();
    if (!head || head.position <= anchored.position) return;
    const end = { position: head.position, hash: head.hash };
    const seal = sealer.seal("anchor", end);
    const added = await transaction(async (tx) => {
      // The end that a migration made has no seal yet.
      const current = await chain.lockHead(tx);
      if (head.seal === null) await chain.moveHead(current, sealer, tx);
      return chain.addAnchor({ ...end, seal }, now, tx);
    });
    if (added) log.info(`audit trail anchored: position ${end.position}, hash ${end.hash}, seal ${seal}`);
  },
});
