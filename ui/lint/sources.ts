// The files that the gates read.
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface Source {
  path: string;
  text: string;
}

function read(pattern: string): Source[] {
  const paths = globSync(pattern, { cwd: root }).sort();
  if (paths.length === 0) throw new Error(`no file is called ${pattern}`);
  return paths.map((path) => ({ path, text: readFileSync(`${root}/${path}`, "utf8") }));
}

/** Stories, tests and the fake are shown to nobody. */
const shown = ({ path }: Source) => !/\.(stories|test|check)\.tsx?$|\/bridge\/(fake|contract)/.test(path);

export const styles = (): Source[] => read("src/**/*.css");
export const code = (): Source[] => read("src/**/*.{ts,tsx}").filter(shown);
export const screens = (): Source[] => code().filter(({ path }) => path.endsWith(".tsx"));
export const catalogues = (): Source[] => read("src/text/catalogues/*.po");
export const folder = root;

/** `path:line: what` for every place that a pattern finds. */
export function places({ path, text }: Source, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => `${path}:${text.slice(0, match.index).split("\n").length}: ${match[0]}`);
}
