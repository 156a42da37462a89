// The main screens in a language that is accented and 40 % longer, in a narrow window: nothing is left in English, nothing runs out.
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, waitFor } from "storybook/test";
import { chatPath, Screen } from "./InStory.tsx";

/** What people wrote and what the system formats is not the interface's: it says so by its direction or its place. */
const NOT_OURS = 'bdi, kbd, [dir="auto"], [dir="ltr"], time, option, input, script, style, svg, [role="img"]';
/** Names of formats that the engine of the browser writes. */
const FORMATTED = /^(January|February|March|April|June|July|August|September|October|November|December|Today|Yesterday|\p{Lu}\p{Ll}+day|byte|weeks?|Chatty)$/u;

function visible(element: Element | null): element is HTMLElement {
  return element instanceof HTMLElement && element.checkVisibility() && element.getBoundingClientRect().width > 1;
}

/** Plain Latin words of four letters and more, outside of what others wrote. */
function english(root: HTMLElement): string[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: string[] = [];
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (!visible(parentElement) || parentElement.closest(NOT_OURS) !== null) continue;
    const words = (textContent ?? "").match(/(?<![\p{L}@./:-])[A-Za-z]{4,}(?![\p{L}@./:-])/gu) ?? [];
    found.push(...words.filter((word) => !FORMATTED.test(word)));
  }
  return found;
}

/** Controls and titles whose content stands out of them. */
function runningOut(root: HTMLElement): string[] {
  const parts = [...root.querySelectorAll<HTMLElement>("button, a, h1, h2, h3, label, p")].filter(visible);
  const out = parts.filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === "visible" && getComputedStyle(one).display !== "inline");
  return out.map((one) => `${one.tagName} ${one.className} "${one.innerText.slice(0, 40)}" ${one.scrollWidth} > ${one.clientWidth}`);
}

const meta: Meta<typeof Screen> = {
  title: "screens/pseudo",
  component: Screen,
  globals: { language: "pseudo" },
  parameters: { layout: "fullscreen", a11y: { test: "off" } },
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(canvasElement.querySelectorAll("h1, h2").length).toBeGreaterThan(0), { timeout: 20_000 });
    await waitFor(() => expect(canvasElement.querySelector('[aria-busy="true"]')).toBeNull());
    // The longer texts are there: otherwise nothing below could fail.
    await expect(canvasElement.textContent).toMatch(/ōń/);
    await expect(english(canvasElement)).toEqual([]);
    await expect(runningOut(canvasElement)).toEqual([]);
  },
};
export default meta;
type Story = StoryObj<typeof Screen>;

const at = (path: NonNullable<Story["args"]>["path"], engine?: NonNullable<Story["args"]>["engine"]): Story => ({ args: { width: 390, ...(path !== undefined && { path }), ...(engine && { engine }) } });
export const Welcome = at("/welcome", {});
export const Create = at("/welcome/create", {});
export const SignIn = at("/welcome/link", {});
export const Chats = at("/chats");
export const Conversation = at(chatPath("Ada Ng"));
export const NewChat = at("/new");
export const NewGroup = at("/new/group");
export const People = at("/people");
export const Search = at("/search?q=the");
export const Settings = at("/settings");
export const Account = at("/settings/account");
export const Devices = at("/settings/devices");
export const Privacy = at("/settings/privacy");
export const Appearance = at("/settings/appearance");
export const Accessibility = at("/settings/accessibility");
