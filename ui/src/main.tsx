// Starts the engine, then paints: the engine loads while the shell is drawn.
import "./styles/tokens.css";
import "./styles/reset.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { client } from "../../client-core/bindings/chatty.ts";
import { App } from "./app/App.tsx";
import { keepAppearance } from "./app/appearance.ts";
import { startEngine } from "./bridge/start.ts";
import { remains } from "./bridge/storage.ts";
import { keepWhenSignedIn } from "./model/keep.ts";
import { preferences } from "./model/preferences.ts";
import { createModel } from "./model/store.ts";
import { watchDeletions } from "./model/watchDeletions.ts";
import { choose, speak } from "./text/language.ts";

const engine = startEngine();
const api = client(engine);
const model = createModel(engine, api, { remains, startOver: () => engine.startOver() });
keepWhenSignedIn(model);
watchDeletions(model);

// For the console and for tests. Whatever runs in this origin could start the same worker itself.
Object.assign(globalThis, { chatty: { engine, api } });

keepAppearance();
const wanted = preferences.getState().language;
await speak(choose(wanted === "system" ? navigator.languages : [wanted]));

const place = document.querySelector("#app");
if (place === null) throw new Error("index.html has no #app");
createRoot(place).render(
  <StrictMode>
    <App model={model} />
  </StrictMode>,
);
