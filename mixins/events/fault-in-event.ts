import { z } from "zod";
import type { ServiceContract } from "../contract/contract.ts";
import { eventsByName } from "../contract/registry.ts";
import type { EventEnvelope } from "./envelope.ts";

/** Validates an event from another node; returns why it must not reach consumers, or undefined. */
export type FaultInEvent = (event: EventEnvelope) => Error | undefined;

/**
 * Rejects events with other names than these, or whose payload violates their contract. Unknown fields are
 * allowed: a newer version may send them.
 */
export function faultFinder(contracts: readonly ServiceContract[], names: readonly string[]): FaultInEvent {
  const events = eventsByName(contracts);
  return ({ name, payload }) => {
    const declared = events.get(name);
    if (!declared || !names.includes(name)) return new Error(`no consumer for ${name}`);
    const checked = z.safeParse(declared.payload, payload);
    const fault = checked.error?.issues.find(({ code }) => code !== "unrecognized_keys");
    return (
      fault &&
      new Error(`payload violates the contract: ${["payload", ...fault.path].join(".")}: ${fault.message}`)
    );
  };
}
