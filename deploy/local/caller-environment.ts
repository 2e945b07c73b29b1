/** Environment variables that the stack reads. Not part of the shop, whose settings `config/env.ts` reads. */
// oxlint-disable-next-line node/no-process-env
export const callerEnvironment = (): { STACK_DIR?: string; PATH?: string; CI?: string } => process.env;
