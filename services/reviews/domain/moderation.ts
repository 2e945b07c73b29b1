import type { moderationStates } from "../contract/fields.ts";

export type ModerationState = (typeof moderationStates)[number];

/** When staff look at what was written: before it is shown, or after. */
export type ModerationMode = "before" | "after";

/** What can happen to a review or reply. `change`: its author changed it. */
export type ModerationStep = "change" | "hide" | "approve" | "reject" | "remove";

/**
 * Transition table; a missing transition leaves the state as it is. An author's change neither reveals what was
 * hidden nor escapes a decision.
 */
const transitions = {
  pending: { approve: "published", reject: "rejected", remove: "removed" },
  published: { hide: "hidden", reject: "rejected", remove: "removed" },
  hidden: { approve: "published", reject: "rejected", remove: "removed" },
  rejected: { change: "pending", approve: "published", remove: "removed" },
  removed: {},
} as const satisfies Record<ModerationState, Partial<Record<ModerationStep, ModerationState>>>;

export function initialState(mode: ModerationMode): ModerationState {
  return mode === "before" ? "pending" : "published";
}

export function stateAfter(
  state: ModerationState,
  step: ModerationStep,
  mode: ModerationMode,
): ModerationState {
  if (step === "change" && state === "published") return initialState(mode);
  const steps: Partial<Record<ModerationStep, ModerationState>> = transitions[state];
  return steps[step] ?? state;
}
