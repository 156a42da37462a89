// The addresses of the screens (ARCHITECTURE.md, ui). Back always pops one level.
import { createRootRoute, createRoute, createRouter, redirect, type RouterHistory } from "@tanstack/react-router";
import { ChatPanes, EmptyPane } from "../features/chats/ChatPanes.tsx";
import { ChatScreen } from "../features/conversation/ChatScreen.tsx";
import { NewChat } from "../features/new/NewChat.tsx";
import { NewPanes } from "../features/new/NewPanes.tsx";
import { Frame } from "./Frame.tsx";
import { Missing } from "./Missing.tsx";
import { Root } from "./Root.tsx";
import { Code } from "../features/welcome/Code.tsx";
import { Create } from "../features/welcome/Create.tsx";
import { Ended } from "../features/welcome/Ended.tsx";
import { Key } from "../features/welcome/Key.tsx";
import { Link } from "../features/welcome/Link.tsx";
import { People } from "../features/welcome/People.tsx";
import { Welcome } from "../features/welcome/Welcome.tsx";

export type Filter = "all" | "unread" | "groups" | "requests";
const FILTERS: readonly string[] = ["unread", "groups", "requests"];

/** Which pane a narrow window shows; `sub` is the list's, but one level down. */
export type Depth = "list" | "sub" | "main" | "details";

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
  interface StaticDataRouteOption {
    depth?: Depth;
  }
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const given = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> => (value === undefined ? {} : ({ [key]: value } as Record<K, string>));

const root = createRootRoute({ component: Root, notFoundComponent: Missing });
const route = { getParentRoute: () => root } as const;

const welcome = createRoute({ ...route, path: "/welcome" });
const inWelcome = { getParentRoute: () => welcome } as const;
const welcomes = welcome.addChildren([
  createRoute({ ...inWelcome, path: "/", component: Welcome }),
  createRoute({ ...inWelcome, path: "create", component: Create }),
  createRoute({ ...inWelcome, path: "code", component: Code }),
  createRoute({ ...inWelcome, path: "key", component: Key }),
  createRoute({ ...inWelcome, path: "people", component: People }),
  createRoute({ ...inWelcome, path: "link", component: Link }),
  createRoute({ ...inWelcome, path: "ended", component: Ended }),
]);

const app = createRoute({ ...route, id: "app", component: Frame });
const chats = createRoute({
  getParentRoute: () => app,
  id: "chats",
  component: ChatPanes,
  // The filter belongs to the list: it stays while chats beside it are opened.
  validateSearch: (search): { filter?: Filter } => {
    const filter = text(search["filter"]);
    return filter !== undefined && FILTERS.includes(filter) ? { filter: filter as Filter } : {};
  },
});
const inChats = { getParentRoute: () => chats } as const;
const chatList = createRoute({ ...inChats, path: "/chats", component: EmptyPane, staticData: { depth: "list" } });
export const chat = createRoute({
  ...inChats,
  path: "/c/$chat",
  component: ChatScreen,
  staticData: { depth: "main" },
  validateSearch: (search): { at?: string; q?: string } => ({ ...given("at", text(search["at"])), ...given("q", text(search["q"])) }),
});
const fresh = createRoute({ getParentRoute: () => app, id: "new", component: NewPanes });
const newChat = createRoute({ getParentRoute: () => fresh, path: "/new", component: NewChat, staticData: { depth: "sub" } });

const start = createRoute({ ...route, path: "/", beforeLoad: () => { throw redirect({ to: "/chats" }); } });

const tree = root.addChildren([start, welcomes, app.addChildren([chats.addChildren([chatList, chat]), fresh.addChildren([newChat])])]);

/** `history` is the window's; stories and tests bring one of their own. */
export function createAppRouter(history?: RouterHistory) {
  return createRouter({ routeTree: tree, defaultPreload: false, scrollRestoration: false, ...(history && { history }) });
}
