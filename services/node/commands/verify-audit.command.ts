import type { ShopCommand } from "./command.ts";

const says = {
  edited: "was edited",
  removed: "was removed",
  inserted: "was put in between",
  truncated: "lacks, like all after it",
  unsealed: "is an end that the shop never sealed",
} as const;

export const verifyAudit: ShopCommand = {
  usage: "audit verify",
  summary: "Whether the audit trail says what was recorded, or the first entry that does not",
  async run({ call }) {
    let entries = 0;
    for (let segment: number | null = 0; segment !== null; ) {
      const verified: Awaited<ReturnType<typeof verify>> = await verify(segment);
      entries += verified.entries;
      const { fault, head, checkpoint } = verified;
      if (fault) {
        const entry = fault.entryId === null ? "" : ` (${fault.entryId})`;
        return `the audit trail is NOT intact: the entry at position ${fault.position}${entry} ${says[fault.kind]}`;
      }
      segment = verified.nextSegment;
      const removed = checkpoint ? `, and ${checkpoint.position + 1} that were removed because of their age` : "";
      if (segment === null && head)
        return `the audit trail is intact: ${entries} entries${removed}, the last one has hash ${head.hash}`;
    }
    return "the audit trail is intact: it is empty";

    function verify(segment: number) {
      return call("audit.verify", { segment });
    }
  },
};
