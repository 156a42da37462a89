// What stories and tests take from the fake.
export { createFake, Fake, type FakeOptions } from "./fake.ts";
export { sample, NOON } from "./sample.ts";
export { SAMPLE_SAS } from "./devices.ts";
export { SAMPLE_KEY } from "./account.ts";
