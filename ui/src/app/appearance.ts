// Turns the preferences into attributes of the page, which styles/tokens.css knows.
import { preferences, type Preferences, type Theme } from "../model/preferences.ts";

/** The theme that "system" means now. */
export function resolve(theme: Theme, dark: boolean, contrast: boolean): Exclude<Theme, "system"> {
  if (theme !== "system") return theme;
  if (contrast) return dark ? "contrast-dark" : "contrast";
  return dark ? "dark" : "light";
}

/** Keeps the page as the person wants it, from before the first paint on. */
export function keepAppearance(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const contrast = matchMedia("(prefers-contrast: more)");
  const page = document.documentElement;
  const apply = (now: Preferences) => {
    page.dataset["theme"] = resolve(now.theme, dark.matches, contrast.matches);
    page.dataset["density"] = now.density;
    page.dataset["motion"] = now.motion;
    page.style.fontSize = `${now.textSize}%`;
  };
  const again = () => apply(preferences.getState());
  dark.addEventListener("change", again);
  contrast.addEventListener("change", again);
  preferences.subscribe(apply);
  again();
}
