import type { ShopCommand } from "./command.ts";

const says = {
  edited: "was edited",
  removed: "was removed",
  inserted: "was inserted",
  truncated: "is missing, like all after it",
  unsealed: "is an end without the shop's seal",
} as const;

export const verifyAudit: ShopCommand = {
  usage: "audit verify",
  summary: "Verify the audit trail; shows the first fault",
  async run({ call }) {
    let entries = 0;
    for (let segment: number | null = 0; segment !== null;) {
      const verified: Awaited<ReturnType<typeof verify>> = await verify(segment);
      entries += verified.entries;
      const { fault, head, checkpoint } = verified;
      if (fault) {
        const entry = fault.entryId === null ? "" : ` (${fault.entryId})`;
        return `the audit trail is NOT intact: the entry at position ${fault.position}${entry} ${says[fault.kind]}`;
      }
      segment = verified.nextSegment;
      const removed = checkpoint ? `, and ${checkpoint.position + 1} removed because of their age` : "";
      if (segment === null && head)
        return `the audit trail is intact: ${entries} entries${removed}, the last one has hash ${head.hash}`;
    }
    return "the audit trail is intact: it is empty";

    function verify(segment: number) {
      return call("audit.verify", { segment });
    }
  },
};
