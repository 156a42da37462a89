// The present of stories: always the same noon, then it runs on, so that timers of components still work.
import { NOON } from "../src/bridge/fake/sample.ts";

const Real = Date;
const began = Real.now();

class StoryDate extends Real {
  constructor(...parts: []) {
    if (parts.length === 0) super(StoryDate.now());
    else super(...parts);
  }
  static override now(): number {
    return NOON + (Real.now() - began);
  }
}

globalThis.Date = StoryDate as DateConstructor;
