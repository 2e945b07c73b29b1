/** Node runs TypeScript by itself, so nothing is transformed. */
export default {
  rootDir: ".",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testEnvironment: "node",
  transform: {},
  extensionsToTreatAsEsm: [".ts"],
  testTimeout: 30_000,
};
