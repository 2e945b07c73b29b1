/** Node runs TypeScript by itself, so nothing is transformed. */
export default {
  rootDir: ".",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  testEnvironment: "node",
  transform: {},
  extensionsToTreatAsEsm: [".ts"],
  reporters: ["default", "<rootDir>/test/support/count-reporter.ts"],
  testTimeout: 30_000,
};
