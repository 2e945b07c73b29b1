import type { CallingOptions, Middleware } from "moleculer";
import type { ServiceContract } from "../contract/contract.ts";

type Call = (name: string, params?: unknown, options?: CallingOptions) => Promise<unknown>;

/** Answers calls to services that are not installed with the default result that `uses` of a contract declares. */
export function optionalServices(contracts: readonly ServiceContract[]): Middleware {
  const installed = new Set(contracts.map(({ name }) => name));
  const defaults = new Map(
    contracts
      .flatMap(({ uses = {} }) => Object.entries(uses))
      .filter(([action]) => !installed.has(action.slice(0, action.indexOf(".")))),
  );
  const wrap =
    (next: Call): Call =>
    (name, params, options) =>
      defaults.has(name) ? Promise.resolve(defaults.get(name)) : next(name, params, options);
  return {
    name: "OptionalServices",
    ...(defaults.size > 0 ? { call: wrap as unknown as Middleware["call"] } : {}),
  };
}
