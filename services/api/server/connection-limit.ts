import type { Server } from "node:http";
import type { AddressSet } from "../request/address-key.ts";
import { addressKey, plainAddress } from "../request/address-key.ts";

/**
 * Closes connections beyond the limit per address.
 *
 * @param isExempt exempt addresses, which many clients share
 */
export function limitConnections(server: Server, max: number, isExempt: AddressSet): void {
  const connections = new Map<string, number>();
  server.on("connection", (socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || isExempt(plainAddress(remoteAddress))) return;
    const key = addressKey(plainAddress(remoteAddress));
    const count = (connections.get(key) ?? 0) + 1;
    if (count > max) {
      socket.destroy();
      return;
    }
    connections.set(key, count);
    socket.once("close", () => {
      const left = (connections.get(key) ?? 1) - 1;
      if (left > 0) connections.set(key, left);
      else connections.delete(key);
    });
  });
}
