/**
 * Step-up is asked for where one call, made by whoever finds a session open, gives away rights, or money by an amount of
 * the caller's own choosing, or undoes what nobody can restore. It is not asked for what takes away what can be given
 * again, which must be quick, nor for the daily work with goods, prices and parcels, which can be set right and is done by
 * machines as well: API keys cannot show who they are. `test/unit/contract/step-up.test.ts` holds every action to it.
 */

/** For so long after a user has shown that it is they, at login or at `/auth/step-up`, they may do what asks for it. */
export const stepUpMs = 15 * 60_000;
