import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { action } from "../audit.dependencies.ts";
import { verifySegment } from "../data/verify-segment.ts";

export const verifyTrail = action("audit.verify", async ({ params, fail }, { chain, sealer }) => {
  const { segment, segments, entries, fault, head, checkpoint } = await verifySegment(
    chain,
    params.segment,
    sealer,
  );
  if (segment > 0 && segment >= segments) throw fail("not-found", "The trail has no such segment");
  return {
    segment,
    segments,
    entries,
    intact: fault === undefined,
    fault: fault ?? null,
    head: head ? { position: head.position, hash: head.hash } : null,
    checkpoint: checkpoint
      ? { position: checkpoint.position, hash: checkpoint.hash, newest: toTimestamp(checkpoint.newest) }
      : null,
    nextSegment: segment + 1 < segments ? segment + 1 : null,
  };
});
