// The addresses of the screens (ARCHITECTURE.md, ui). Back always pops one level.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, type AsyncRouteComponent, type RouterHistory } from "@tanstack/react-router";
import { isFilter, type Filter } from "../features/chats/folders.ts";
import { isSince, type Since } from "../features/search/narrow.ts";
import { Starting } from "../features/start/Starting.tsx";
import { Fetching } from "./Fetching.tsx";
import { Missing } from "./Missing.tsx";
import { part } from "./part.ts";
import { Root } from "./Root.tsx";

// What is not needed for the list comes when it is wanted, and already when the page has nothing to do, so that it
// opens at once and without a server.
function screen<T extends Record<string, any>, K extends keyof T>(load: () => Promise<T>, name: K) {
  return lazyRouteComponent<T, K>(part(load), name);
}

const ChatScreen = screen(() => import("../features/conversation/ChatScreen.tsx"), "ChatScreen");
const Info = screen(() => import("../features/info/Info.tsx"), "Info");
const Members = screen(() => import("../features/info/Members.tsx"), "Members");
const SearchPage = screen(() => import("../features/search/SearchPage.tsx"), "SearchPage");
const NewChat = screen(() => import("../features/new/NewChat.tsx"), "NewChat");
const NewGroup = screen(() => import("../features/new/NewGroup.tsx"), "NewGroup");
const MyCode = screen(() => import("../features/people/MyCode.tsx"), "MyCode");
const VerifyPage = screen(() => import("../features/trust/VerifyPage.tsx"), "VerifyPage");
const PersonPage = screen(() => import("../features/people/PersonPage.tsx"), "PersonPage");

const peoplePart = () => import("../features/people/PeoplePanes.tsx");
const PeoplePanes = screen(peoplePart, "PeoplePanes");
const NobodyChosen = screen(peoplePart, "NobodyChosen");

const settingsPart = () => import("../features/settings/Settings.tsx");
const SettingsPanes = screen(settingsPart, "SettingsPanes");
const FirstPage = screen(settingsPart, "FirstPage");
const SettingsPage = screen(settingsPart, "SettingsPage");

/** One of each part, in the order in which they are likely to be wanted. */
export const SCREENS: readonly Pick<AsyncRouteComponent<unknown>, "preload">[] = [ChatScreen, Info, SettingsPanes, SearchPage, NewChat, NewGroup, PeoplePanes, PersonPage, Members, MyCode, VerifyPage];

// Whoever comes for the first time needs nothing else.
const wayIn = () => import("../features/welcome/index.ts");
const Welcome = screen(wayIn, "Welcome");
const Create = screen(wayIn, "Create");
const Code = screen(wayIn, "Code");
const Key = screen(wayIn, "Key");
const People = screen(wayIn, "People");
const Link = screen(wayIn, "Link");
const Reset = screen(wayIn, "Reset");
const Ended = screen(wayIn, "Ended");
const Invite = screen(() => import("../features/people/Invite.tsx"), "Invite");

// And whoever is signed in always this.
const inside = () => import("./inside.ts");
const Frame = screen(inside, "Frame");
const ChatPanes = screen(inside, "ChatPanes");
const EmptyPane = screen(inside, "EmptyPane");
const NewPanes = screen(inside, "NewPanes");

type Narrowed = { chat?: string; from?: string; since?: Since };

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
  createRoute({ ...inWelcome, path: "reset", component: Reset }),
  createRoute({ ...inWelcome, path: "ended", component: Ended }),
]);

const app = createRoute({ ...route, id: "app", component: Frame });
const chats = createRoute({
  getParentRoute: () => app,
  id: "chats",
  component: ChatPanes,
  // The filter belongs to the list: it stays while chats beside it are opened.
  validateSearch: (search): { filter?: Filter } => {
    const filter = search["filter"];
    return isFilter(filter) && filter !== "all" ? { filter } : {};
  },
});
const inChats = { getParentRoute: () => chats } as const;
const chatList = createRoute({ ...inChats, path: "/chats", component: EmptyPane, staticData: { depth: "list" } });
const chat = createRoute({
  ...inChats,
  path: "/c/$chat",
  component: ChatScreen,
  staticData: { depth: "main" },
  validateSearch: (search): { at?: string; q?: string } => ({ ...given("at", text(search["at"])), ...given("q", text(search["q"])) }),
});
const inChat = { getParentRoute: () => chat } as const;
const chatDetails = chat.addChildren([
  createRoute({ ...inChat, path: "info", component: Info, staticData: { depth: "details" } }),
  createRoute({ ...inChat, path: "members", component: Members, staticData: { depth: "details" } }),
]);
const fresh = createRoute({ getParentRoute: () => app, id: "new", component: NewPanes });
const newChat = createRoute({ getParentRoute: () => fresh, path: "/new", component: NewChat, staticData: { depth: "sub" } });
const search = createRoute({ getParentRoute: () => fresh, path: "/search", component: SearchPage, staticData: { depth: "sub" }, validateSearch: (search): { q?: string } & Narrowed => ({ ...given("q", text(search["q"])), ...given("chat", text(search["chat"])), ...given("from", text(search["from"])), ...(isSince(search["since"]) && { since: search["since"] }) }) });
const newGroup = createRoute({ getParentRoute: () => fresh, path: "/new/group", component: NewGroup, staticData: { depth: "sub" } });

const people = createRoute({ getParentRoute: () => app, id: "people", component: PeoplePanes });
const inPeople = { getParentRoute: () => people } as const;
const personPage = createRoute({ ...inPeople, path: "/people/$id", component: PersonPage, staticData: { depth: "main" } });
const peoples = people.addChildren([
  createRoute({ ...inPeople, path: "/people", component: NobodyChosen, staticData: { depth: "list" } }),
  personPage.addChildren([createRoute({ getParentRoute: () => personPage, path: "verify", component: VerifyPage, staticData: { depth: "main" } })]),
]);

const settings = createRoute({ getParentRoute: () => app, id: "settings", component: SettingsPanes });
const inSettings = { getParentRoute: () => settings } as const;
const settingsPages = settings.addChildren([
  createRoute({ ...inSettings, path: "/settings", component: FirstPage, staticData: { depth: "list" } }),
  createRoute({
    ...inSettings,
    path: "/settings/$page",
    component: SettingsPage,
    staticData: { depth: "main" },
    validateSearch: (search): { row?: string } => given("row", text(search["row"])),
  }),
  // Part of the profile, with an address that one can remember.
  createRoute({ ...inSettings, path: "/me/code", component: MyCode, staticData: { depth: "main" } }),
]);

const invite = createRoute({ ...route, path: "/i/$handle", component: Invite });

// The gate leads everybody away from here. It stands until the next screen is loaded, so it must not lead elsewhere itself.
const start = createRoute({ ...route, path: "/", component: Starting });

const tree = root.addChildren([start, invite, welcomes, app.addChildren([chats.addChildren([chatList, chatDetails]), fresh.addChildren([newChat, search, newGroup]), peoples, settingsPages])]);

/** `history` is the window's; stories and tests bring one of their own. */
export function createAppRouter(history?: RouterHistory) {
  return createRouter({ routeTree: tree, defaultPreload: false, defaultPendingComponent: Fetching, scrollRestoration: false, ...(history && { history }) });
}
