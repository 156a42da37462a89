// What a person who is signed in sees around every screen, with the list: one part to load.
export { ChatPanes, EmptyPane } from "../features/chats/ChatPanes.tsx";
export { NewPanes } from "../features/new/NewPanes.tsx";
export { Frame } from "./Frame.tsx";
