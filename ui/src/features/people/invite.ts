// The link that leads people here. The user id rides in the fragment: servers never see it.

/** As people write it: without the scheme and the id. */
export function shortLink(link: string): string {
  return link.replace(/^https?:\/\//, "").replace(/#.*$/, "");
}

/** The address of the screen that a link of this server opens. */
export function addressOf(link: string): string | undefined {
  return /\/i\/[^/#?\s]+#\S+/.exec(link)?.[0];
}
