import assert from "node:assert/strict";
import { test } from "node:test";
import { createStore } from "zustand/vanilla";
import type { WhoAmI } from "../../../client-core/bindings/chatty.ts";
import { keepWhenSignedIn } from "./keep.ts";
import { EMPTY, type State } from "./store.ts";

test("the browser is asked once, and not before there is something to lose", async () => {
  const store = createStore<State>(() => EMPTY);
  let asked = 0;
  keepWhenSignedIn({ store }, () => Promise.resolve(++asked === 1));
  store.setState({ who: null });
  assert.equal(asked, 0);
  const who: WhoAmI = { user: "u", handle: "ann", device: "d", class: "full", device_state: "approved", verified_email: true };
  store.setState({ who });
  store.setState({ who: { ...who } });
  await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([asked, store.getState().kept], [1, true]);
});
