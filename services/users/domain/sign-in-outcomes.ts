/** Outcomes of a login attempt in the owner's list. */
export const signInOutcomes = ["succeeded", "wrong-password", "account-disabled", "wrong-code"] as const;

export type SignInOutcome = (typeof signInOutcomes)[number] | "unknown-account";
