/** For so long after a user has shown that it is they, at login or at `/auth/step-up`, they may do what asks for it. */
export const stepUpMs = 15 * 60_000;
