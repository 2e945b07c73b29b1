import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";

export const invariants = [...outboxInvariants];
