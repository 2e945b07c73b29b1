import { reviews } from "./0001-reviews.ts";
import { claimedGuests } from "./0002-claimed-guests.ts";

export const migrations = [reviews, claimedGuests];
