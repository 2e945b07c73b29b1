import { shippingZones } from "./0001-shipping.ts";

export const migrations = [shippingZones];
