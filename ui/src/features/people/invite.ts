// The link that leads people here. The user id rides in the fragment: servers never see it.

/** `<origin>/i/<handle>#<user id>`. */
export function inviteLink(origin: string, handle: string, user: string): string {
  return `${origin}/i/${handle}#${user}`;
}

/** As people write it: without the scheme and the id. */
export function shortLink(link: string): string {
  return link.replace(/^https?:\/\//, "").replace(/#.*$/, "");
}
