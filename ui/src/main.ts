// The bare page: it starts the engine and says where it is. Screens take its place.
import { client } from "../../client-core/bindings/chatty.ts";
import { startEngine } from "./engine/start.ts";

const engine = startEngine();
const shown = document.querySelector("#stage");
engine.onStage((stage) => {
  if (shown !== null) shown.textContent = stage.name;
});

// For the console and for tests. Whatever runs in this origin could start the same worker itself.
Object.assign(globalThis, { chatty: { engine, api: client(engine) } });
