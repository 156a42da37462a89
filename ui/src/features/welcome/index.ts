// The way in, in one part: its steps follow each other at once.
export { Code } from "./Code.tsx";
export { Create } from "./Create.tsx";
export { Ended } from "./Ended.tsx";
export { Key } from "./Key.tsx";
export { Link } from "./Link.tsx";
export { People } from "./People.tsx";
export { Reset } from "./Reset.tsx";
export { Welcome } from "./Welcome.tsx";
