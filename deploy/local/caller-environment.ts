/** All that the stack reads of its caller's environment. It is no part of the shop, whose settings `config/env.ts` reads. */
// oxlint-disable-next-line node/no-process-env
export const callerEnvironment = (): { STACK_DIR?: string; PATH?: string; CI?: string } => process.env;
