/** What can come of an attempt to log in, as the account's owner sees it. */
export const signInOutcomes = ["succeeded", "wrong-password", "account-disabled", "wrong-code"] as const;

export type SignInOutcome = (typeof signInOutcomes)[number] | "unknown-account";
